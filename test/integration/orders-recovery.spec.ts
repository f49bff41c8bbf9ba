import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import fc from 'fast-check';
import { scaled } from '../../src/book/amount.js';
import type { OrderRequest, OrderUpdate } from '../../src/book/inputs.js';
import { DEFAULT_SETTINGS } from '../../src/book/limits.js';
import { type BookRecords, bytesOf } from '../../src/book/records.js';
import { BookRepository } from '../../src/database/book.repository.js';
import type { Database } from '../../src/database/database.js';
import { LeasesRepository } from '../../src/database/leases.repository.js';
import type { BookWrite } from '../../src/risk/orders/book-write.js';
import { LiveBookService } from '../../src/risk/orders/live-book.service.js';
import { OrderUpdatesService } from '../../src/risk/orders/order-updates.service.js';
import { OrdersService } from '../../src/risk/orders/orders.service.js';
import type { BookStamp } from '../../src/risk/orders/ports.js';
import { FixedClock } from '../support/builders.js';
import { describeOnBothDatabases } from '../support/database.js';
import { ownForLong, TestOwnership } from '../support/live-book.js';
import { history, NOON, SYMBOLS, storeTradingFirm } from '../support/trading-firm.js';

const KAFKA = { detail: 'nearest', published: true } as const;

/** As orders of Kafka are decided, what is stored of their answers. */
const decide = async ({ orders }: Pick<Running, 'orders'>, requests: readonly OrderRequest[]) =>
  (await orders.decide(requests, KAFKA)).map(({ reply }) => reply);

/** Longer than a book needs to be loaded again. */
const LATE_MS = 1_000;

/** A store that dies at a step of its next write. */
class MortalStore extends BookRepository {
  dies: 'before the write' | 'after the write' | 'and the write comes later' | null = null;
  /** Number of the late write, null where it was not stored. */
  late: Promise<number | null> | undefined;

  override async append(write: BookWrite, stamp: BookStamp): Promise<number | null> {
    const { dies } = this;
    this.dies = null;
    if (dies === 'before the write') throw new Error('killed');
    if (dies === 'and the write comes later') {
      this.late = sleep(LATE_MS).then(() => super.append(write, stamp));
      throw new Error('the answer was lost');
    }
    const number = await super.append(write, stamp);
    if (dies === 'after the write') throw new Error('killed');
    return number;
  }
}

interface Running {
  readonly live: LiveBookService;
  readonly orders: OrdersService;
  readonly updates: OrderUpdatesService;
  readonly store: MortalStore;
  readonly ownership: TestOwnership;
}

let ids = 0;
const order = (changes: Partial<Extract<OrderRequest, { action: 'NEW' }>> = {}): OrderRequest => ({
  action: 'NEW',
  orderId: `R${++ids}`,
  accountId: 'acc',
  traderId: null,
  symbol: 'AAPL',
  side: 'BUY',
  quantity: scaled('100'),
  type: 'LIMIT',
  price: scaled('100'),
  timeInForce: 'GTC',
  reduceOnly: false,
  timestamp: null,
  submitter: null,
  ...changes,
});

