import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { digits, print, spread } from '../report.js';

const TOLD_MS_MAX = 60_000;

/** What waiting for records costs, with one group and with three, in two processes side by side. */
export async function idle(broker: string): Promise<void> {
  const found = await Promise.all([1, 3].map((groups) => busy(broker, groups)));
  print('Kafka: waiting for records, all groups joined; CPU time of a process with nothing else in it');
  for (const { groups, percents, closeMs } of found) {
    print(
      `  ${groups} group${groups > 1 ? 's' : ' '}     ${spread(percents)} % of one core, at most 2; closed in ${digits(closeMs)} ms`,
    );
  }
}

async function busy(broker: string, groups: number) {
  const child = fork(fileURLToPath(new URL('./idle-process.ts', import.meta.url)), [broker, String(groups)]);
  const told = async () => (await once(child, 'message', { signal: AbortSignal.timeout(TOLD_MS_MAX) }))[0];
  const percents = (await told()) as number[];
  const closeMs = (await told()) as number;
  return { groups, percents, closeMs };
}
