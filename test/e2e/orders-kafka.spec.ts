import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import kafkajs from 'kafkajs';
import type { AlertMessage } from '../../src/risk/orders/alert.schema.js';
import type { DecisionReply } from '../../src/risk/orders/decision.schema.js';
import { createDatabase } from '../support/database.js';
import { OFFICER, OrderFirm, verdict, type Wire } from '../support/order-firm.js';
import { ServiceProcess } from '../support/service.js';
import { eventually } from '../support/wait.js';

const brokers = process.env['TEST_KAFKA_BOOTSTRAP_SERVERS'];
if (!brokers) throw new Error('TEST_KAFKA_BOOTSTRAP_SERVERS is not set: npm test starts a broker and sets it');

/** The broker keeps its topics between runs: accounts and orders of this run alone. */
const run = randomBytes(4).toString('hex');
const account = (name: string) => `${name}-${run}`;
const TRACE = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

/** A record as it stands on the broker. */
interface Found<Value> {
  readonly key: string;
  readonly value: Value;
  readonly headers: Record<string, string>;
}

const kafka = new kafkajs.Kafka({
  brokers: brokers.split(','),
  clientId: 'outside',
  logLevel: kafkajs.logLevel.NOTHING,
});
const producer = kafka.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner });
const consumer = kafka.consumer({ groupId: `outside-${run}`, maxWaitTimeInMs: 50 });
/** Everything that came on the topics out since the beginning of this spec. */
const decisions: Found<DecisionReply>[] = [];
const alerts: Found<AlertMessage>[] = [];
const letters: Found<string>[] = [];

let database: { url: string; drop: () => Promise<void> };
let service: ServiceProcess;
let firm: OrderFirm;

const startService = () =>
  ServiceProcess.start({
    ...{ RISK_DEMO: 'false', DATABASE_URL: database.url, KAFKA_BOOTSTRAP_SERVERS: brokers },
    ...{ DEFAULT_ACCOUNT_ID: account('default') },
    // Half a day away, so that no session begins while the tests run.
    RISK_SESSION_START: `${String((new Date().getUTCHours() + 12) % 24).padStart(2, '0')}:00Z`,
  });

async function joined(): Promise<void> {
  await eventually(
    () => service.get<{ is_running: boolean }>('/v1/messaging/stats'),
    ({ body }) => body.is_running,
    60_000,
  );
}

beforeAll(async () => {
  database = await createDatabase();
  service = await startService();
  firm = new OrderFirm(service);
  await firm.found();
  for (const name of ['default', 'acc', 'held']) await firm.account(account(name));
  await firm.account(account('small'), { limits: { max_order_quantity: '100' } });
  await joined();
  await Promise.all([producer.connect(), consumer.connect()]);
  const topics = ['order_decisions', 'risk_alerts', 'trade_orders.dead_letter'];
  await consumer.subscribe({ topics, fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ topic, message: { key, value, headers } }) => {
      const text = Object.entries(headers ?? {}).map(([name, header]) => [name, String(header)]);
      const found = { key: String(key), headers: Object.fromEntries(text) as Record<string, string> };
      if (topic === 'trade_orders.dead_letter') letters.push({ ...found, value: String(value) });
      else if (topic === 'risk_alerts') alerts.push({ ...found, value: JSON.parse(String(value)) });
      else decisions.push({ ...found, value: JSON.parse(String(value)) });
    },
  });
}, 180_000);
afterAll(async () => {
  await Promise.allSettled([producer.disconnect(), consumer.disconnect()]);
  await service?.destroy();
  await database?.drop();
}, 60_000);
beforeEach(() => firm.quote());

/** Records with the old engine's key and header. */
const send = (...values: (Wire | string)[]) =>
  producer.send({
    topic: 'trade_orders',
    messages: values.map((value) => ({
      key: 'TRADE_001',
      value: typeof value === 'string' ? value : JSON.stringify(value),
      headers: { source: 'trading_engine', traceparent: TRACE },
    })),
  });

const ofOrder = (orderId: string) => decisions.filter(({ value }) => value.order_id === orderId);

/** The records of an order on `order_decisions`, once there are so many. */
const decided = (orderId: string, count = 1) =>
  eventually(
    () => ofOrder(orderId),
    ({ length }) => length >= count,
  );
const alerted = async (satisfies: (alert: AlertMessage) => boolean) => {
  const found = await eventually(
    () => alerts.filter(({ value }) => satisfies(value)),
    ({ length }) => length > 0,
  );
  return found[0]!;
};
const order = (account_id: string, order_id: string, quantity: number, more: Wire = {}) => ({
  ...{ account_id, order_id, symbol: 'AAA', side: 'BUY', quantity: String(quantity), price: '100.00', ...more },
});

