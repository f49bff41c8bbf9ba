import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { ERROR_CODES } from '../../src/risk/errors.js';
import { type Reply, ServiceProcess } from '../support/service.js';
import { eventually } from '../support/wait.js';

interface Schema {
  $ref?: string;
  [keyword: string]: unknown;
}
interface Response {
  description: string;
  content?: Record<string, { schema: Schema; example?: unknown }>;
}
interface Example {
  params?: Record<string, string>;
  query?: Record<string, unknown>;
  headers?: Record<string, string>;
  body?: unknown;
  contentType?: string;
}
interface Operation {
  operationId: string;
  summary: string;
  tags: string[];
  parameters?: { name: string; in: string; required: boolean; schema: Schema; example?: unknown }[];
  requestBody?: { content: Record<string, { schema: Schema; example?: unknown }> };
  responses: Record<string, Response>;
  'x-example': Example;
}
interface Document {
  openapi: string;
  tags: { name: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}
interface NamedOperation {
  name: string;
  method: string;
  path: string;
  operation: Operation;
}

interface Check {
  code: string;
  level: string;
  soft: boolean;
}

let service: ServiceProcess;
let document: Document;
let operations: NamedOperation[];

beforeAll(async () => {
  // The demo data, and then without the demo feed: the marks of the examples are those of the last closes.
  const first = await ServiceProcess.start({}, { until: 'Demo data loaded' });
  await first.end();
  service = await ServiceProcess.start({ DATA_DIR: first.dataDir, RISK_DEMO: 'false' });
  document = (await service.get<Document>('/openapi.json')).body;
  operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => {
      const name = `${method.toUpperCase()} ${path}`;
      return { name, method: method.toUpperCase(), path, operation };
    }),
  );
});
afterAll(() => service.destroy());

/** Every object within. */
function* objects(value: unknown): Generator<Record<string, unknown>> {
  if (value === null || typeof value !== 'object') return;
  if (!Array.isArray(value)) yield value as Record<string, unknown>;
  for (const inner of Object.values(value)) yield* objects(inner);
}

/** What is wrong with a value by a schema of the document. */
function faults(schema: Schema, value: unknown): string[] {
  const text = JSON.stringify({ ...schema, definitions: document.components.schemas });
  const standalone = JSON.parse(text.replaceAll('#/components/schemas/', '#/definitions/'));
  const parsed = z.fromJSONSchema(standalone, { defaultTarget: 'openapi-3.0' }).safeParse(value);
  return parsed.success ? [] : parsed.error.issues.map(({ path, message }) => `/${path.join('/')}: ${message}`);
}

function mediaOf(response: Response | undefined): { schema: Schema; example?: unknown } | undefined {
  return Object.values(response?.content ?? {})[0];
}

