import { describeOnBothDrivers } from '../../support/messaging.js';
import { consuming } from './contract/consuming.js';
import { failing } from './contract/failing.js';
import { looking } from './contract/looking.js';
import { model } from './contract/model.js';
import { sending } from './contract/sending.js';
import { sharing } from './contract/sharing.js';

describeOnBothDrivers('a messaging driver', (bench) => {
  describe('that sends', () => sending(bench));
  describe('that delivers', () => consuming(bench));
  describe('whose batches fail', () => failing(bench));
  describe('with several members', () => sharing(bench));
  describe('that is looked into', () => looking(bench));
  describe('under random work', () => model(bench));
});
