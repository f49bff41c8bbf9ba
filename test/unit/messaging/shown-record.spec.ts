import type { StoredRecord } from '../../../src/messaging/record.js';
import { shownDeadLetterSummary, shownRecord } from '../../../src/messaging/shown-record.js';

const record = (more: Partial<StoredRecord>): StoredRecord => ({
  ...{ topic: 'market_data', partition: 0, offset: 1, timestampMs: 0, key: null, value: null, headers: {} },
  ...more,
});
const bytes = Buffer.from([0xff, 0xfe, 0x41]);

describe('a record in JSON', () => {
  it('has bytes that are not UTF-8 in base64, in fields that say so', () => {
    const headers = { desk: Buffer.from('crude'), twice: [Buffer.from('a'), Buffer.from('b, c')], raw: bytes };
    expect(shownRecord(record({ key: bytes, value: bytes, headers }))).toMatchObject({
      ...{ key: null, key_base64: '//5B', value: null, value_base64: '//5B' },
      headers: { desk: 'crude', twice: ['a', 'b, c'] },
      headers_base64: { raw: '//5B' },
    });
  });

  it('has a header in base64 as a whole where one of its values is not UTF-8', () => {
    const headers = { mixed: [Buffer.from('A'), bytes] };
    expect(shownRecord(record({ headers }))).toMatchObject({
      headers: {},
      headers_base64: { mixed: ['QQ==', '//5B'] },
    });
  });

  it('tells a key that looks like base64 from one that is', () => {
    expect(shownRecord(record({ key: Buffer.from('//5B') }))).toMatchObject({ key: '//5B', key_base64: null });
    expect(shownRecord(record({}))).toMatchObject({ key: null, key_base64: null, value: null, value_base64: null });
  });

  it('shows the digits of a number that a double would round', () => {
    const value = Buffer.from(
      '{"id":12345678901234567890,"at":[0.1234567890123456789,-0.5,1e400],"n":123456789012345}',
    );
    expect(shownRecord(record({ value })).value).toEqual({
      id: '12345678901234567890',
      at: ['0.1234567890123456789', -0.5, '1e400'],
      n: 123_456_789_012_345,
    });
  });
});

describe('a dead letter of a list', () => {
  const summary = (more: Partial<StoredRecord>) => shownDeadLetterSummary(record(more)).message;

  it('has the beginning of its value and key, and how many bytes they have', () => {
    const { key, value } = summary({ key: Buffer.from('k'.repeat(300)), value: Buffer.from('v'.repeat(1_000_000)) });
    expect(key).toEqual({ preview: 'k'.repeat(256), encoding: 'utf-8', bytes: 300 });
    expect(value).toEqual({ preview: 'v'.repeat(1_024), encoding: 'utf-8', bytes: 1_000_000 });
  });

  it('cuts no character in two', () => {
    // 1,024 bytes are 341 of them and one byte.
    const { value } = summary({ value: Buffer.from('€'.repeat(1_000)) });
    expect(value).toEqual({ preview: '€'.repeat(341), encoding: 'utf-8', bytes: 3_000 });
  });

  it('shows what is not UTF-8 in base64, and nothing as nothing', () => {
    expect(summary({ value: bytes })).toMatchObject({
      key: null,
      value: { preview: '//5B', encoding: 'base64', bytes: 3 },
    });
    // The character is incomplete because the value ends, not because it was cut.
    expect(summary({ value: Buffer.from([0x41, 0xe2, 0x82]) }).value?.encoding).toBe('base64');
    expect(summary({ value: Buffer.alloc(0) }).value).toEqual({ preview: '', encoding: 'utf-8', bytes: 0 });
  });

  it('bounds a history that somebody else wrote', () => {
    const headers = { dl_reason: Buffer.from('r'.repeat(500_000)), dl_attempts: Buffer.from('1e9') };
    expect(shownDeadLetterSummary(record({ headers }))).toMatchObject({ reason: 'r'.repeat(2_000), attempts: null });
  });
});
