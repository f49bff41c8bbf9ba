import { readdirSync, readFileSync } from 'node:fs';
import { ERROR_CODES } from '../../../src/risk/errors.js';

const SOURCES = new URL('../../../src/', import.meta.url);
/** The wire contract has them for order decisions. */
const SOON = ['actor_required', 'duplicate_id'];

it('every error code can be met by a client', () => {
  const sources = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.ts') && name !== 'risk/errors.ts',
  );
  const text = sources.map((name) => readFileSync(new URL(name, SOURCES), 'utf8')).join('');
  const unused = Object.keys(ERROR_CODES).filter((code) => !text.includes(`'${code}'`) && !SOON.includes(code));
  expect(unused).toEqual([]);
});
