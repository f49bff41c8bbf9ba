import { z } from 'zod';
import { decode } from '../../../src/messaging/decode.js';
import type { IncomingRecord } from '../../../src/messaging/record.js';

const options = { schema: z.object({ symbol: z.string(), price: z.number() }), messageType: 'MARKET_DATA' } as const;

const record = (value: Buffer | string | null, headers: IncomingRecord['headers'] = {}): IncomingRecord => ({
  key: null,
  value: typeof value === 'string' ? Buffer.from(value) : value,
  headers,
  offset: 7,
  timestampMs: 0,
});

describe('decoding a record', () => {
  it('gives the message and counts the fields it does not know', () => {
    expect(decode(record('{"symbol":"AAPL","price":1,"venue":"X","lot":2}'), options)).toEqual({
      message: { symbol: 'AAPL', price: 1 },
      unknownFields: 2,
    });
  });

  it.each([
    ['null', null, 'empty_value', 'got null'],
    ['no bytes', '', 'empty_value', 'got no bytes'],
    ['text that is no JSON', '{"symbol":', 'not_json', 'expected a JSON document'],
    ['bytes that are no UTF-8', Buffer.from([0x22, 0xff, 0xfe, 0x22]), 'not_json', 'expected a JSON document'],
    ['another shape', '{"symbol":"AAPL","price":"x"}', 'invalid', '/price: expected a number, got "x"'],
    ['a number in place of an object', '5', 'invalid', 'expected an object, got 5'],
    ['more than a megabyte', `"${'x'.repeat(1_000_000)}"`, 'too_large', 'expected at most 1000000 bytes'],
  ])('says what is wrong with %s', (_, value, type, reason) => {
    expect(decode(record(value), options)).toEqual({ class: type, reason: expect.stringContaining(reason) });
  });

  it('names every field that is wrong', () => {
    const decoded = decode(record('{"symbol":3}'), options);
    expect(decoded).toMatchObject({ class: 'invalid' });
    expect('reason' in decoded && decoded.reason).toBe(
      '/symbol: expected a string, got 3; /price: expected a number, got nothing',
    );
  });

  it.each([
    ['of another topic', 'RISK_ALERT'],
    ['that nobody knows', 'LOTTERY'],
  ])('refuses a message type %s', (_, type) => {
    const decoded = decode(record('{"symbol":"AAPL","price":1}', { message_type: Buffer.from(type) }), options);
    expect(decoded).toEqual({ class: 'unknown_message_type', reason: expect.stringContaining(type) });
  });

  it('takes its own message type', () => {
    const headers = { message_type: Buffer.from('MARKET_DATA') };
    expect(decode(record('{"symbol":"AAPL","price":1}', headers), options)).toHaveProperty('message');
  });

  it('makes a dead letter of a record that its schema cannot judge', () => {
    const schema = z.object({}).refine(() => {
      throw new TypeError('a bug in a rule');
    });
    expect(decode(record('{}'), { ...options, schema })).toEqual({
      class: 'handler_error',
      reason: expect.stringContaining('a bug in a rule'),
    });
  });
});
