import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { PostgresServer } from '../../scripts/services/postgres-server.js';
import { ServiceProcess } from '../../test/support/service.js';
import { answersPerSecond } from '../doors/http-load.js';
import { print, spread } from '../report.js';

const PATH = '/v1/risk/var/historical';
const CONNECTIONS = 16;
const PAIRS = 5;
const SAMPLE_MS = 3_000;
const SYMBOLS = ['AAPL', 'BAC', 'GE', 'JPM', 'KO', 'PFE', 'WMT', 'XOM'];

const measured = { equity: '1000000', confidence_level: [0.95, 0.99], as_of: '2009-12-31' };

/** With the account, the store is asked what it holds. */
const REQUESTS = [
  [
    'positions of the request',
    { ...measured, positions: SYMBOLS.map((symbol) => ({ symbol, market_value: '125000' })) },
  ],
  ['an account', { ...measured, account_id: 'default' }],
] as const;

/** A cached VaR over HTTP, beside Fastify alone that answers the same bytes. */
export async function cachedVar(): Promise<void> {
  const postgres = await (await PostgresServer.create({ fast: true })).start();
  const service = await ServiceProcess.start({ DATABASE_URL: postgres.url(), RISK_DEMO: 'true' }, { until: 'Ready' });
  try {
    for (const [kind, request] of REQUESTS) await compare(service, kind, request);
  } finally {
    await service.destroy();
    await postgres.destroy();
  }
}

async function compare(service: ServiceProcess, kind: string, request: object): Promise<void> {
  await service.post(PATH, request);
  const { body: reply } = await service.post(PATH, request);
  if (reply['cache'] !== 'hit') throw new Error(JSON.stringify(reply));
  const child = fork(fileURLToPath(new URL('../doors/bare-http-process.ts', import.meta.url)));
  try {
    const listening = once(child, 'message');
    child.send({ path: PATH, reply });
    const [port] = (await listening) as [number];
    const bodies = [JSON.stringify(request)];
    const rates: Record<'ours' | 'bare', number[]> = { ours: [], bare: [] };
    // The first of each only warms up.
    for (let pair = 0; pair <= PAIRS; pair++) {
      for (const [name, at] of [
        ['ours', Number(new URL(service.url).port)],
        ['bare', port],
      ] as const) {
        const load = { port: at, path: PATH, connections: CONNECTIONS, ms: SAMPLE_MS, bodies };
        const perSecond = await answersPerSecond(load);
        if (pair > 0) rates[name].push(perSecond);
      }
    }
    print(`HTTP: a cached VaR of ${kind}, ${CONNECTIONS} connections, ${JSON.stringify(reply).length} bytes`);
    print(`  ours         ${spread(rates.ours)} /s`);
    print(`  Fastify      ${spread(rates.bare)} /s`);
    print(`  ratio        ${spread(rates.ours.map((rate, i) => rate / rates.bare[i]!))} ×, at least 0.5`);
  } finally {
    child.kill();
  }
}