describe('the OpenAPI document', () => {
  it('is version 3.0 and refers to nothing that it does not define', () => {
    expect(document.openapi).toMatch(/^3\.0\./);
    const defined = Object.keys(document.components.schemas).map((name) => `#/components/schemas/${name}`);
    const referred = [...objects(document)].flatMap(({ $ref }) => (typeof $ref === 'string' ? [$ref] : []));
    expect(referred.length).toBeGreaterThan(20);
    expect(referred.filter((ref) => !defined.includes(ref))).toEqual([]);
  });

  it('has no schema that nothing refers to', () => {
    const text = JSON.stringify(document);
    const unused = Object.keys(document.components.schemas).filter(
      (name) => !text.includes(`"#/components/schemas/${name}"`),
    );
    expect(unused).toEqual([]);
  });

  it('names every operation once, with a summary of one sentence', () => {
    expect(operations.length).toBeGreaterThan(20);
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(ids).toEqual([...new Set(ids)]);
    for (const { name, operation } of operations) {
      expect([name, operation.summary]).toEqual([name, expect.stringMatching(/^[A-Z].{5,120}\.$/)]);
      expect([name, operation.tags]).toEqual([name, [expect.any(String)]]);
    }
  });

  it('says of every operation how it fails: problem documents with codes that exist', () => {
    for (const { name, path, operation } of operations) {
      const failures = Object.entries(operation.responses).filter(([status]) => Number(status) >= 400);
      const statuses = failures.map(([status]) => Number(status));
      expect([name, statuses]).toEqual([name, expect.arrayContaining([400, 500])]);
      if (path.startsWith('/v1/')) expect([name, statuses]).toEqual([name, expect.arrayContaining([503])]);
      if (operation.requestBody) expect([name, statuses]).toEqual([name, expect.arrayContaining([413, 415])]);
      for (const [status, response] of failures) {
        if (path.startsWith('/health') && status === '503') continue;
        expect(response.content).toEqual({
          'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
        });
        for (const code of response.description.split(', ')) {
          expect([name, code, ERROR_CODES[code as keyof typeof ERROR_CODES]?.[0]]).toEqual([
            name,
            code,
            Number(status),
          ]);
        }
      }
    }
  });

  it('declares the parameters of every path', () => {
    for (const { name, path, operation } of operations) {
      const wanted = [...path.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter);
      const declared = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path');
      expect([name, declared.map((parameter) => parameter.name)]).toEqual([name, wanted]);
      for (const { required } of declared) expect(required).toBe(true);
    }
  });

  it('has an example for every operation, that its own schemas allow', () => {
    for (const { name, operation } of operations) {
      const { params = {}, query = {}, body, contentType = 'application/json' } = operation['x-example'];
      for (const parameter of operation.parameters ?? []) {
        const value = (parameter.in === 'path' ? params : query)[parameter.name];
        if (value === undefined) expect([name, parameter.name, parameter.in]).not.toContain('path');
        else expect([name, faults(parameter.schema, value)]).toEqual([name, []]);
      }
      const declared = operation.parameters?.map((parameter) => parameter.name) ?? [];
      expect([name, [...Object.keys(params), ...Object.keys(query)].filter((key) => !declared.includes(key))]).toEqual([
        name,
        [],
      ]);
      const media = operation.requestBody?.content[contentType];
      expect([name, media !== undefined]).toEqual([name, body !== undefined]);
      if (media) expect([name, faults(media.schema, body), media.example]).toEqual([name, [], body]);
    }
  });

  it('has an example for every reply that succeeds, that its schema allows', () => {
    for (const { name, operation } of operations) {
      for (const [status, response] of Object.entries(operation.responses)) {
        const media = mediaOf(response);
        if (Number(status) >= 300 || !media) continue;
        expect([name, status, media.example]).not.toContain(undefined);
        expect([name, status, faults(media.schema, media.example)]).toEqual([name, status, []]);
      }
    }
  });

  it('shows a query as the type it stands for, and a form with its file', () => {
    const { parameters, requestBody } = document.paths['/v1/prices/imports']!['post']!;
    expect(parameters?.find(({ name }) => name === 'dry_run')?.schema).toMatchObject({
      type: 'boolean',
      default: false,
    });
    expect(requestBody?.content).toMatchObject({
      'text/csv': { schema: { type: 'string' } },
      'multipart/form-data': {
        schema: { type: 'object', required: ['file'], properties: { file: { type: 'string', format: 'binary' } } },
      },
    });
  });

  it('checks replies with schemas that do refuse', () => {
    const { responses } = document.paths['/v1/accounts/{account_id}']!['get']!;
    const { schema, example } = mediaOf(responses['200'])!;
    expect(faults(schema, example)).toEqual([]);
    expect(faults(schema, { ...(example as object), colour: 'red' })).not.toEqual([]);
    expect(faults(schema, { ...(example as object), equity: 1_000_000 })).not.toEqual([]);
    expect(faults(schema, { ...(example as object), currency: undefined })).not.toEqual([]);
  });
});

