import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Logger } from '@nestjs/common';
import { ensureDatabaseTemplate } from '../../scripts/make-db-template.js';
import { Database } from '../../src/database/database.js';
import { JobsRepository } from '../../src/database/jobs.repository.js';
import { PricesRepository } from '../../src/database/prices.repository.js';
import type { Job } from '../../src/jobs/jobs.schema.js';
import { JobsService } from '../../src/jobs/jobs.service.js';
import { PricesService } from '../../src/risk/market/prices.service.js';
import { createDatabase, SERVICE_START_MS_MAX, silent, temporaryDirectory } from '../support/database.js';

const CHILD = fileURLToPath(new URL('./price-import.child.ts', import.meta.url));
const MEGABYTES_MORE_MAX = 150;

interface Outcome {
  job: Job;
  usage: { seconds: number; lagMs: number; megabytes: number };
}

/** A process that imports the file; killed as soon as it says `killAt`. */
async function importInProcess(
  path: string,
  { dataDir, url }: { dataDir: string; url: string },
  killAt?: string,
): Promise<Outcome | 'killed'> {
  const child = spawn(process.execPath, ['--expose-gc', '--import', 'tsx', CHILD, path, dataDir, url], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  const exited = once(child, 'exit');
  let last = '';
  for await (const line of createInterface(child.stdout)) {
    last = line;
    if (killAt !== undefined && line.startsWith(killAt)) child.kill('SIGKILL');
  }
  const [code, signal] = await exited;
  if (signal === 'SIGKILL') return 'killed';
  if (code !== 0) throw new Error(`The importing process ended with ${code}: ${last}`);
  return JSON.parse(last);
}

function writeLongFile(path: string, { symbols, days }: { symbols: number; days: number }): void {
  const file = openSync(path, 'w');
  writeSync(file, 'date,symbol,close\n');
  for (let s = 0; s < symbols; s++) {
    let text = '';
    for (let d = 0; d < days; d++) {
      const date = new Date(Date.UTC(2000, 0, 1 + d)).toISOString().slice(0, 10);
      text += `${date},SYM${s},${(100 + 10 * Math.sin(s + d)).toFixed(4)}\n`;
    }
    writeSync(file, text);
  }
  closeSync(file);
}

const folder = temporaryDirectory();
const million = join(folder.path, 'million.csv');
const smaller = join(folder.path, 'smaller.csv');

beforeAll(async () => {
  Logger.overrideLogger(false);
  writeLongFile(million, { symbols: 200, days: 5000 });
  writeLongFile(smaller, { symbols: 20, days: 5000 });
  await ensureDatabaseTemplate();
}, SERVICE_START_MS_MAX);
afterAll(() => folder.remove());

describe.each(['PostgreSQL', 'embedded'] as const)('a large import into %s', (kind) => {
  const opened: (() => Promise<void>)[] = [];

  afterAll(async () => {
    for (const close of opened) await close();
  }, SERVICE_START_MS_MAX);

  async function emptyStore(): Promise<{ dataDir: string; url: string }> {
    if (kind === 'embedded') {
      const directory = temporaryDirectory();
      opened.push(async () => directory.remove());
      return { dataDir: directory.path, url: '' };
    }
    const { url, drop } = await createDatabase();
    opened.push(drop);
    return { dataDir: '', url };
  }

  it('takes 1,000,000 rows in bounded memory without holding other work up', async () => {
    const outcome = await importInProcess(million, await emptyStore());
    if (outcome === 'killed') throw new Error('was killed');
    const { job, usage } = outcome;
    expect(job).toMatchObject({ status: 'SUCCEEDED', result: { rows: 1_000_000, symbols: 200, inserted: 1_000_000 } });
    const pace = Math.round(1_000_000 / usage.seconds);
    process.stdout.write(
      `    1,000,000 rows into ${kind}: ${pace} rows/s, ${usage.megabytes.toFixed(0)} MB more, event loop held ${usage.lagMs.toFixed(0)} ms at most\n`,
    );
    expect(usage.megabytes).toBeLessThan(MEGABYTES_MORE_MAX);
  }, 60_000);

  it.each(['reading', 'writing'])(
    'leaves all or nothing when it is killed while %s, and the job tells which',
    async (phase) => {
      const { dataDir, url } = await emptyStore();
      expect(await importInProcess(smaller, { dataDir, url }, phase)).toBe('killed');
      const database = new Database({ url: url || undefined, dataDir }, silent);
      await database.connect();
      const jobs = new JobsService(new JobsRepository(database));
      try {
        await jobs.onApplicationBootstrap();
        const job = await jobs.get('job_child');
        const book = await new PricesService(new PricesRepository(database)).current();
        if (job.status === 'SUCCEEDED') {
          expect(book.version).toBe(1);
          expect(book.symbols().map((symbol) => book.series(symbol)!.days.length)).toEqual(new Array(20).fill(5000));
        } else {
          expect(job).toMatchObject({ status: 'FAILED', error: { code: 'interrupted' }, result: null });
          expect(job.finished_at).not.toBeNull();
          expect([book.version, book.symbols()]).toEqual([0, []]);
        }
      } finally {
        await jobs.onModuleDestroy();
        await database.close();
      }
    },
    60_000,
  );
});
