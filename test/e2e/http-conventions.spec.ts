import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import pg from 'pg';
import type { Problem } from '../../src/http/problem.schema.js';
import { createDatabase } from '../support/database.js';
import { type Reply, ServiceProcess } from '../support/service.js';

const MEGABYTE = 1024 * 1024;
const JSON_TYPE = { 'content-type': 'application/json' };
/** What would tell a client of our insides. */
const INSIDES =
  /node_modules|\.(?:js|ts):\d|FST_|fastify|nest|zod|drizzle|pglite|\bselect\b|\binsert into|syntaxerror/i;

let service: ServiceProcess;
const codesSeen = new Set<string>();

beforeAll(async () => {
  service = await ServiceProcess.start();
});
afterAll(() => service.destroy());

/** The problem of a reply, after checking what holds for every problem. */
function problemOf(reply: Reply<unknown>, status: number, code: string): Problem {
  const problem = reply.body as Problem;
  expect(problem).toMatchObject({ status, code, type: `/problems/${code}`, title: expect.stringMatching(/^[A-Z]/) });
  expect(reply.status).toBe(status);
  expect(reply.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  expect(problem.request_id).toBe(reply.headers.get('x-request-id'));
  expect(JSON.stringify(problem)).not.toMatch(INSIDES);
  codesSeen.add(code);
  return problem;
}

/** `where/pointer code` of each single problem. */
function fields(problem: Problem): string[] {
  return (problem.errors ?? []).map(({ in: where = 'body', pointer, code }) => `${where}${pointer} ${code}`);
}

/** A request that `fetch` would not send. */
function send(method: string, path: string, { headers = {} }: { headers?: Record<string, string> } = {}) {
  return new Promise<Reply<unknown>>((resolve, reject) => {
    const request = httpRequest(`${service.url}${path}`, { method, headers }, async (response) => {
      let text = '';
      for await (const chunk of response) text += chunk;
      const pairs = Object.entries(response.headers).map(([name, value]) => [name, String(value)] as [string, string]);
      resolve({ status: response.statusCode!, headers: new Headers(pairs), body: text && JSON.parse(text) });
    });
    request.on('error', reject).end();
  });
}

/** Bytes on a bare connection, and what comes back until it is closed. */
function sendBytes(text: string): Promise<Reply<unknown>> {
  const { hostname, port } = new URL(service.url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(text));
    let answer = '';
    socket.setEncoding('utf8').on('data', (data) => {
      answer += data;
    });
    socket.on('error', reject).on('end', () => {
      const [head, body] = answer.split('\r\n\r\n') as [string, string];
      const [statusLine, ...lines] = head.split('\r\n');
      const headers = new Headers(lines.map((line) => line.split(': ') as [string, string]));
      resolve({ status: Number(statusLine!.split(' ')[1]), headers, body: JSON.parse(body) });
    });
  });
}

