/**
 * A process that imports one file, to be measured or killed: prints `phase percent` lines while the job runs, at last the
 * job with what the process needed as JSON.
 */
import { writeSync } from 'node:fs';
import { Database } from '../../src/database/database.js';
import { JobsRepository } from '../../src/database/jobs.repository.js';
import { PricesRepository } from '../../src/database/prices.repository.js';
import { isFinished } from '../../src/jobs/jobs.schema.js';
import { JobsService } from '../../src/jobs/jobs.service.js';
import { SystemClock } from '../../src/risk/clock.js';
import { PriceImportService } from '../../src/risk/market/price-import.service.js';
import { PricesService } from '../../src/risk/market/prices.service.js';

const [path, dataDir, url] = process.argv.slice(2) as [string, string, string | undefined];
const log = (message: unknown) => writeSync(2, `${message}\n`);
const database = new Database({ url: url || undefined, dataDir }, { log: () => undefined, warn: log, error: log });
await database.connect();
const jobs = new JobsService(new JobsRepository(database));
const history = new PricesRepository(database);
const prices = new PricesService(history);
await jobs.onApplicationBootstrap();
await prices.current();

globalThis.gc?.();
const rssBefore = process.memoryUsage.rss();
let [rssPeak, lagMs, last] = [rssBefore, 0, performance.now()];
setInterval(() => {
  const now = performance.now();
  lagMs = Math.max(lagMs, now - last);
  last = now;
  rssPeak = Math.max(rssPeak, process.memoryUsage.rss());
}, 5);

const startedMs = performance.now();
const imports = new PriceImportService(jobs, prices, history, new SystemClock());
const started = await imports.start({
  path,
  source: 'test',
  keepFile: true,
  jobId: 'job_child',
  options: { dry_run: false, on_error: 'fail' },
});
for (let told = ''; ; ) {
  const job = await jobs.get(started.job_id);
  const state = `${job.phase} ${job.percent}`;
  if (state !== told) writeSync(1, `${state}\n`);
  told = state;
  if (isFinished(job)) {
    const seconds = (performance.now() - startedMs) / 1000;
    const usage = { seconds, lagMs, megabytes: (rssPeak - rssBefore) / 2 ** 20 };
    writeSync(1, `${JSON.stringify({ job, usage })}\n`);
    break;
  }
  await new Promise((resolve) => setTimeout(resolve, 2));
}
await jobs.onModuleDestroy();
await database.close();
process.exit(0);