describe('orders on trade_orders', () => {
  it("the old engine's message is decided on order_decisions, with the trace it came with", async () => {
    const id = `ORDER_${run}`;
    const timestamp = new Date().toISOString();
    await send({ order_id: id, symbol: 'AAA', quantity: 100, price: 100.0, timestamp });
    const [found] = await decided(id);
    expect(found).toMatchObject({
      key: id,
      headers: {
        ...{ message_type: 'ORDER_DECISION', source: 'redfire-risk', traceparent: TRACE },
        ...{ 'content-type': 'application/json', ce_type: expect.any(String), ce_id: expect.any(String) },
      },
      value: {
        ...{ order_id: id, account_id: account('default'), decision: 'ACCEPT', allow_order: true, mode: 'RESERVE' },
        ...{ checks: null, nearest: { status: 'PASS' }, revision: 1, replayed: false },
        // 100 × 100.00
        reservation: { quantity: '100', lock_price: '100.00', notional: '10000.00', expires_at: null },
      },
    });
    expect(await firm.working(account('default'))).toMatchObject([{ order_id: id, open_quantity: '100' }]);
    // The same over HTTP.
    const { body } = await service.get(`/v1/orders/${id}/decision?account_id=${account('default')}`);
    expect(body).toEqual(found!.value);
  });

  it('what cannot be read is a dead letter, what names an order and is none is ORDER_INVALID, the rest goes on', async () => {
    const [broken, negative, good] = ['broken', 'negative', 'good'].map((name) => `${name}-${run}`);
    await send(
      `{"order_id":"${broken}`,
      { order_id: 7, symbol: 'AAA', quantity: 1, marker: run },
      order(account('acc'), negative!, -5, { colour: 'red' }),
      order(account('acc'), good!, 5),
    );
    expect((await decided(good!))[0]!.value.decision).toBe('ACCEPT');
    const [{ key, value }] = (await decided(negative!)) as [Found<DecisionReply>];
    expect([key, verdict(value), value.account_id]).toEqual([negative, 'REJECT ORDER_INVALID', account('acc')]);
    expect(value.reasons[0]!.message).toMatch(
      /\/quantity expected a number > 0, got "-5".*\/colour|\/colour.*\/quantity/,
    );
    const mine = await eventually(
      () => letters.filter((letter) => letter.value.includes(run)),
      ({ length }) => length === 2,
    );
    expect(mine.map(({ headers }) => headers['dl_class']).sort()).toEqual(['invalid', 'not_json']);
    expect(mine.map((letter) => [letter.headers['source'], letter.headers['dl_topic']])).toEqual(
      Array(2).fill(['trading_engine', 'trade_orders']),
    );
    expect(ofOrder(broken!)).toEqual([]);
    // An invalid record is not remembered as an id: the order itself may still come.
    await send(order(account('acc'), negative!, 5));
    expect((await decided(negative!, 2)).map((found) => found.value.decision)).toEqual(['REJECT', 'ACCEPT']);
  });

  it('a record that comes again gets the same decision again, and nothing is held twice', async () => {
    const id = `again-${run}`;
    await send(order(account('held'), id, 30), order(account('held'), id, 30));
    await send(order(account('held'), id, 30));
    const found = await decided(id, 3);
    expect(new Set(found.map(({ value }) => value.decision_id)).size).toBe(1);
    expect(found.map(({ value }) => value.replayed)).toEqual([false, true, true]);
    expect(await firm.working(account('held'))).toMatchObject([{ order_id: id, open_quantity: '30' }]);
    // With other content it is refused under another decision, which is not that of the order.
    await send(order(account('held'), id, 31));
    const refused = (await decided(id, 4))[3]!.value;
    expect(verdict(refused)).toBe('REJECT DUPLICATE_ID');
    expect(refused.decision_id).not.toBe(found[0]!.value.decision_id);
    // And over HTTP it is the same order.
    expect(await firm.reserve(order(account('held'), id, 30))).toMatchObject({
      ...{ replayed: true, decision_id: found[0]!.value.decision_id },
    });
  });

  it('a decision over HTTP is published too, and the outcome of an approval as its second revision', async () => {
    const id = `large-${run}`;
    const pending = await firm.reserve(order(account('acc'), id, 1001, { symbol: 'CCC', price: '20.00' }));
    await decided(id);
    await firm.done('POST', `/v1/approvals/${pending.decision_id}/approve`, { reason: 'seen' }, OFFICER);
    const found = (await decided(id, 2)).map(({ value }) => value);
    expect(found.map(({ decision_id, decision, revision }) => [decision_id, decision, revision])).toEqual([
      [pending.decision_id, 'PENDING_APPROVAL', 1],
      [pending.decision_id, 'ACCEPT', 2],
    ]);
  });
});