describe('what is wrong with a request', () => {
  it('is told all at once, in path, query and body, each with its pointer, code, what was expected and what was got', async () => {
    const body = { kind: 'TEAM', currency: 'usd', equity: '1e400', account_type: null, colour: 'red' };
    const reply = await service.request('PUT', '/v1/accounts/no%20spaces?dry_run=1&limit=2', body);
    const problem = problemOf(reply, 400, 'validation_failed');
    expect(fields(problem).sort()).toEqual([
      'body/account_type invalid_value',
      'body/colour unknown_field',
      'body/currency invalid_format',
      'body/equity invalid_value',
      'body/kind invalid_value',
      'path/account_id invalid_format',
      'query/dry_run unknown_field',
      'query/limit unknown_field',
    ]);
    expect(problem).toMatchObject({ instance: '/v1/accounts/no%20spaces', detail: '8 fields are wrong' });
    expect(problem.errors).toContainEqual({
      pointer: '/kind',
      code: 'invalid_value',
      detail: 'expected "FIRM" or "DESK" or "ACCOUNT", got "TEAM"',
    });
  });

  it('names the item of a list', async () => {
    const quotes = [
      { symbol: 'AAPL', price: '1', timestamp: '2026-01-02T10:00:00Z' },
      { symbol: 'A B', price: 'dear', timestamp: 'today', extra: 1 },
    ];
    const problem = problemOf(await service.post('/v1/quotes', { quotes }), 400, 'validation_failed');
    const wanted = ['price invalid_value', 'symbol invalid_format', 'timestamp invalid_format', 'extra unknown_field'];
    expect(fields(problem).sort()).toEqual(wanted.map((field) => `body/quotes/1/${field}`).sort());
  });

  it('escapes a field name in its pointer', async () => {
    const reply = await service.post('/v1/quotes', { quotes: [], 'a/b~c': 1 });
    expect(fields(problemOf(reply, 400, 'validation_failed'))).toContain('body/a~1b~0c unknown_field');
  });

  it.each([
    ['/v1/accounts?colour=red', ['query/colour unknown_field']],
    ['/v1/accounts?limit=0', ['query/limit too_small']],
    ['/v1/accounts?limit=501', ['query/limit too_big']],
    ['/v1/accounts?limit=2&limit=3', ['query/limit invalid_type']],
    ['/v1/accounts?limit=ten&kind=TEAM', ['query/limit invalid_type', 'query/kind invalid_value']],
    ['/v1/jobs/one?x=1', ['path/job_id invalid_format', 'query/x unknown_field']],
    ['/v1/prices/AAPL?start_date=2009-02-30', ['query/start_date invalid_format']],
    ['/health/live?verbose=1', ['query/verbose unknown_field']],
    [`/v1/accounts/${'a'.repeat(5_000)}`, ['path/account_id too_big']],
  ])('is told of the address %s', async (path, wanted) => {
    const problem = problemOf(await service.get(path), 400, 'validation_failed');
    expect(fields(problem)).toEqual(wanted);
  });

  it.each(['__proto__', 'constructor', 'prototype'])(
    'may be a field named %s, like any other unknown one',
    async (name) => {
      const body = `{"quotes":[{"symbol":"AAPL","price":1,"timestamp":"2026-01-02T10:00:00Z","${name}":{"polluted":1}}]}`;
      const problem = problemOf(await service.request('POST', '/v1/quotes', body, JSON_TYPE), 400, 'validation_failed');
      expect(fields(problem)).toEqual([`body/quotes/0/${name} unknown_field`]);
      const top = problemOf(
        await service.request('POST', '/v1/quotes', `{"${name}":{}}`, JSON_TYPE),
        400,
        'validation_failed',
      );
      expect(fields(top)).toEqual(['body/quotes required', `body/${name} unknown_field`]);
    },
  );

  it('may be a body where none is expected', async () => {
    const problem = problemOf(
      await service.post('/v1/jobs/job_demo/cancel', { force: true }),
      400,
      'validation_failed',
    );
    expect(fields(problem)).toEqual(['body/force unknown_field']);
  });

  it.each([
    ['{"quotes": [', 'malformed_json', 'got text that is none'],
    ['{quotes: []}', 'malformed_json', 'got text that is none'],
    ['', 'validation_failed', 'expected an object, got nothing'],
    ['[]', 'validation_failed', 'expected an object, got an array of 0'],
    ['null', 'validation_failed', 'expected an object, got null'],
    ['"quotes"', 'validation_failed', 'expected an object, got "quotes"'],
  ])('may be the body %j', async (body, code, detail) => {
    const problem = problemOf(await service.request('POST', '/v1/quotes', body, JSON_TYPE), 400, code);
    expect(problem.detail).toContain(detail);
  });

  it('may be that there is no body', async () => {
    const problem = problemOf(await service.request('POST', '/v1/quotes'), 400, 'validation_failed');
    expect(problem.detail).toBe('expected an object, got nothing');
  });

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/xml',
    'text/csv',
    'multipart/form-data; boundary=x',
    'nonsense',
  ])('may be the content type %s', async (type) => {
    const reply = await service.request('POST', '/v1/quotes', 'quotes=1', { 'content-type': type });
    expect(problemOf(reply, 415, 'unsupported_media_type').detail).toContain(type.split(';')[0]);
  });

  it.each(['application/json', 'text/plain'])('may be an import as %s', async (type) => {
    const reply = await service.request('POST', '/v1/prices/imports', '{}', { 'content-type': type });
    const problem = problemOf(reply, 415, 'unsupported_media_type');
    expect(problem.detail).toBe(`expected text/csv or multipart/form-data, got ${type}`);
  });
});

