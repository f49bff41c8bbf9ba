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
  const stored: StoredRecord = { ...source, ...letter, topic: 'market_data.dead_letter', partition: 0, offset: 7 };

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
    const replayed = replayOf(stored);
    expect(historyOf(replayed.headers)).toMatchObject({ replays: '1', attempts: '1', offset: '41' });
    expect(String(replayed.headers['dl_replay_of'])).toBe('market_data.dead_letter:0:7');
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

  describe('of a record with headers of our names', () => {
    const strange = {
      dl_attempts: Buffer.from('41'),
      dl_replays: Buffer.from('7'),
      dl_first_seen: Buffer.from('1999-01-01T00:00:00Z'),
      dl_topic: Buffer.from('market_data'),
      dl_original_x: Buffer.from('y'),
      dl_other: Buffer.from('z'),
    };

    it.each([
      ['that somebody made up', strange],
      ['of a replay on another topic', { ...strange, dl_replay_of: Buffer.from('trade_orders.dead_letter:0:7') }],
      [
        'of a replay copied from another topic',
        { ...strange, dl_topic: Buffer.from('orders'), dl_replay_of: Buffer.from('market_data.dead_letter:0:7') },
      ],
      ['with a mark that is no id', { ...strange, dl_replay_of: Buffer.from('market_data.dead_letter:x') }],
      [
        'with a mark twice',
        { ...strange, dl_replay_of: [Buffer.from('a:1:2'), Buffer.from('market_data.dead_letter:0:7')] },
      ],
    ])('%s, begins a history of its own and keeps them', (_, headers) => {
      const own = deadLetterOf({ ...source, headers }, failure, firstSeen, '1.2.3');
      expect(historyOf(own.headers)).toMatchObject({
        ...{ attempts: '1', replays: null, topic: 'market_data', first_seen: '2026-01-05T14:30:00.000Z' },
      });
      expect(originalHeaders(own.headers)).toEqual(headers);
      expect(own.headers['dl_original_dl_attempts']).toBe(headers.dl_attempts);
      // Through a replay and a second failure as well.
      const again = deadLetterOf({ ...source, ...replayOf({ ...stored, ...own }) }, failure, firstSeen, '1.2.3');
      expect(historyOf(again.headers)).toMatchObject({ attempts: '2', replays: '1' });
      expect(originalHeaders(again.headers)).toEqual(headers);
    });

    it('that are no numbers, counts from nothing', () => {
      const headers = { ...replayOf(stored).headers, dl_attempts: Buffer.from('many') };
      const own = deadLetterOf({ ...source, headers }, failure, firstSeen, '1.2.3');
      expect(historyOf(own.headers)).toMatchObject({ attempts: '1', replays: '1' });
    });
  });

  it('cuts a reason that would not fit', () => {
    const long = deadLetterOf(source, { ...failure, reason: 'x'.repeat(10_000) }, firstSeen, '1');
    expect(historyOf(long.headers).reason).toHaveLength(2_000);
  });
});
