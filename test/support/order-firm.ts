import { setTimeout as sleep } from 'node:timers/promises';
import type { DecisionReply } from '../../src/risk/orders/decision.schema.js';
import type { Reply, ServiceProcess } from './service.js';

/** A firm of the tests' own, without demo: firm_t over desks over accounts, each account as its test wants it. */

const DAY_MS = 86_400_000;
/** One more close than returns; the VaR of an order looks at the last 252 of these. */
export const RETURN_COUNT = 280;

/** Prices now. Last price, bid and ask are the same, so that a market order is priced like a limit order. */
export const PRICES = { AAA: 100, BBB: 50, CCC: 20, LOT: 10 } as const;

/** As it comes from the outside, undefined where the test leaves it out. */
export type Wire = Record<string, unknown>;

interface WorkingPage {
  data: Working[];
  next_cursor: string | null;
}

export interface Working {
  order_id: string;
  quantity: string;
  filled_quantity: string;
  open_quantity: string;
  lock_price: string;
  amends: unknown[];
  approval_expires_at: string | null;
}

export const OFFICER = { 'x-actor': 'risk.officer' };

/** Closes up to yesterday, every calendar day, to the cent: wide CSV and the same numbers. */
export function priceHistory(now = Date.now()): { csv: string; closes: Record<string, number[]> } {
  const yesterday = Math.floor(now / DAY_MS) * DAY_MS - DAY_MS;
  const symbols = [...Object.keys(PRICES), 'OLD', 'NOQUOTE', 'FALL', 'SLIDE'];
  const closes = Object.fromEntries(
    symbols.map((symbol, s) => {
      let price = 100;
      const series = [price];
      for (let t = 0; t < RETURN_COUNT; t++) {
        price *= 1 + 0.02 * Math.sin(1.7 * t * (s + 1) + s) + 0.01 * Math.cos(0.9 * t * t + s);
        series.push(price);
      }
      return [symbol, series.map((close) => Math.round(close * 100) / 100)];
    }),
  );
  const rows = Array.from({ length: RETURN_COUNT + 1 }, (_, t) => {
    const date = new Date(yesterday - (RETURN_COUNT - t) * DAY_MS).toISOString().slice(0, 10);
    return [date, ...symbols.map((symbol) => closes[symbol]![t]!.toFixed(2))].join(',');
  });
  return { csv: `${['date', ...symbols].join(',')}\n${rows.join('\n')}\n`, closes };
}

/** Speaks to one service about the firm. */
export class OrderFirm {
  constructor(public service: ServiceProcess) {}

  /** Instruments, price history, firm and desk with the mandatory limits, wide. */
  async found(): Promise<Record<string, number[]>> {
    const stock = { asset_class: 'EQUITY', currency: 'USD', tick_size: '0.01', lot_size: '1', adv: '10000' };
    const named = (symbol: string, more: Wire = {}) => ({ symbol, ...stock, ...more });
    await this.done('POST', '/v1/instruments', {
      instruments: [
        ...['AAA', 'BBB', 'CCC', 'OLD', 'NOQUOTE', 'FALL', 'SLIDE', 'YOUNG'].map((symbol) => named(symbol)),
        named('LOT', { lot_size: '10' }),
        named('HALT', { halted: true }),
        named('EUROS', { currency: 'EUR' }),
        named('NOPRICE'),
      ],
    });
    const { csv, closes } = priceHistory();
    const { body: job } = await this.service.request('POST', '/v1/prices/imports', csv, { 'content-type': 'text/csv' });
    const { status } = await this.service.finishedJob(String(job['job_id']));
    if (status !== 'SUCCEEDED') throw new Error(`the price history was not taken: ${String(status)}`);
    await this.done('PUT', '/v1/accounts/firm_t', { kind: 'FIRM', currency: 'USD' });
    await this.done('PUT', '/v1/accounts/desk_t', { kind: 'DESK', parent_id: 'firm_t', currency: 'USD' });
    await this.limits('firm', 'firm_t', {
      max_order_quantity: '5000',
      max_order_notional: '500000',
      max_gross_exposure: '100000000',
      max_position_ratio: '100',
      max_var_ratio: '100',
    });
    await this.quote();
    return closes;
  }

