import type { ServiceProcess } from '../../test/support/service.js';
import { standardNormals } from '../normals.js';

/** A firm that has room for every order of the benchmark: two desks, a hundred accounts, a year of closes. */

export const ACCOUNTS = 100;
export const SYMBOLS = 50;
const POSITIONS = 10;
const CLOSES = 260;
const DAY_MS = 86_400_000;
/** Orders above it are the ones that are rejected. */
export const ORDER_QUANTITY_MAX = 1_000;

export const symbolOf = (i: number) => `S${i % SYMBOLS}`;
export const priceOf = (i: number) => 20 + (i % SYMBOLS);
export const accountOf = (i: number) => `acc${i % ACCOUNTS}`;
const deskOf = (i: number) => `desk${i % 2}`;

const LIMITS = {
  approval_order_quantity: '1000000',
  max_order_quantity: String(ORDER_QUANTITY_MAX),
  max_order_notional: '1000000',
  price_collar_ratio: '0.1',
  max_adv_ratio: '0.01',
  max_long_quantity: '10000000',
  max_short_quantity: '10000000',
  max_position_ratio: '100',
  max_gross_exposure: '10000000000',
  max_net_exposure: '10000000000',
  max_leverage: '100',
  max_var_ratio: '100',
  max_daily_loss: '100000000',
  max_drawdown_ratio: '0.5',
  max_open_orders: 1_000_000,
  max_orders_per_second: 1_000_000,
  max_duplicates_per_second: 1_000_000,
  max_price_age_seconds: 86_400,
};

export async function storeFirm(service: ServiceProcess): Promise<void> {
  const send = async (method: string, path: string, body: unknown, headers?: Record<string, string>) => {
    const reply = await service.request(method, path, body, { 'x-actor': 'bench', ...headers });
    if (reply.status >= 300) throw new Error(`${path}: ${JSON.stringify(reply.body)}`);
    return reply.body;
  };
  const indices = Array.from({ length: SYMBOLS }, (_, i) => i);
  const instruments = indices.map((i) => ({ symbol: symbolOf(i), currency: 'USD', adv: '50000000' }));
  await send('POST', '/v1/instruments', { instruments });
  const { job_id } = await send('POST', '/v1/prices/imports', closes(indices), { 'content-type': 'text/csv' });
  const job = await service.finishedJob(String(job_id));
  if (job['status'] !== 'SUCCEEDED') throw new Error(`closes: ${JSON.stringify(job)}`);
  const timestamp = new Date().toISOString();
  const quotes = indices.map((i) => ({ symbol: symbolOf(i), price: priceOf(i), timestamp }));
  await send('POST', '/v1/quotes', { quotes });
  const account = { account_type: 'MARGIN', currency: 'USD' };
  await send('PUT', '/v1/accounts/firm', { ...account, kind: 'FIRM' });
  for (const desk of [0, 1].map(deskOf)) {
    await send('PUT', `/v1/accounts/${desk}`, { ...account, kind: 'DESK', parent_id: 'firm' });
  }
  for (let i = 0; i < ACCOUNTS; i++) {
    const money = { equity: '100000000', cash: '100000000' };
    await send('PUT', `/v1/accounts/${accountOf(i)}`, { ...account, ...money, kind: 'ACCOUNT', parent_id: deskOf(i) });
    const positions = Array.from({ length: POSITIONS }, (_, k) => ({
      symbol: symbolOf(i + 7 * k),
      direction: k % 2 === 0 ? 'LONG' : 'SHORT',
      volume: 100 + k,
      average_price: priceOf(i + 7 * k),
    }));
    await send('PUT', `/v1/accounts/${accountOf(i)}/positions`, { positions });
    await send('PUT', `/v1/limits/account/${accountOf(i)}`, LIMITS);
  }
  await send('PUT', '/v1/limits/firm/firm', LIMITS);
}

/** Up to yesterday, `date,symbol,close`. */
function closes(indices: readonly number[]): string {
  const today = Math.floor(Date.now() / DAY_MS);
  const lines = ['date,symbol,close'];
  const normals = standardNormals(CLOSES * indices.length);
  for (const i of indices) {
    normals.subarray(CLOSES * i, CLOSES * (i + 1)).forEach((z, day) => {
      const date = new Date((today - CLOSES + day) * DAY_MS).toISOString().slice(0, 10);
      lines.push(`${date},${symbolOf(i)},${(priceOf(i) * (1 + 0.01 * z)).toFixed(2)}`);
    });
  }
  return lines.join('\n');
}
