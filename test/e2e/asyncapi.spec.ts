import { readFileSync } from 'node:fs';
import { Parser } from '@asyncapi/parser';
import { ServiceProcess } from '../support/service.js';
import { eventually } from '../support/wait.js';

interface Document {
  channels: Record<string, { messages: Record<string, { $ref: string }> }>;
  operations: Record<string, { action: string; channel: { $ref: string } }>;
  components: { messages: Record<string, { examples?: { headers: Record<string, string>; payload: unknown }[] }> };
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
      const [example] = document.components.messages[name]!.examples!;
      const message = { key: null, value: example!.payload, headers: example!.headers };
      const { body } = await service.post(`/v1/messaging/topics/${topic}/messages`, { messages: [message] });
      expect(body).toMatchObject({ success: 1 });
    }
    expect(await eventually(consumed, ({ lag }) => lag === 0)).toEqual({ lag: 0, deadLetters: 0 });
  }
});

async function consumed() {
  const { body } = await service.get<{
    consumer_stats: Record<string, { lag: number | null; dead_letters: number }>;
  }>('/v1/messaging/stats');
  const { lag, dead_letters } = body.consumer_stats['risk_monitor_group']!;
  return { lag, deadLetters: dead_letters };
}