describe('the examples', () => {
  /** Their replies depend on how far a job came, or on which jobs there are. */
  const OF_THE_MOMENT = [
    ...['cancelJob', 'listJobs', 'components'],
    ...['getMessagingStats', 'getTopics', 'getMessages', 'getDeadLetters', 'getDeadLetter'],
    ...['getCacheStats', 'postCacheWarmUp'],
  ];

  it('can be replayed in the order of the tags, deletions last, and answer as the document says', async () => {
    const replayed: string[] = [];
    const inOrder = inOrderOfTags();
    const deadLetters = () => service.get<{ data: unknown[] }>('/v1/messaging/dead-letters');
    for (const [at, { name, method, path, operation }] of inOrder.entries()) {
      const [tag] = operation.tags;
      if (tag !== inOrder[at - 1]?.operation.tags[0]) for (const prepare of BEFORE[tag!] ?? []) await prepare();
      const { params = {}, query = {}, headers = {}, body, contentType } = operation['x-example'];
      // The example of a message that is put aside went before, and takes a moment.
      if (operation.operationId === 'getDeadLetters') await eventually(deadLetters, ({ body }) => body.data.length > 0);
      // What is cancelled must run: a simulation of ours stands in for the job of the example.
      const values = operation.operationId === 'cancelJob' ? { job_id: await longJob() } : params;
      const filled = path.replace(/\{(\w+)\}/g, (_, key) => encodeURIComponent(values[key as keyof typeof values]!));
      const search = new URLSearchParams(
        Object.entries(query).map(([key, value]): [string, string] => [key, String(value)]),
      );
      const sent = contentType ? { ...headers, 'content-type': contentType } : headers;
      const reply: Reply<unknown> = await service.request(method, `${filled}?${search}`, body, sent);
      const declared = operation.responses[reply.status];
      expect([name, reply.status, reply.status < 300 && declared !== undefined, reply.body]).toEqual([
        name,
        reply.status,
        true,
        reply.body,
      ]);
      const media = mediaOf(declared);
      if (media) {
        const type = Object.keys(declared!.content!)[0];
        expect([name, reply.headers.get('content-type')]).toEqual([name, expect.stringContaining(type!)]);
        expect([name, faults(media.schema, reply.body)]).toEqual([name, []]);
        if (!OF_THE_MOMENT.includes(operation.operationId)) {
          expect([name, shown(lasting(reply.body), media.example)]).toEqual([name, lasting(media.example)]);
        }
        if (reply.status === 202) expect(reply.headers.get('location')).toMatch(/^\/v1\/jobs\/job_/);
      } else expect([name, reply.status, reply.body]).toEqual([name, 204, '']);
      replayed.push(name);
    }
    expect(replayed).toHaveLength(operations.length);
  });

  /** What the examples of a tag speak of: without the demo feed nobody quotes, and nobody has sent an order. */
  const BEFORE: Record<string, (() => Promise<unknown>)[]> = {
    Orders: [quotesOfNow, () => ordered({ order_id: 'ORDER_124', symbol: 'MSFT', quantity: '100', price: '234.53' })],
    Approvals: [
      () => ordered({ order_id: 'ORDER_126', symbol: 'KO', quantity: '-1200', price: '62.61' }),
      () => ordered({ order_id: 'ORDER_127', symbol: 'KO', quantity: '-1100', price: '62.61' }),
    ],
  };

  async function quotesOfNow(): Promise<void> {
    const timestamp = new Date().toISOString();
    const price = { MSFT: '234.53', WMT: '140.18', KO: '62.61' };
    const quotes = Object.entries(price).map(([symbol, last]) => ({
      ...{ symbol, price: last, timestamp },
      ...{ bid: (Number(last) - 0.01).toFixed(2), ask: (Number(last) + 0.01).toFixed(2) },
    }));
    expect((await service.post('/v1/quotes', { quotes })).body).toEqual({ accepted: 3, rejected: [] });
  }

  async function ordered(order: object): Promise<void> {
    const { status, body } = await service.request(
      'POST',
      '/v1/orders/check',
      { ...order, account_id: 'acc_income', mode: 'RESERVE' },
      { 'x-actor': 'trader.one' },
    );
    expect([status, body['reservation']]).toEqual([200, expect.anything()]);
  }

  /** As a reader meets them, but value at risk first: before other examples change what the accounts hold. */
  function inOrderOfTags(): NamedOperation[] {
    const tags = ['Value at risk', ...document.tags.map(({ name }) => name)];
    const rank = ({ method, operation }: NamedOperation) =>
      tags.indexOf(operation.tags[0]!) + (method === 'DELETE' ? tags.length : 0);
    return operations.toSorted((a, b) => rank(a) - rank(b));
  }

  /** Of lists that are abridged in an example, what the example has: some checks of a decision, the nearest limits. */
  function shown(body: unknown, example: unknown): unknown {
    if (Array.isArray(body) && Array.isArray(example)) {
      const isCheck = (row: unknown): row is Check => row !== null && typeof row === 'object' && 'exact' in row;
      const isLimit = (row: unknown) => row !== null && typeof row === 'object' && 'utilisation' in row;
      const asShown = (row: Check) =>
        example.some(({ code, level, soft }: Check) => code === row.code && level === row.level && soft === row.soft);
      const rows = body.every(isCheck)
        ? body.filter(asShown)
        : body.every(isLimit)
          ? body.slice(0, example.length)
          : body;
      return rows.map((row, i) => shown(row, example[i]));
    }
    if (body === null || example === null || typeof body !== 'object' || typeof example !== 'object') return body;
    return Object.fromEntries(
      Object.entries(body).map(([key, value]) => [key, shown(value, (example as Record<string, unknown>)[key])]),
    );
  }

  /** Without the times of this run, the ids that it made up, and the last digits, which are those of a processor. */
  function lasting(body: unknown): unknown {
    const text = JSON.stringify(body)
      .replace(/((?:created|updated|started|finished|calculated|decided|expires)_at\\?":\\?")[^"\\]*/g, '$1…')
      .replace(/("(?:reference_)?age_ms":)[\d.]+/g, '$10')
      .replace(/job_[0-9a-f]{8}-[0-9a-f-]{27}/g, 'job_…');
    return JSON.parse(text, (_, value) => {
      if (value?.code === 'RISK_DATA_OLD') return { ...value, after: '…', headroom: '…', message: '…' };
      if (value?.decision_id && value.timestamp) return { ...value, timestamp: '…' };
      return typeof value === 'number' ? Number(value.toPrecision(12)) : value;
    });
  }

  async function longJob(): Promise<string> {
    const body = { account_id: 'firm_demo', simulations: 5_000_000, returns: 'lognormal', contributions: false };
    const { status, body: job } = await service.post('/v1/risk/var/monte-carlo', body);
    expect([status, job]).toEqual([202, expect.objectContaining({ kind: 'monte_carlo_var' })]);
    return String(job['job_id']);
  }
});

it('docs/openapi.json is this document; `npm run docs` writes it', () => {
  const committed = readFileSync(new URL('../../docs/openapi.json', import.meta.url), 'utf8');
  expect(JSON.parse(committed)).toEqual(document);
});

describe('/docs', () => {
  it('loads with everything it needs from the service itself', async () => {
    const page = await service.get<string>('/docs');
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toContain('text/html');
    const addresses = [...page.body.matchAll(/(?:src|href)="([^"#]+)"/g)].map(([, address]) => address!);
    const scripts = addresses.filter((address) => address.endsWith('.js'));
    expect(scripts.length).toBeGreaterThan(1);
    for (const address of addresses) {
      const { origin, pathname } = new URL(address, `${service.url}/docs`);
      expect([address, origin]).toEqual([address, service.url]);
      const asset = await service.get<string>(pathname);
      expect([address, asset.status]).toEqual([address, 200]);
      if (/\.(css|js)$/.test(pathname)) expect(externalLoads(asset.body)).toEqual([]);
    }
    expect(externalLoads(page.body)).toEqual([]);
  });

  it('shows this very document', async () => {
    const script = await service.get<string>('/docs/swagger-ui-init.js');
    expect(script.body).toContain('"operationId": "historicalVar"');
  });

  /** Style sheets, fonts, images and scripts from elsewhere; a link that a reader may follow is none. */
  function externalLoads(text: string): string[] {
    return [...text.matchAll(/(?:@import|url\(|<script[^>]+src=|<link[^>]+href=)\s*["']?(https?:[^"')\s]+)/g)].map(
      ([, address]) => address!,
    );
  }
});
