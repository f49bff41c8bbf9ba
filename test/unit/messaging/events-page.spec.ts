import type { EventsDocument, JsonSchema } from '../../../src/messaging/events-page/document.js';
import { EVENTS_PAGE_POLICY, eventsPage } from '../../../src/messaging/events-page/events-page.js';
import { fieldsOf } from '../../../src/messaging/events-page/fields.js';

const document = (payload: JsonSchema, schemas: Record<string, JsonSchema> = {}): EventsDocument => ({
  info: { title: 'Events', version: '1', description: 'All of <them> & more' },
  servers: { a: { host: 'broker-1:9092', protocol: 'kafka-secure', description: 'Kafka' } },
  channels: {
    'orders.in': {
      address: 'orders.in',
      description: 'Keyed',
      messages: { ORDER: { $ref: '#/components/messages/ORDER' } },
    },
  },
  operations: { read: { action: 'receive', channel: { $ref: '#/channels/orders.in' }, summary: 'An order "now".' } },
  components: {
    schemas,
    messages: {
      ORDER: { name: 'ORDER', summary: 'An order', headers: {}, payload, examples: [{ payload: '</pre><script>' }] },
    },
  },
});

describe('the fields of a message', () => {
  it('are those of what it refers to and of lists within, with their rules', () => {
    const schemas: Record<string, JsonSchema> = {
      Order: {
        type: 'object',
        required: ['id'],
        properties: {
          id: { type: 'string', maxLength: 8 },
          price: { anyOf: [{ type: 'number', exclusiveMinimum: 0 }, { type: 'string' }, { type: 'null' }] },
          fills: { type: 'array', maxItems: 10_000, items: { $ref: '#/components/schemas/Fill' } },
        },
      },
      Fill: { type: 'object', properties: { side: { enum: ['BUY', 'SELL'], description: 'which way' } } },
    };
    const [fields] = fieldsOf(document({}, schemas), { $ref: '#/components/schemas/Order' });
    expect(fields!.map(({ name, type, isRequired, rules }) => [name, type, isRequired, rules])).toEqual([
      ['id', 'string', true, ['at most 8 characters']],
      ['price', 'number or string or null', false, ['more than 0']],
      ['fills', 'list of object', false, ['at most 10,000 items']],
      ['fills[].side', 'anything', false, ['one of BUY, SELL']],
    ]);
  });

  it('stand in a list for each alternative', () => {
    const object = (name: string): JsonSchema => ({ type: 'object', properties: { [name]: { type: 'string' } } });
    const lists = fieldsOf(document({}), { anyOf: [object('update'), object('snapshot')] });
    expect(lists.map((fields) => fields.map(({ name }) => name))).toEqual([['update'], ['snapshot']]);
  });
});

describe('the page of events', () => {
  const page = eventsPage(document({ type: 'object', properties: { id: { type: 'string' } } }));

  it('shows text as text', () => {
    expect(page).toContain('All of &lt;them&gt; &amp; more');
    expect(page).toContain('An order &quot;now&quot;.');
    expect(page).not.toContain('<script');
  });

  it('says where messages go, who reads them, and what they hold', () => {
    for (const text of ['broker-1:9092', 'kafka-secure', 'id="orders.in"', '>reads<', '<code>id</code>']) {
      expect(page).toContain(text);
    }
  });

  it('lets in no script and no address', () => {
    expect(EVENTS_PAGE_POLICY).toMatch(/^default-src 'none'; style-src 'sha256-[A-Za-z0-9+/]{43}='; /);
    expect(page.match(/(?:src|href)="(?!#|\/docs"|\/asyncapi\.json")[^"]*"/g)).toBeNull();
  });
});