describe('a refusal by what is stored', () => {
  const held = { positions: [{ symbol: 'KO', quantity: '7' }] };
  const put = (path: string, body: unknown, ifMatch?: string) =>
    service.request('PUT', path, body, ifMatch === undefined ? {} : { 'if-match': ifMatch });

  it('names the header If-Match, malformed or outdated', async () => {
    await put('/v1/accounts/acc_match', { kind: 'ACCOUNT', currency: 'USD' });
    const path = '/v1/accounts/acc_match/positions';
    const malformed = problemOf(await put(path, held, 'seven'), 400, 'validation_failed');
    expect(fields(malformed)).toEqual(['header/if-match invalid_format']);
    expect(malformed.detail).toBe('expected the header If-Match to be a version such as 7, got "seven"');
    const outdated = problemOf(await put(path, held, '3'), 409, 'version_conflict');
    expect(fields(outdated)).toEqual(['header/if-match version_conflict']);
    expect(outdated).toMatchObject({ version: 0, errors: [{ detail: 'expected version 0, got 3' }] });
    expect((await put(path, held, '"0"')).status).toBe(200);
    expect((await service.request('DELETE', '/v1/accounts/acc_match')).status).toBe(204);
  });

  it('names the account that the address is of', async () => {
    const deletion = problemOf(await service.request('DELETE', '/v1/accounts/firm_demo'), 409, 'conflict');
    expect(fields(deletion)).toEqual(['path/account_id has_children']);
    const positions = problemOf(await put('/v1/accounts/firm_demo/positions', held), 409, 'conflict');
    expect(fields(positions)).toEqual(['path/account_id holds_no_positions']);
  });
});