describeOnBothDatabases('the book after a kill', (open) => {
  const clock = new FixedClock(new Date(NOON));
  const started: LiveBookService[] = [];
  let database: Database;
  let epoch: number;
  let owner: TestOwnership | undefined;

  beforeAll(async () => {
    database = open();
    await storeTradingFirm(database);
    epoch = await ownForLong(database);
  });
  afterAll(() => {
    for (const live of started) live.onApplicationShutdown();
  });

  /** A process that starts on what the one before left. */
  async function start(): Promise<Running> {
    for (const live of started.splice(0)) live.onApplicationShutdown();
    const store = new MortalStore(database);
    epoch = owner?.epoch ?? epoch;
    const ownership = new TestOwnership(epoch, new LeasesRepository(database));
    const live = new LiveBookService(store, ownership, clock, DEFAULT_SETTINGS);
    live.readHistoryWith(async () => history());
    const orders = new OrdersService(live, store);
    started.push(live);
    owner = ownership;
    await live.open(epoch);
    return { live, orders, updates: new OrderUpdatesService(live, store), store, ownership };
  }

  const workingIds = ({ live }: Running) =>
    live.look((book) => book.workingOrders('firm').map(({ order: { orderId } }) => orderId));
  const rowsOf = async (orderId: string) => {
    const { rows } = await database.run((db) => db.execute(sql`select * from decisions where order_id = ${orderId}`));
    return rows;
  };

  it('decides anew what was not stored', async () => {
    const first = await start();
    const request = order();
    first.store.dies = 'before the write';
    await expect(decide(first, [request])).rejects.toMatchObject({ code: 'dependency_unavailable' });
    const second = await start();
    expect(await workingIds(second)).not.toContain(request.orderId);
    const [reply] = await decide(second, [request]);
    expect(reply).toMatchObject({ decision: 'ACCEPT', replayed: false });
    expect(await rowsOf(request.orderId)).toHaveLength(1);
    expect(await workingIds(second)).toContain(request.orderId);
  });

  it('gives a retry the decision that was stored and never answered', async () => {
    const first = await start();
    const request = order();
    first.store.dies = 'after the write';
    await expect(decide(first, [request])).rejects.toMatchObject({ code: 'dependency_unavailable' });
    const second = await start();
    expect((await workingIds(second)).filter((id) => id === request.orderId)).toHaveLength(1);
    const [reply] = await decide(second, [request]);
    expect(reply).toMatchObject({ decision: 'ACCEPT', replayed: true, checks: null });
    expect(await rowsOf(request.orderId)).toHaveLength(1);
  });

  it('goes on in the same process once the store is back, with what is stored', async () => {
    const running = await start();
    const [kept, lost] = [order(), order()];
    await decide(running, [kept]);
    running.store.dies = 'before the write';
    await expect(decide(running, [lost])).rejects.toMatchObject({ code: 'dependency_unavailable' });
    await expect(decide(running, [order()])).rejects.toMatchObject({ code: 'dependency_unavailable' });
    let reply: Awaited<ReturnType<typeof decide>> | undefined;
    for (let attempt = 0; attempt < 100 && !reply; attempt++) {
      await sleep(50);
      reply = await decide(running, [kept, lost]).catch(() => undefined);
    }
    expect(reply).toMatchObject([{ replayed: true }, { replayed: false, decision: 'ACCEPT' }]);
  });

  it('lets no write of before come late: what was answered with 503 is not stored behind its back', async () => {
    const running = await start();
    const request = order();
    running.store.dies = 'and the write comes later';
    await expect(decide(running, [request])).rejects.toMatchObject({ code: 'dependency_unavailable' });
    expect(await running.store.late).toBeNull();
    expect(await rowsOf(request.orderId)).toHaveLength(0);
    expect(await workingIds(running)).not.toContain(request.orderId);
    expect((await decide(running, [request]))[0]).toMatchObject({ decision: 'ACCEPT', replayed: false });
  });

  it('keeps a kill switch in force that could not be stored', async () => {
    const running = await start();
    running.store.dies = 'before the write';
    const halt = { level: 'ACCOUNT', id: 'acc2', reason: 'fat finger', actor: 'ops' } as const;
    await expect(
      running.live.commit((book, now) => ({ effects: book.setTradingState({ ...halt, state: 'HALTED' }, now) }), {
        keep: true,
      }),
    ).rejects.toMatchObject({ code: 'dependency_unavailable' });
    let reply: Awaited<ReturnType<typeof decide>> | undefined;
    for (let attempt = 0; attempt < 100 && !reply; attempt++) {
      await sleep(50);
      reply = await decide(running, [order({ accountId: 'acc2' })]).catch(() => undefined);
    }
    expect(reply![0]!.reasons[0]).toMatchObject({ code: 'TRADING_HALTED', level_id: 'acc2' });
    const next = await start();
    const [after] = await decide(next, [order({ accountId: 'acc2' })]);
    expect(after!.reasons[0]).toMatchObject({ code: 'TRADING_HALTED' });
    await next.live.commit((book, now) => ({ effects: book.setTradingState({ ...halt, state: 'ACTIVE' }, now) }));
  });

  it('stores nothing for an owner whose time is over', async () => {
    const first = await start();
    const before = first.ownership.epoch!;
    await new LeasesRepository(database).release(before);
    epoch = await ownForLong(database);
    owner = undefined;
    expect(epoch).toBe(before + 1);
    const request = order();
    await expect(decide(first, [request])).rejects.toMatchObject({ code: 'not_owner' });
    expect(await rowsOf(request.orderId)).toHaveLength(0);
    const second = await start();
    expect((await decide(second, [request]))[0]).toMatchObject({ decision: 'ACCEPT', replayed: false });
  });

  it('refuses a used id with other content, once and for all', async () => {
    const first = await start();
    const request = order();
    const other = { ...request, quantity: scaled('99') } as OrderRequest;
    await decide(first, [request]);
    const [refused] = await decide(first, [other]);
    expect(refused).toMatchObject({ decision: 'REJECT', reasons: [{ code: 'DUPLICATE_ID', fix_reason: 6 }] });
    const second = await start();
    const [again, original] = await decide(second, [other, request]);
    expect(again).toEqual({ ...refused, replayed: true });
    expect(original).toMatchObject({ decision: 'ACCEPT', replayed: true });
  });

  it('knows what is to be told, of whole writes in their order, whoever asks', async () => {
    const { orders, live } = await start();
    const store = new BookRepository(database);
    const overHttp = async (requests: OrderRequest[]) =>
      (await orders.decide(requests, { detail: 'full', published: false })).map(({ reply }) => reply);
    const numbers: number[] = [];
    await store.markTold((await store.untold(10_000)).last);
    live.onWritten((_, number) => numbers.push(number));

    const [one] = await overHttp([order()]);
    await orders.decide([order()], KAFKA);
    const two = await overHttp([order(), order()]);
    // Far more than the account may hold.
    const [refused] = await overHttp([order({ quantity: scaled('1000000000') })]);
    expect(refused).toMatchObject({ decision: 'REJECT' });
    expect(numbers).toEqual(numbers.map((_, i) => numbers[0]! + i));

    // The second one stands in the middle of a write.
    const some = await store.untold(2);
    expect(some).toMatchObject({ decisions: [one, ...two], alerts: [], last: numbers[2], isAll: false });
    await store.markTold(some.last);
    const rest = await store.untold(10_000);
    expect(rest).toMatchObject({ decisions: [refused], last: numbers[3], isAll: true });
    expect(rest.alerts[0]).toMatchObject({ code: 'LIMIT_BREACH', order_id: refused!.order_id });
    // An owner of before comes late with what it sent.
    await store.markTold(numbers[0]!);
    expect(await store.untold(10_000)).toEqual(rest);
    await store.markTold(rest.last);
    expect(await store.untold(10_000)).toMatchObject({ decisions: [], alerts: [], isAll: true });
  });

  it('books a fill once, however long ago it was', async () => {
    const first = await start();
    const request = order({ quantity: scaled('10') });
    await decide(first, [request]);
    const fill: OrderUpdate = {
      status: 'FILLED',
      orderId: request.orderId,
      accountId: 'acc',
      execId: 'X1',
      symbol: 'AAPL',
      side: 'BUY',
      quantity: scaled('10'),
      price: scaled('100'),
      timestamp: NOON,
    };
    expect(await first.updates.apply([fill, fill])).toEqual(['applied', 'duplicate']);
    // Two days later the book has forgotten the order.
    await database.run((db) =>
      db.execute(sql`update executions set booked_at = booked_at - interval '2 days' where exec_id = 'X1'`),
    );
    const second = await start();
    expect(await second.updates.apply([fill])).toEqual(['duplicate']);
    const alerts = () =>
      database.run((db) =>
        db.execute(sql`select message from alerts where code = 'UNEXPECTED_FILL' and order_id = ${request.orderId}`),
      );
    expect((await alerts()).rows).toEqual([]);
    expect(await second.updates.apply([{ ...fill, price: scaled('101') }])).toEqual(['duplicate']);
    expect((await alerts()).rows).toMatchObject([
      { message: { details: { cause: 'OTHER_CONTENT', price: '101.00' } } },
    ]);
  });

  it('is what it was in memory, whatever came before', async () => {
    let running = await start();
    const symbol = fc.constantFrom(...SYMBOLS);
    const accountId = fc.constantFrom('acc', 'acc2');
    const lots = fc.integer({ min: 1, max: 1_500 });
    const step = fc.oneof(
      {
        weight: 6,
        arbitrary: fc.record({ kind: fc.constant('order' as const), symbol, accountId, lots, sell: fc.boolean() }),
      },
      {
        weight: 4,
        arbitrary: fc.record({
          kind: fc.constant('fill' as const),
          pick: fc.nat(),
          lots,
          cents: fc.integer({ min: 9_500, max: 10_500 }),
        }),
      },
      { weight: 2, arbitrary: fc.record({ kind: fc.constant('amend' as const), pick: fc.nat(), lots }) },
      {
        weight: 1,
        arbitrary: fc.record({
          kind: fc.constant('end' as const),
          pick: fc.nat(),
          status: fc.constantFrom('CANCELLED', 'AMENDED', 'AMEND_REJECTED', 'EXPIRED'),
        }),
      },
      {
        weight: 1,
        arbitrary: fc.record({
          kind: fc.constant('quote' as const),
          symbol,
          cents: fc.integer({ min: 9_000, max: 11_000 }),
        }),
      },
      {
        weight: 1,
        arbitrary: fc.record({ kind: fc.constant('later' as const), seconds: fc.integer({ min: 1, max: 200 }) }),
      },
    );
    const sent: Extract<OrderRequest, { action: 'NEW' }>[] = [];
    let fills = 0;
    let decided = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 60 }), async (steps) => {
        for (const one of steps) {
          const of = 'pick' in one ? sent[one.pick % Math.max(sent.length, 1)] : undefined;
          if (one.kind === 'later') clock.time = new Date(clock.time.getTime() + one.seconds * 1_000);
          else if (one.kind === 'quote') {
            const price = scaled((one.cents / 100).toFixed(2));
            running.live.tell((book, now) =>
              book.quote({ symbol: one.symbol, price, bid: price, ask: price, timestamp: now }, now),
            );
          } else if (one.kind === 'order') {
            const side = one.sell ? 'SELL' : 'BUY';
            const { symbol, accountId, lots } = one;
            const request = order({ symbol, accountId, side, quantity: scaled(String(lots)) });
            sent.push(request as (typeof sent)[number]);
            await decide(running, [request]);
            decided++;
          } else if (of && one.kind === 'amend') {
            const quantity = scaled(String(one.lots));
            await decide(running, [{ ...of, action: 'AMEND', amendId: `A${++ids}`, quantity }]);
          } else if (of && one.kind === 'fill') {
            const { orderId, accountId, symbol, side } = of;
            const price = scaled((one.cents / 100).toFixed(2));
            const timestamp = clock.time.getTime();
            const quantity = scaled(String(one.lots));
            const fill = { orderId, accountId, symbol, side, price, timestamp, quantity, execId: `F${++fills}` };
            await running.updates.apply([{ ...fill, status: 'PARTIALLY_FILLED' }]);
          } else if (of && one.kind === 'end') {
            const status = one.status as 'CANCELLED';
            const { orderId, accountId } = of;
            await running.updates.apply([{ status, orderId, accountId, timestamp: clock.time.getTime() }]);
          }
        }
        // Prices are stored by others: here by the test.
        await storePrices(running);
        // Loading sees the time: what is due by now, such as the end of an approval, is due in memory too.
        await running.live.commit((book, now) => ({ effects: book.tick(now) }));
        const before = comparable(await running.live.look((book) => book.records()));
        running = await start();
        const after = comparable(await running.live.look((book) => book.records()));
        expect(after).toEqual(before);
        expect(await running.live.look((book) => book.riskDrift())).toBeLessThan(1e-9);
      }),
      { numRuns: 12, endOnFailure: true },
    );
    expect(decided).toBeGreaterThan(100);
  }, 120_000);

  async function storePrices({ live }: Running): Promise<void> {
    const { symbols } = await live.look((book) => book.records());
    for (const { symbol, quote } of symbols) {
      if (!quote) continue;
      const price = (Number(quote.price) / 1e8).toFixed(2);
      await database.run((db) =>
        db.execute(sql`
          update quotes set price = ${price}, bid = ${price}, ask = ${price}, quoted_at = ${new Date(quote.timestamp)}
          where symbol = ${symbol}`),
      );
    }
  }
});

/** What must survive: not how many prices came, nor the rates of the last second, nor traders that nothing is known of. */
function comparable({ symbols, scopes, now: _, contents: __, ...records }: BookRecords): unknown {
  return JSON.parse(
    bytesOf({
      ...records,
      symbols: symbols.map(({ priceVersion: _, ...symbol }) => symbol),
      scopes: scopes.map(({ rate: _, ...scope }) => scope),
    }),
  );
}