describe('updates on portfolio_updates', () => {
  it('fill orders, each exec_id once, whatever fields the venue adds', async () => {
    const [id, name] = [`filled-${run}`, account('filled')];
    await firm.account(name);
    await firm.reserve(order(name, id, 100));
    const fill = {
      ...{ order_id: id, account_id: name, exec_id: 'E1', status: 'PARTIALLY_FILLED', symbol: 'AAA', side: 'BUY' },
      ...{ quantity: '40', price: '99.5', timestamp: new Date().toISOString(), venue: 'XNAS' },
    };
    const update = (value: Wire) => ({ key: name, value: JSON.stringify(value) });
    const rest = { ...fill, exec_id: 'E2', status: 'FILLED', quantity: '60' };
    await producer.send({ topic: 'portfolio_updates', messages: [fill, fill].map(update) });
    await eventually(
      () => firm.working(name),
      ([working]) => working?.open_quantity === '60',
    );
    await producer.send({ topic: 'portfolio_updates', messages: [update(rest)] });
    await eventually(
      () => firm.working(name),
      ({ length }) => length === 0,
    );
    expect(await firm.positions(name)).toEqual({ AAA: '100' });
  });
});

describe('alerts on risk_alerts', () => {
  it('tell of an order that breaches a hard limit', async () => {
    const id = `over-${run}`;
    await send(order(account('small'), id, 101));
    expect(verdict((await decided(id))[0]!.value)).toBe('REJECT MAX_ORDER_QTY');
    const { key, value, headers } = await alerted(({ order_id }) => order_id === id);
    expect(value).toMatchObject({
      ...{ alert_id: key, rule_id: null, code: 'LIMIT_BREACH', account_id: account('small'), severity: 'MEDIUM' },
      ...{ state: 'FIRING', message: expect.stringContaining('the order quantity is 101') },
      details: { reason: 'MAX_ORDER_QTY', level: 'ACCOUNT', after: '101', limit: '100', headroom: '-1' },
    });
    expect(headers['message_type']).toBe('RISK_ALERT');
  });

  it('tell of a loss that latches, at the latest a second after the price: 100 × 10 of 999', async () => {
    const name = account('falls');
    await firm.quote({ FALL: 100 });
    await firm.account(name, { positions: { FALL: 100 }, limits: { max_daily_loss: '999' } });
    await firm.quote({ FALL: 90 });
    const { value } = await alerted(({ code, account_id }) => code === 'LATCH' && account_id === name);
    expect(value).toMatchObject({
      ...{ severity: 'CRITICAL', rule_id: null, order_id: null },
      details: { latch: 'DAILY_LOSS', level: 'ACCOUNT', loss: '1000.00', limit: '999.00', unit: 'USD' },
    });
  });

  it('tell of a kill switch, and of a fill that nobody expected', async () => {
    await firm.state('account', account('small'), 'HALTED');
    const { value } = await alerted(
      ({ code, account_id }) => code === 'KILL_SWITCH' && account_id === account('small'),
    );
    expect(value).toMatchObject({
      ...{ severity: 'CRITICAL', rule_id: null, order_id: null },
      details: { level: 'ACCOUNT', reason: 'a test', actor: 'risk.officer' },
    });
    const id = `ghost-${run}`;
    await firm.update({
      ...{ order_id: id, account_id: account('small'), exec_id: 'E1', status: 'FILLED', symbol: 'AAA', side: 'BUY' },
      ...{ quantity: '7', price: '100' },
    });
    const ghost = await alerted(({ order_id }) => order_id === id);
    expect(ghost.value).toMatchObject({
      ...{ code: 'UNEXPECTED_FILL', rule_id: null, severity: 'HIGH' },
      details: { cause: 'UNKNOWN_ORDER', exec_id: 'E1', quantity: '7', price: '100.00' },
    });
  });
});

/** 100 at a time, as an engine would. */
async function sendAll(orders: readonly Wire[]): Promise<void> {
  for (let from = 0; from < orders.length; from += 100) {
    await send(...orders.slice(from, from + 100));
    await sleep(10);
  }
}

/** Distinct decision ids by order, of the orders of an account. */
function idsByOrder(name: string): Map<string, Set<string>> {
  const ids = new Map<string, Set<string>>();
  for (const { value } of decisions) {
    if (value.account_id !== name) continue;
    ids.set(value.order_id, (ids.get(value.order_id) ?? new Set()).add(value.decision_id));
  }
  return ids;
}

const acceptedOnTopic = (name: string) => [
  ...new Set(
    decisions.filter(({ value }) => value.account_id === name && value.allow_order).map(({ value }) => value.order_id),
  ),
];

