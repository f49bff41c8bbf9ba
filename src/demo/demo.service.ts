import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Injectable } from '@nestjs/common';
import { isFinished } from '../jobs/jobs.schema.js';
import { Jobs } from '../jobs/ports.js';
import { PriceImports } from '../risk/market/ports.js';
import { DEMO_CLOSES_URL, DEMO_JOB_ID } from './demo-data.js';
import { DemoStore } from './demo-store.service.js';
import { DemoProgress } from './ports.js';

const POLL_MS = 20;
/** Fills an empty store with the demo firm, once: what somebody changed or removed later stays so. */
@Injectable()
export class Demo {
  constructor(
    private readonly progress: DemoProgress,
    private readonly imports: PriceImports,
    private readonly jobs: Jobs,
    private readonly store: DemoStore,
  ) {}

  /** True where it was loaded now. A load that a crash cut short is finished. */
  async load(): Promise<boolean> {
    const state = await this.progress.get();
    if (state === 'loaded') return false;
    if (state === undefined && !(await this.store.isEmpty())) return false;
    await this.progress.set('loading');
    await this.loadCloses();
    await this.store.fill();
    await this.progress.set('loaded');
    return true;
  }

  private async loadCloses(): Promise<void> {
    let job = await this.imports.start({
      path: fileURLToPath(DEMO_CLOSES_URL),
      source: 'demo',
      options: { dry_run: false, on_error: 'fail' },
      jobId: DEMO_JOB_ID,
      keepFile: true,
    });
    while (!isFinished(job)) {
      await sleep(POLL_MS);
      job = await this.jobs.get(DEMO_JOB_ID);
    }
    if (job.status !== 'SUCCEEDED')
      throw new Error(`The demo closes were not loaded: ${job.error?.detail ?? job.status}`);
  }
}
