/** Writes docs/openapi.json and docs/asyncapi.json: what the built service answers. Tests compare them. */
import { writeFileSync } from 'node:fs';
import { ServiceProcess } from '../test/support/service.js';

const service = await ServiceProcess.start({ RISK_DEMO: 'false' });
try {
  for (const name of ['openapi.json', 'asyncapi.json']) {
    const { body } = await service.get(`/${name}`);
    writeFileSync(new URL(`../docs/${name}`, import.meta.url), `${JSON.stringify(body, null, 2)}\n`);
  }
} finally {
  await service.destroy();
}