describe('an address', () => {
  it.each(['/', '/v1', '/v1/nothing', '/v2/accounts', '/v1/accounts/', '//v1/accounts', '/docs/nothing.js'])(
    '%s that does not exist is 404',
    async (path) => {
      const problem = problemOf(await service.get(path), 404, 'not_found');
      expect(problem).toMatchObject({ instance: path, detail: `GET ${path}` });
    },
  );

  it.each(['/docs/../../etc/passwd', '/docs/..%2f..%2f..%2fetc%2fpasswd', '/docs/%2e%2e/%2e%2e/package.json'])(
    '%s that leads out of the documentation is 404',
    async (path) => {
      const reply = await sendBytes(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
      problemOf(reply, 404, 'not_found');
    },
  );

  it.each(['/v1/accounts/%zz', '/v1/accounts/%e0%80', '/%'])('%s that cannot be decoded is 400', async (path) => {
    const reply = await send('GET', path, { headers: { 'x-request-id': 'mine-1' } });
    expect(problemOf(reply, 400, 'malformed_request').request_id).toBe('mine-1');
  });

  it.each([
    ['DELETE', '/v1/accounts', 'GET, HEAD'],
    ['POST', '/v1/accounts/acc_1', 'DELETE, GET, HEAD, PUT'],
    ['PATCH', '/v1/quotes', 'POST'],
    ['GET', '/v1/quotes', 'POST'],
    ['OPTIONS', '/v1/quotes', 'POST'],
    ['QUERY', '/v1/accounts', 'GET, HEAD'],
    ['TRACE', '/v1/accounts', 'GET, HEAD'],
    ['PROPFIND', '/health/live', 'GET, HEAD'],
    ['PUT', '/openapi.json', 'GET, HEAD'],
  ])('refuses %s %s with 405 and Allow: %s', async (method, path, allow) => {
    const reply = await send(method, path);
    const problem = problemOf(reply, 405, 'method_not_allowed');
    expect(reply.headers.get('allow')).toBe(allow);
    expect(problem.detail).toBe(`got ${method}, expected ${allow.replaceAll(', ', ' or ')}`);
  });

  it.each(['QUERY', 'TRACE', 'DELETE'])('that does not exist is 404 for %s too', async (method) => {
    problemOf(await send(method, '/v1/nothing'), 404, 'not_found');
  });

  it('answers HEAD like GET, without a body', async () => {
    const [head, get] = [await send('HEAD', '/v1/accounts'), await service.get('/v1/accounts')];
    expect(head).toMatchObject({ status: 200, body: '' });
    for (const name of ['content-type', 'content-length']) expect(head.headers.get(name)).toBe(get.headers.get(name));
    expect(await send('HEAD', '/v1/accounts/nobody')).toMatchObject({ status: 404, body: '' });
  });
});

describe('bytes that are no request', () => {
  it.each([
    ['garbage', 'GARBAGE\r\n\r\n', 400, 'malformed_request'],
    ['an unheard-of method', 'BREW /v1/accounts HTTP/1.1\r\nHost: x\r\n\r\n', 400, 'malformed_request'],
    ['a length in words', 'GET / HTTP/1.1\r\nHost: x\r\nContent-Length: many\r\n\r\n', 400, 'malformed_request'],
    ['a huge header', `GET / HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`, 431, 'headers_too_large'],
  ])('such as %s are answered with a problem too', async (_name, text, status, code) => {
    problemOf(await sendBytes(text), status, code);
  });
});

describe('a body that is too large', () => {
  const filled = (bytes: number) => `{"quotes":[],"padding":"${'x'.repeat(bytes)}"}`;

  it('is refused from 1 MB on, and the connection goes on', async () => {
    const just = await service.request('POST', '/v1/quotes', filled(MEGABYTE - 50), JSON_TYPE);
    problemOf(just, 400, 'validation_failed');
    const reply = await service.request('POST', '/v1/quotes', filled(MEGABYTE), JSON_TYPE);
    const problem = problemOf(reply, 413, 'payload_too_large');
    expect(problem.detail).toBe('expected at most 1048576 bytes, got more');
    expect((await service.get('/health/live')).status).toBe(200);
  });

  it('is refused too where it does not say how large it is', async () => {
    const body = Readable.toWeb(Readable.from(Array.from({ length: 40 }, () => Buffer.alloc(64 * 1024, ' '))));
    const init = { method: 'POST', body, duplex: 'half', headers: JSON_TYPE };
    const response = await fetch(`${service.url}/v1/quotes`, init as unknown as RequestInit);
    const reply = { status: response.status, headers: response.headers, body: await response.json() };
    problemOf(reply, 413, 'payload_too_large');
  });

  it.each(['with', 'without'])('is one of more than 64 MB for an import %s a stated length', async (length) => {
    const chunk = Buffer.alloc(MEGABYTE, '2020-01-02,1\n');
    const chunks = Readable.from(Array.from({ length: 65 }, () => chunk));
    const url = new URL(`${service.url}/v1/prices/imports`);
    const headers = { 'content-type': 'text/csv', ...(length === 'with' && { 'content-length': 65 * MEGABYTE }) };
    const reply = await new Promise<Reply<unknown>>((resolve, reject) => {
      const request = httpRequest(url, { method: 'POST', headers }, async (response) => {
        let text = '';
        for await (const part of response) text += part;
        const pairs = Object.entries(response.headers).map(
          ([name, value]) => [name, String(value)] as [string, string],
        );
        resolve({ status: response.statusCode!, headers: new Headers(pairs), body: JSON.parse(text) });
      });
      chunks.pipe(request).on('error', reject);
    });
    expect(problemOf(reply, 413, 'payload_too_large').detail).toBe('expected at most 67108864 bytes, got more');
    expect((await service.get('/health/ready')).status).toBe(200);
  });
});

describe('X-Request-Id', () => {
  const idOf = async (given?: string) => {
    const headers: Record<string, string> = given === undefined ? {} : { 'x-request-id': given };
    const reply = await service.request('GET', '/v1/accounts/nobody', undefined, headers);
    return problemOf(reply, 404, 'account_not_found').request_id;
  };

  it('is taken and given back', async () => {
    expect(await idOf('order-17:retry.2_A')).toBe('order-17:retry.2_A');
    const reply = await service.request('GET', '/health/live', undefined, { 'x-request-id': 'good' });
    expect(reply.headers.get('x-request-id')).toBe('good');
  });

  it('is made where there is none, each time another', async () => {
    const [first, second] = [await idOf(), await idOf()];
    expect(first).toMatch(/^req_[0-9a-f-]{36}$/);
    expect(second).not.toBe(first);
  });

  it.each(['two words', '<script>', 'a'.repeat(129), 'é', '"; drop table accounts'])(
    'is not taken where it is %j',
    async (garbage) => {
      expect(await idOf(garbage)).toMatch(/^req_/);
    },
  );
});

describe('a list', () => {
  interface Page {
    data: Record<string, string>[];
    next_cursor: string | null;
  }
  it.each([
    ['/v1/accounts', 'account_id', 7],
    ['/v1/accounts?kind=ACCOUNT', 'account_id', 4],
    ['/v1/instruments', 'symbol', 10],
    ['/v1/prices', 'symbol', 10],
    ['/v1/prices/AAPL?start_date=2009-01-01&end_date=2009-01-31', 'date', 20],
  ])('%s comes whole in pages, by %s', async (path, key, count) => {
    const whole = (await service.get<Page>(path)).body;
    expect(whole.next_cursor).toBeNull();
    const walked: Record<string, string>[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const query: string = `limit=3${cursor && `&cursor=${encodeURIComponent(cursor)}`}`;
      const { body }: Reply<Page> = await service.get<Page>(`${path}${path.includes('?') ? '&' : '?'}${query}`);
      expect(body.data.length).toBeLessThanOrEqual(3);
      walked.push(...body.data);
      cursor = body.next_cursor;
    }
    expect(walked).toEqual(whole.data);
    expect(walked).toHaveLength(count);
    const keys = walked.map((item) => item[key]!);
    expect(keys).toEqual([...new Set(keys)].sort());
  });

  it('of jobs comes newest first', async () => {
    const upload = (n: number) =>
      service.request('POST', '/v1/prices/imports?dry_run=true', `date,JOB${n}\n2020-01-02,1\n`, {
        'content-type': 'text/csv',
      });
    const ids: string[] = [];
    for (let n = 0; n < 3; n++) ids.push(String((await upload(n)).body['job_id']));
    for (const id of ids) await service.finishedJob(id);
    const first = (await service.get<Page>('/v1/jobs?limit=2')).body;
    const rest = (await service.get<Page>(`/v1/jobs?limit=50&cursor=${first.next_cursor}`)).body;
    const listed = [...first.data, ...rest.data].map(({ job_id }) => job_id);
    expect(listed.slice(0, 3)).toEqual(ids.reverse());
    expect(listed.at(-1)).toBe('job_demo');
    expect(rest.next_cursor).toBeNull();
  });

  it('knows its own cursors only', async () => {
    const reply = await service.get('/v1/jobs?cursor=job_unknown');
    expect(fields(problemOf(reply, 400, 'validation_failed'))).toEqual(['query/cursor unknown_cursor']);
  });

  // PostgreSQL has no NUL in its texts.
  const refusesNul = async (path: string) => {
    const problem = problemOf(await service.get(`${path}?cursor=%00`), 400, 'validation_failed');
    expect(fields(problem)).toEqual(['query/cursor invalid_format']);
  };
  it.each(['/v1/accounts', '/v1/instruments', '/v1/prices', '/v1/jobs'])('%s refuses a cursor with a NUL', refusesNul);
});

describe('money', () => {
  it('is taken as number or text and answered as text', async () => {
    const body = { kind: 'ACCOUNT', currency: 'USD', equity: 1000000.1, cash: '-0.10' };
    const reply = await service.request('PUT', '/v1/accounts/acc_money', body);
    expect(reply).toMatchObject({ status: 200, body: { equity: '1000000.1', cash: '-0.1' } });
    expect((await service.request('DELETE', '/v1/accounts/acc_money')).status).toBe(204);
  });

  it('is text in every reply', async () => {
    const money =
      /^(equity|cash|price|bid|ask|close|mark|market_value|average_price|volume|quantity|unrealized_pnl|portfolio_value|var_value|expected_shortfall|pnl|component_var|component_es|adv|tick_size|lot_size|multiplier)$/;
    const found = new Set<string>();
    const look = (value: unknown): void => {
      if (value === null || typeof value !== 'object') return;
      for (const [key, inner] of Object.entries(value)) {
        if (money.test(key) && inner !== null) {
          expect([key, inner]).toEqual([key, expect.stringMatching(/^-?\d+(\.\d+)?$/)]);
          found.add(key);
        } else look(inner);
      }
    };
    const wanted = { account_id: 'default' };
    for (const path of [
      '/v1/accounts',
      '/v1/accounts/default/positions',
      '/v1/instruments',
      '/v1/prices/AAPL?limit=5',
    ]) {
      look((await service.get(path)).body);
    }
    for (const method of ['historical', 'parametric', 'monte-carlo']) {
      look((await service.post(`/v1/risk/var/${method}`, wanted)).body);
    }
    expect(found.size).toBeGreaterThan(14);
  });
});

it('an unexpected failure is 500 without any detail, and the log has the reason under the request id', async () => {
  const database = await createDatabase();
  const broken = await ServiceProcess.start({ DATABASE_URL: database.url, RISK_DEMO: 'false' });
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    await client.query('drop table accounts cascade');
    const reply = await broken.request('GET', '/v1/accounts', undefined, { 'x-request-id': 'find-me' });
    const problem = problemOf(reply, 500, 'internal');
    expect(Object.keys(problem).sort()).toEqual(['code', 'instance', 'request_id', 'status', 'title', 'type']);
    await broken.logged('"err":{');
    const logged = broken.lines
      .map((line) => JSON.parse(line))
      .find((line) => line.request_id === 'find-me' && line.err);
    expect(logged).toMatchObject({
      level: 50,
      url: '/v1/accounts',
      err: { message: expect.stringContaining('accounts') },
    });
    expect((await broken.get('/health/live')).status).toBe(200);
  } finally {
    await client.end();
    await broken.destroy();
    await database.drop();
  }
});