  /** An account of a million below the desk that holds this. */
  async account(
    id: string,
    { positions = {}, limits, ...fields }: { positions?: Record<string, number>; limits?: Wire } & Wire = {},
  ): Promise<void> {
    await this.done('PUT', `/v1/accounts/${id}`, {
      ...{ kind: 'ACCOUNT', parent_id: 'desk_t', account_type: 'MARGIN', currency: 'USD' },
      ...{ equity: '1000000', cash: '1000000', ...fields },
    });
    const held = Object.entries(positions).map(([symbol, quantity]) => ({ symbol, quantity: String(quantity) }));
    if (held.length > 0) await this.done('PUT', `/v1/accounts/${id}/positions`, { positions: held });
    if (limits) await this.limits('account', id, limits);
  }

  async limits(level: string, id: string, limits: Wire): Promise<void> {
    await this.done('PUT', `/v1/limits/${level}/${id}`, limits, OFFICER);
  }

  /** Quotes of now; without prices those of all symbols. */
  async quote(prices: Record<string, number> = PRICES, ageMs = 0): Promise<void> {
    // Of two quotes of one millisecond the first would count.
    await sleep(2);
    const timestamp = new Date(Date.now() - ageMs).toISOString();
    const quotes = Object.entries(prices).map(([symbol, price]) => ({
      ...{ symbol, price, bid: price, ask: price, timestamp },
    }));
    await this.done('POST', '/v1/quotes', { quotes });
  }

  /** What is answered to an order; a limit order of the day where it says nothing else. */
  async check(order: Wire, headers: Record<string, string> = {}): Promise<DecisionReply> {
    const { status, body } = await this.send(order, headers);
    if (status !== 200) throw new Error(`${status} ${JSON.stringify(body)}`);
    return body as unknown as DecisionReply;
  }

  reserve = (order: Wire, headers: Record<string, string> = {}) => this.check({ ...order, mode: 'RESERVE' }, headers);

  send(order: Wire, headers: Record<string, string> = {}): Promise<Reply> {
    return this.service.request('POST', '/v1/orders/check', order, headers);
  }

  async batch(orders: readonly Wire[], mode = 'RESERVE'): Promise<DecisionReply[]> {
    const { body } = await this.service.post<{ decisions: DecisionReply[] }>('/v1/orders/check/batch', {
      mode,
      orders,
    });
    return body.decisions;
  }

  /** `applied`, `duplicate` or `unexpected` for each. */
  async update(...updates: Wire[]): Promise<string[]> {
    const timestamp = new Date().toISOString();
    const body = { updates: updates.map((update) => ({ timestamp, ...update })) };
    const reply = await this.service.post<{ results: { status: string }[] }>('/v1/orders/updates', body);
    if (reply.status !== 200) throw new Error(JSON.stringify(reply.body));
    return reply.body.results.map(({ status }) => status);
  }

  async working(accountId: string): Promise<Working[]> {
    const orders: Working[] = [];
    let cursor: string | null = null;
    do {
      const query: URLSearchParams = new URLSearchParams({
        account_id: accountId,
        limit: '500',
        ...(cursor !== null && { cursor }),
      });
      const { body }: Reply<WorkingPage> = await this.service.get<WorkingPage>(`/v1/orders/working?${query}`);
      orders.push(...body.data);
      cursor = body.next_cursor;
    } while (cursor !== null);
    return orders;
  }

  /** Signed quantity by symbol. */
  async positions(accountId: string): Promise<Record<string, string>> {
    const path = `/v1/accounts/${accountId}/positions`;
    const { body } = await this.service.get<{ positions: { symbol: string; quantity: string }[] }>(path);
    return Object.fromEntries(body.positions.map(({ symbol, quantity }) => [symbol, quantity]));
  }

  async state(level: string, id: string, state: string): Promise<void> {
    await this.done('PUT', `/v1/trading-state/${level}/${id}`, { state, reason: 'a test' }, OFFICER);
  }

  /** A call of a set-up, which succeeds or ends the test. */
  async done(method: string, path: string, body: unknown, headers: Record<string, string> = {}): Promise<void> {
    const reply = await this.service.request(method, path, body, headers);
    const rejected = (reply.body as { rejected?: unknown[] })['rejected'] ?? [];
    if (reply.status < 300 && rejected.length === 0) return;
    throw new Error(`${method} ${path}: ${reply.status} ${JSON.stringify(reply.body)}`);
  }
}

/** Codes of the reasons, in their order. */
export const codes = ({ reasons }: Pick<DecisionReply, 'reasons'>): string[] => reasons.map(({ code }) => code);

/** What a decision comes to in a line. */
export const verdict = (decision: DecisionReply): string => [decision.decision, ...codes(decision)].join(' ');
