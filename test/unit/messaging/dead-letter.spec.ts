import { deadLetterOf, historyOf, originalHeaders, replayOf } from '../../../src/messaging/dead-letter.js';
import type { StoredRecord } from '../../../src/messaging/record.js';

const source: StoredRecord = {
  topic: 'market_data',
  partition: 3,
  offset: 41,
  timestampMs: 0,
  key: Buffer.from([0, 255]),
  value: Buffer.from('{"symbol":'),
  headers: { source: Buffer.from('feed'), trace: [Buffer.from('a'), Buffer.from('b')] },
};
const failure = { class: 'not_json', reason: 'expected a JSON document', attempts: 1 } as const;
const firstSeen = new Date('2026-01-05T14:30:00Z');

describe('a dead letter', () => {
  const letter = deadLetterOf(source, failure, firstSeen, '1.2.3');

  it('keeps the bytes and the headers of the original', () => {
    expect(letter.key).toBe(source.key);
    expect(letter.value).toBe(source.value);
    expect(originalHeaders(letter.headers)).toEqual(source.headers);
  });

  it('tells where it came from and why', () => {
    expect(historyOf(letter.headers)).toEqual({
      reason: 'expected a JSON document',
      class: 'not_json',
      topic: 'market_data',
      partition: '3',
      offset: '41',
      attempts: '1',
      first_seen: '2026-01-05T14:30:00.000Z',
      service_version: '1.2.3',
      replays: null,
    });
  });

  it('goes on with its history when it fails again after a replay', () => {
    const replayed = replayOf({ ...source, ...letter });
    expect(historyOf(replayed.headers)).toMatchObject({ replays: '1', attempts: '1', offset: '41' });
    const again = deadLetterOf(
      { ...source, ...replayed, offset: 99 },
      { ...failure, class: 'handler_error', attempts: 3 },
      new Date('2026-02-01T00:00:00Z'),
      '1.3.0',
    );
    expect(historyOf(again.headers)).toMatchObject({
      class: 'handler_error',
      offset: '99',
      attempts: '4',
      first_seen: '2026-01-05T14:30:00.000Z',
      replays: '1',
      service_version: '1.3.0',
    });
    expect(originalHeaders(again.headers)).toEqual(source.headers);
    expect(again.value).toBe(source.value);
  });

  it('cuts a reason that would not fit', () => {
    const long = deadLetterOf(source, { ...failure, reason: 'x'.repeat(10_000) }, firstSeen, '1');
    expect(historyOf(long.headers).reason).toHaveLength(2_000);
  });
});
