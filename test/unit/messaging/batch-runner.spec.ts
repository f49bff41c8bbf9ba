import { z } from 'zod';
import { BatchRunner, type Handle } from '../../../src/messaging/batch-runner.js';
import type { Failure } from '../../../src/messaging/dead-letter.js';
import { GroupStats } from '../../../src/messaging/group-stats.js';
import { MessageNotSentError } from '../../../src/messaging/ports.js';
import type { IncomingRecord } from '../../../src/messaging/record.js';
import { RiskError } from '../../../src/risk/errors.js';

const place = { topic: 'numbers', partition: 2 };
const silent = { log: () => undefined, warn: () => undefined, error: () => undefined };

const records = (...values: unknown[]): IncomingRecord[] =>
  values.map((value, i) => ({
    key: null,
    value: Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)),
    headers: {},
    offset: 100 + i,
    timestampMs: 0,
  }));

/** A runner over a handler, with what it wrote to the dead letters. */
function runnerOf(handle: Handle, write: () => void = () => undefined) {
  const letters: { offset: number; failure: Failure }[] = [];
  const stats = new GroupStats();
  const runner = new BatchRunner({
    options: {
      ...{ group: 'g', messageType: 'MARKET_DATA', summary: '', example: 0 },
      schema: z.number(),
    },
    handle,
    deadLetters: {
      write: async (_place: unknown, written: readonly { record: IncomingRecord; failure: Failure }[]) => {
        write();
        letters.push(...written.map(({ record, failure }) => ({ offset: record.offset, failure })));
      },
    } as never,
    stats,
    logger: silent,
  });
  return {
    letters,
    stats,
    run: (batch: IncomingRecord[], stale = false) => runner.run({ ...place, records: batch }, { stale }),
  };
}

const collecting = () => {
  const seen: unknown[] = [];
  const handle: Handle = async (messages) => {
    seen.push(...messages);
    return undefined;
  };
  return { seen, handle };
};

describe('carrying a batch through a handler', () => {
  it('hands on the good records in their order and puts the others aside', async () => {
    const { seen, handle } = collecting();
    const { letters, stats, run } = runnerOf(handle);
    expect(await run(records(1, 'poison', 2, '"text"', 3))).toEqual({ nextOffset: 105 });
    expect(seen).toEqual([1, 2, 3]);
    expect(letters.map(({ offset, failure }) => [offset, failure.class])).toEqual([
      [101, 'not_json'],
      [103, 'invalid'],
    ]);
    expect(stats).toMatchObject({ messagesConsumed: 5, deadLetters: 2 });
  });

  it('puts aside what the handler refuses', async () => {
    const { letters, run } = runnerOf(async (messages) =>
      messages.flatMap((message, index) => (message === 2 ? [{ index, code: 'even', detail: 'expected odd' }] : [])),
    );
    await run(records(1, 2, 3));
    expect(letters).toEqual([
      { offset: 101, failure: { class: 'refused', reason: 'even: expected odd', attempts: 1 } },
    ]);
  });

  it('finds the one message that makes the handler fail', async () => {
    const calls: unknown[][] = [];
    const { letters, run } = runnerOf(async (messages) => {
      calls.push([...messages]);
      if (messages.includes(2)) throw new TypeError('cannot read 2');
      return undefined;
    });
    expect(await run(records(1, 2, 3))).toEqual({ nextOffset: 103 });
    expect(letters).toEqual([
      { offset: 101, failure: { class: 'handler_error', reason: 'TypeError: cannot read 2', attempts: 3 } },
    ]);
    expect(calls).toEqual([[1, 2, 3], [1], [2], [2], [3]]);
  });

  it('rests longer each time while what it needs is away, and forgets once it is back', async () => {
    let away = true;
    const { letters, stats, run } = runnerOf(async () => {
      if (away) throw new RiskError('dependency_unavailable', 'no database');
      return undefined;
    });
    const batch = records(1, 2);
    expect(await run(batch)).toEqual({ nextOffset: 100, retryInMs: 250 });
    expect(await run(batch)).toEqual({ nextOffset: 100, retryInMs: 500 });
    for (let i = 0; i < 10; i++) await run(batch);
    expect(await run(batch)).toEqual({ nextOffset: 100, retryInMs: 10_000 });
    expect(stats.retrying).toMatchObject([{ ...place, reason: 'Error: no database', attempts: 13 }]);
    away = false;
    expect(await run(batch)).toEqual({ nextOffset: 102 });
    expect(stats.retrying).toEqual([]);
    expect(letters).toEqual([]);
  });

  it('goes no further than a dead letter that cannot be written', async () => {
    let full = true;
    const { letters, run } = runnerOf(collecting().handle, () => {
      if (full) throw new MessageNotSentError('broker_unavailable', 'gone');
    });
    expect(await run(records('poison'))).toMatchObject({ nextOffset: 100, retryInMs: 250 });
    full = false;
    expect(await run(records('poison'))).toEqual({ nextOffset: 101 });
    expect(letters).toHaveLength(1);
  });

  it('commits the slices that were done before a failure', async () => {
    let slices = 0;
    const { run } = runnerOf(async () => {
      if (++slices === 2) throw new RiskError('dependency_unavailable', 'no database');
      return undefined;
    });
    const batch = records(...Array.from({ length: 2_500 }, (_, i) => i));
    expect(await run(batch)).toEqual({ nextOffset: 1_100, retryInMs: 250 });
  });

  it('begins nothing once the partition is another member’s', async () => {
    const { seen, handle } = collecting();
    const { run } = runnerOf(handle);
    expect(await run(records(1, 2), true)).toEqual({ nextOffset: 100 });
    expect(seen).toEqual([]);
  });

  it('counts what a handler sets aside once, though it is tried twice', async () => {
    let calls = 0;
    const { stats, run } = runnerOf(async (messages, { skip }) => {
      skip('late', messages.length);
      if (++calls === 1) throw new Error('first time only');
      return undefined;
    });
    await run(records(1, 2));
    expect(stats.skipped).toEqual(new Map([['late', 2]]));
  });
});
