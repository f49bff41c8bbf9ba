import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { ServiceProcess } from '../../test/support/service.js';
import { print, spread } from '../report.js';
import { cpuOf } from './cpu.js';
import { answersPerSecond } from './http-load.js';
import { engineOrders } from './orders.js';

const PATH = '/v1/orders/check';
const CONNECTIONS = 16;
const CALLERS = 64;
const PAIRS = 5;
const SAMPLE_MS = 3_000;
/** More than a sample can send: a binding order is decided once. */
const RESERVED_MAX = 60_000;

interface Sample {
  readonly perSecond: number;
  /** Microseconds of the server's process for each answer. */
  readonly cpu: number;
}

/** Checks over HTTP beside Fastify alone, taking turns; then reservations by many callers at once. */
export async function httpDoor(service: ServiceProcess): Promise<void> {
  const checks = engineOrders(500).map((order) => JSON.stringify({ ...order, mode: 'CHECK' }));
  const { status, body: decision } = await service.post(PATH, JSON.parse(checks[0]!));
  if (status !== 200 || decision['decision'] !== 'ACCEPT') throw new Error(JSON.stringify(decision));
  const child = fork(fileURLToPath(new URL('./bare-http-process.ts', import.meta.url)));
  try {
    const listening = once(child, 'message');
    child.send({ path: PATH, reply: decision });
    const [port] = (await listening) as [number];
    const ours = { port: Number(new URL(service.url).port), pid: service.child.pid!, samples: [] as Sample[] };
    const bare = { port, pid: child.pid!, samples: [] as Sample[] };
    // The first of each only warms up.
    for (let pair = 0; pair <= PAIRS; pair++) {
      for (const { port, pid, samples } of [ours, bare]) {
        const taken = await sample({ port, pid, connections: CONNECTIONS, bodies: checks });
        if (pair > 0) samples.push(taken);
      }
    }
    print(`HTTP: CHECK of an order, ${CONNECTIONS} connections, decisions of ${JSON.stringify(decision).length} bytes`);
    for (const [name, { samples }] of [['ours   ', ours] as const, ['Fastify', bare] as const])
      print(row(name, samples));
    const ratios = ours.samples.map(({ perSecond }, i) => perSecond / bare.samples[i]!.perSecond);
    print(`  ratio        ${spread(ratios)} ×, at least 0.5, aim 0.85`);
    const reserved: Sample[] = [];
    for (let round = 0; round <= PAIRS; round++) {
      const bodies = engineOrders(RESERVED_MAX).map((order) => JSON.stringify({ ...order, mode: 'RESERVE' }));
      const taken = await sample({ port: ours.port, pid: ours.pid, connections: CALLERS, bodies });
      if (round > 0) reserved.push(taken);
    }
    print(`HTTP: RESERVE of an order on PostgreSQL, ${CALLERS} callers`);
    print(`${row('ours   ', reserved)}; at least 3,000/s`);
  } finally {
    child.kill();
  }
}

async function sample(load: {
  port: number;
  pid: number;
  connections: number;
  bodies: readonly string[];
}): Promise<Sample> {
  const before = cpuOf(load.pid);
  const perSecond = await answersPerSecond({ ...load, path: PATH, ms: SAMPLE_MS });
  return { perSecond, cpu: (cpuOf(load.pid) - before) / ((perSecond * SAMPLE_MS) / 1e3) };
}

const row = (name: string, samples: readonly Sample[]): string =>
  `  ${name}      ${spread(samples.map(({ perSecond }) => perSecond))} /s, ${spread(samples.map(({ cpu }) => cpu))} µs of CPU each`;
