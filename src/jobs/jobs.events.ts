import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, StreamableFile } from '@nestjs/common';
import { isFinished, type Job } from './jobs.schema.js';
import { JobsService } from './jobs.service.js';

const LOOK_MS = 250;
const HEARTBEAT_MS = 15_000;

/** Jobs as server-sent events: the state at once, then each change, `done` with the last one, which ends the stream. */
@Injectable()
export class JobEvents {
  constructor(private readonly jobs: JobsService) {}

  async stream(jobId: string): Promise<StreamableFile> {
    const job = await this.jobs.get(jobId);
    // Objects are handed on one by one: an event must not wait in a buffer.
    const events = Readable.from(this.events(job), { objectMode: true, highWaterMark: 1 });
    return new StreamableFile(events, { type: 'text/event-stream' });
  }

  private async *events(first: Job): AsyncGenerator<string> {
    let job = first;
    let sent = '';
    let sentMs = 0;
    for (let id = 0; ; ) {
      const data = JSON.stringify(job);
      if (data !== sent) {
        yield `id: ${++id}\nevent: ${isFinished(job) ? 'done' : 'progress'}\ndata: ${data}\n\n`;
        [sent, sentMs] = [data, performance.now()];
      } else if (performance.now() - sentMs >= HEARTBEAT_MS) {
        yield ': still there\n\n';
        sentMs = performance.now();
      }
      if (isFinished(job) || this.jobs.closed.aborted) return;
      await sleep(LOOK_MS, undefined, { signal: this.jobs.closed }).catch(() => undefined);
      job = await this.jobs.get(job.job_id);
    }
  }
}
