import { incomingRecord } from '../../../src/messaging/kafka/partition-run.js';

/** What kafkajs makes of headers, here with the names and values of its own decoder. */
const headersOf = (headers: object) =>
  incomingRecord({ key: null, value: null, headers, offset: '7', timestamp: '1' }).headers;
const bytes = Buffer.from('bytes');

describe('the headers of a record', () => {
  it('are those that kafkajs read', () => {
    const headers = { one: bytes, several: [bytes, Buffer.alloc(0)] };
    expect(headersOf(headers)).toEqual(headers);
  });

  it('have an empty value where there is none, as Java clients send them', () => {
    expect(headersOf({ none: null, several: [null, bytes] })).toEqual({
      none: Buffer.alloc(0),
      several: [Buffer.alloc(0), bytes],
    });
  });

  it('hold nothing that every object inherits', () => {
    const names = ['constructor', '__proto__', 'toString'];
    const inherited = (name: string) => ({})[name as keyof object] as unknown;
    const fetched = Object.fromEntries(names.map((name) => [name, [inherited(name), bytes]]));
    expect(Object.entries(headersOf(fetched))).toEqual(names.map((name) => [name, bytes]));
  });
});