describe('both doors at once', () => {
  it('race for the last headroom: of 600 orders of 3 shares for 1000 shares 333 are accepted, each decided once', async () => {
    const name = account('race');
    await firm.account(name, { limits: { max_long_quantity: '1000' } });
    const orders = Array.from({ length: 600 }, (_, i) => order(name, `race-${i}`, 3));
    const overHttp = orders.filter((_, i) => i % 2 === 0);
    const overKafka = orders.filter((_, i) => i % 2 === 1);
    const replies: DecisionReply[] = [];
    const caller = async (mine: readonly Wire[]) => {
      for (const request of mine) replies.push(await firm.reserve(request));
    };
    const callers = Array.from({ length: 16 }, (_, c) => caller(overHttp.filter((_, i) => i % 16 === c)));
    // Some of what goes over HTTP comes on Kafka as well.
    await Promise.all([...callers, sendAll([...overKafka, ...overHttp.slice(0, 50)])]);
    const ids = await eventually(
      () => idsByOrder(name),
      ({ size }) => size === 600,
      60_000,
    );
    expect([...ids.values()].every(({ size }) => size === 1)).toBe(true);
    // 333 × 3 = 999; one more would be 1002.
    const accepted = acceptedOnTopic(name).sort();
    expect(accepted).toHaveLength(333);
    const working = await firm.working(name);
    expect(working.map(({ order_id }) => order_id).sort()).toEqual(accepted);
    expect(working.reduce((sum, { open_quantity }) => sum + Number(open_quantity), 0)).toBe(999);
    expect(replies.filter(({ order_id, decision_id }) => !ids.get(order_id)!.has(decision_id))).toEqual([]);
    const refused = decisions.filter(({ value }) => value.account_id === name && !value.allow_order);
    for (const { value } of refused) expect(value.reasons).toMatchObject([{ code: 'POSITION_LIMIT', limit: '1000' }]);
    // Both doors had their share: neither waited for the other.
    const numbers = accepted.map((id) => Number(id.split('-')[1]));
    expect([0, 1].map((door) => numbers.some((number) => number % 2 === door))).toEqual([true, true]);
  });

  it('survive kill -9: every order has one decision, and what is accepted is held, no more and no less', async () => {
    const name = account('killed');
    await firm.account(name, { limits: { max_long_quantity: '1500' } });
    // A third of them is too many.
    const orders = Array.from({ length: 1_500 }, (_, i) => order(name, `kill-${i}`, 1 + (i % 2)));
    const overHttp = orders.slice(0, 300);
    const answered: DecisionReply[] = [];
    const open = new Set(overHttp);
    const caller = async (mine: readonly Wire[]) => {
      for (const request of mine) {
        try {
          answered.push(await firm.reserve(request));
          open.delete(request as (typeof overHttp)[number]);
        } catch {
          await sleep(20);
        }
      }
    };
    const callers = Array.from({ length: 8 }, (_, c) => caller(overHttp.filter((_, i) => i % 8 === c)));
    const sent = sendAll(orders.slice(300));
    // In the middle of it, twice.
    for (const count of [200, 600]) {
      await eventually(
        () => idsByOrder(name).size + answered.length,
        (size) => size >= count,
        60_000,
      );
      expect(await service.end('SIGKILL')).toBe('SIGKILL');
      service = await startService();
      firm.service = service;
      await firm.quote();
    }
    await Promise.all([...callers, sent]);
    await joined();
    // Who got no answer asks again.
    for (const request of open) answered.push(await firm.reserve(request));
    const ids = await eventually(
      () => idsByOrder(name),
      ({ size }) => size === orders.length,
      80_000,
    );
    expect([...ids].filter(([, { size }]) => size !== 1)).toEqual([]);
    expect(answered.filter(({ order_id, decision_id }) => !ids.get(order_id)!.has(decision_id))).toEqual([]);
    const verdicts = new Map<string, Set<string>>();
    for (const { value } of [
      ...decisions.filter((found) => found.value.account_id === name),
      ...answered.map((value) => ({ value })),
    ]) {
      verdicts.set(value.order_id, (verdicts.get(value.order_id) ?? new Set()).add(value.decision));
    }
    expect([...verdicts].filter(([, { size }]) => size !== 1)).toEqual([]);
    const working = await firm.working(name);
    expect(working.map(({ order_id }) => order_id).sort()).toEqual(acceptedOnTopic(name).sort());
    // Single shares fill what pairs leave: exactly the limit.
    expect(working.reduce((sum, { open_quantity }) => sum + Number(open_quantity), 0)).toBe(1_500);
  }, 150_000);
});
