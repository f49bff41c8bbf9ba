import { createRequire } from 'node:module';

interface RequestQueue {
  readonly pending: readonly unknown[];
  scheduleCheckPendingRequests(): void;
}

/**
 * kafkajs 2.2.4 looks at the waiting requests of each connection every millisecond, for ever, also where none waits: a
 * tenth of a processor with three idle members. It needs to look only while one waits.
 */
export function calmIdleTimers(): void {
  const { prototype } = createRequire(import.meta.url)('kafkajs/src/network/requestQueue/index.js') as {
    prototype: RequestQueue;
  };
  const schedule = prototype.scheduleCheckPendingRequests;
  if (schedule.name === calmly.name) return;
  function calmly(this: RequestQueue): void {
    if (this.pending.length > 0) schedule.call(this);
  }
  prototype.scheduleCheckPendingRequests = calmly;
}
