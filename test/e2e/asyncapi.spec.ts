import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Parser } from '@asyncapi/parser';
import { ServiceProcess } from '../support/service.js';
import { eventually } from '../support/wait.js';

interface Document {
  channels: Record<string, { messages: Record<string, { $ref: string }> }>;
  servers: object;
  operations: Record<string, { action: string; summary: string; channel: { $ref: string } }>;
  components: {
    messages: Record<
      string,
      {
        headers: { properties: object; required?: string[] };
        examples?: { headers: Record<string, string>; payload: unknown }[];
      }
    >;
  };
}

let service: ServiceProcess;
let document: Document;

beforeAll(async () => {
  service = await ServiceProcess.start();
  document = (await service.get<Document>('/asyncapi.json')).body;
});
afterAll(() => service.destroy());

it('is a valid AsyncAPI 3 document', async () => {
  const { document: parsed, diagnostics } = await new Parser().parse(JSON.stringify(document));
  expect(diagnostics.filter(({ severity }) => severity === 0).map(({ message, path }) => [path, message])).toEqual([]);
  expect(parsed?.version()).toBe('3.0.0');
});

it('is the one of docs/asyncapi.json', () => {
  const stored: unknown = JSON.parse(readFileSync(new URL('../../docs/asyncapi.json', import.meta.url), 'utf8'));
  expect(document).toEqual(stored);
});

it('has an example of every message the service takes, and takes it', async () => {
  const received = Object.values(document.operations).filter(({ action }) => action === 'receive');
  expect(received.length).toBeGreaterThan(0);
  for (const { channel } of received) {
    const topic = channel.$ref.split('/').at(-1)!;
    for (const name of Object.keys(document.channels[topic]!.messages)) {
      const { examples } = document.components.messages[name]!;
      const messages = examples!.map(({ payload, headers }) => ({ key: null, value: payload, headers }));
      const { body } = await service.post(`/v1/messaging/topics/${topic}/messages`, { messages });
      expect(body).toMatchObject({ success: messages.length });
    }
    expect(await eventually(consumed, ({ lag }) => lag === 0)).toEqual({ lag: 0, deadLetters: 0 });
  }
});

it('names every header that the service sends, and every message type of its topics', async () => {
  for (const topic of ['market_data', 'portfolio_updates']) {
    const [name] = Object.keys(document.channels[topic]!.messages);
    const { headers } = document.components.messages[name!]!;
    const value = { messages: [{ value: { never: 'valid' }, message_type: name }] };
    await service.post(`/v1/messaging/topics/${topic}/messages`, value);
    const last = await eventually(
      () => service.get<{ data: { headers: object }[] }>(`/v1/messaging/dead-letters?topic=${topic}&limit=1`),
      ({ body }) => body.data.length === 1,
    );
    const [{ dead_letter_id }] = last.body.data as unknown as [{ dead_letter_id: string }];
    const letter = await service.get<{ message: { headers: object } }>(`/v1/messaging/dead-letters/${dead_letter_id}`);
    const sent = await service.get<{ data: { headers: object }[] }>(`/v1/messaging/topics/${topic}/messages?limit=1`);
    expect(Object.keys(headers.properties)).toEqual(expect.arrayContaining(Object.keys(sent.body.data[0]!.headers)));
    const told = Object.keys(letter.body.message.headers).filter((header) => header.startsWith('dl_'));
    const { properties, required } = document.components.messages['DEAD_LETTER']!.headers;
    expect(told.sort()).toEqual([...required!].sort());
    expect(Object.keys(properties)).toEqual(expect.arrayContaining(told));
  }
});

it('says where the messages stay without a broker', () => {
  expect(document.servers).toEqual({ embedded: expect.objectContaining({ protocol: 'embedded' }) });
});

describe('/docs/events', () => {
  it('shows every channel, operation and field to people, and loads nothing', async () => {
    const { status, headers, body } = await service.get<string>('/docs/events');
    expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    for (const name of Object.keys(document.channels)) expect(body).toContain(`<section id="${name}"`);
    for (const field of ['positions[].average_price', 'ce_specversion', 'dl_replay_of', 'dl_reason', 'timestamp']) {
      expect(body).toContain(`<code>${field}</code>`);
    }
    const summaries = Object.values(document.operations).map(({ summary }) => summary);
    expect(summaries.length).toBeGreaterThan(7);
    for (const summary of summaries) expect(body).toContain(summary);
    expect(body.match(/(?:src|href)="(?!#)[^"]*"/g)).toEqual(['href="/docs"', 'href="/asyncapi.json"']);
    expect(body).not.toMatch(/<script|@import|url\(| style=/);
    const style = /<style>(.*)<\/style>/s.exec(body)![1]!;
    const hash = createHash('sha256').update(style).digest('base64');
    expect(headers.get('content-security-policy')).toContain(`default-src 'none'; style-src 'sha256-${hash}'`);
  });

  it('leaves the browser of the HTTP API where it is', async () => {
    expect((await service.get<string>('/docs')).body).toContain('swagger');
    expect((await service.get('/docs/nothing')).status).toBe(404);
  });
});

async function consumed() {
  const { body } = await service.get<{
    consumer_stats: Record<string, { lag: number | null; dead_letters: number }>;
  }>('/v1/messaging/stats');
  const { lag, dead_letters } = body.consumer_stats['risk_monitor_group']!;
  return { lag, deadLetters: dead_letters };
}