it('the log names a request by request_id, once in a line, and by nothing else', async () => {
  const talkative = await ServiceProcess.start({ LOG_LEVEL: 'debug', RISK_DEMO: 'false' });
  try {
    const body = '--x\r\ncontent-disposition: form-data; name="other"\r\n\r\nvalue\r\n--x--\r\n';
    const headers = { 'content-type': 'multipart/form-data; boundary=x', 'x-request-id': 'find-me' };
    expect((await talkative.request('POST', '/v1/prices/imports', body, headers)).status).toBe(400);
    await talkative.logged('"msg":"request"');
    const lines = talkative.lines.filter((line) => line.includes('find-me'));
    // One of Fastify's own, and ours at the end of the request.
    expect(lines.map((line) => JSON.parse(line).msg)).toEqual(['starting multipart parsing', 'request']);
    for (const line of lines)
      expect(line.match(/"(?:request_id|reqId)":"find-me"/g)).toEqual(['"request_id":"find-me"']);
  } finally {
    await talkative.destroy();
  }
});

it('every code that came is explained at its type', async () => {
  expect(codesSeen.size).toBeGreaterThan(9);
  for (const code of codesSeen) {
    const reply = await service.get(`/problems/${code}`);
    expect(reply).toMatchObject({ status: 200, body: { code, status: expect.any(Number), title: expect.any(String) } });
  }
  problemOf(await service.get('/problems/constructor'), 404, 'not_found');
});
