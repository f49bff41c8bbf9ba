/** Writes docs/openapi.json: what the built service answers at /openapi.json. A test compares the two. */
import { writeFileSync } from 'node:fs';
import { ServiceProcess } from '../test/support/service.js';

const service = await ServiceProcess.start({ RISK_DEMO: 'false' });
try {
  const { body } = await service.get('/openapi.json');
  writeFileSync(new URL('../docs/openapi.json', import.meta.url), `${JSON.stringify(body, null, 2)}\n`);
} finally {
  await service.destroy();
}
