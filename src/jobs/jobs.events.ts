import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, StreamableFile } from '@nestjs/common';
import { isFinished, type Job } from './jobs.schema.js';
import { JobsService } from './jobs.service.js';

const LOOK_MS = 250;
const HEARTBEAT_MS = 15_000;

/**
 * Jobs as server-sent events: the state at once, then each change. The last event says why the stream ends: `done` with
 * the job, or `shutdown` with the service.
 */
@Injectable()
export class JobEvents {
  constructor(private readonly jobs: JobsService) {}

  /** `lastEventId` is what a client that was here before says it has seen: its count goes on. */
  async stream(jobId: string, lastEventId = ''): Promise<StreamableFile> {
    const job = await this.jobs.get(jobId);
    const seen = /^\d{1,9}$/.test(lastEventId) ? Number(lastEventId) : 0;
    // Objects are handed on one by one: an event must not wait in a buffer.
    const events = Readable.from(this.events(job, seen), { objectMode: true, highWaterMark: 1 });
    return new StreamableFile(events, { type: 'text/event-stream' });
  }

  private async *events(first: Job, seen: number): AsyncGenerator<string> {
    let job = first;
    let sent = '';
    let sentMs = 0;
    for (let id = seen; ; ) {
      const name = isFinished(job) ? 'done' : this.jobs.closed.aborted ? 'shutdown' : 'progress';
      const event = `event: ${name}\ndata: ${JSON.stringify(job)}\n\n`;
      if (event !== sent) {
        yield `id: ${++id}\n${event}`;
        [sent, sentMs] = [event, performance.now()];
      } else if (performance.now() - sentMs >= HEARTBEAT_MS) {
        yield ': still there\n\n';
        sentMs = performance.now();
      }
      if (name !== 'progress') return;
      await sleep(LOOK_MS, undefined, { signal: this.jobs.closed }).catch(() => undefined);
      // In a shutdown the store may be gone already.
      if (!this.jobs.closed.aborted) job = await this.jobs.get(job.job_id);
    }
  }
}
