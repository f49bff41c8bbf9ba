/** A loop in a process of its own: `ours` or `bare`. It runs from each `Start` to the next `stop`. */
import type { LoopParts } from './loop.js';
import type { Told } from './loop-child.js';

export interface Start extends LoopParts {
  /** Replies after which the time is told. */
  readonly count: number;
}

/** Only one of them is loaded: our driver replaces parts of kafkajs in its process. */
const load = {
  ours: async () => (await import('./our-loop.js')).ourLoop,
  bare: async () => (await import('./bare-loop.js')).bareLoop,
};
const begin = await load[process.argv[2] as keyof typeof load]();
const tell = (told: Told) => process.send!(told);
let running: ReturnType<typeof begin>;

process.on('message', async (command: Start | 'stop') => {
  if (command === 'stop') {
    await (await running).stop();
    tell('stopped');
  } else {
    running = begin(command, stopwatch(command.count));
    await running;
  }
});

/** From the first batch to the last acknowledgement; the last commits come after it, on both sides. */
function stopwatch(count: number) {
  let start: number | undefined;
  let cpuStart: NodeJS.CpuUsage;
  let replied = 0;
  return {
    onQuotes() {
      if (start !== undefined) return;
      start = performance.now();
      cpuStart = process.cpuUsage();
    },
    onReplied(more: number) {
      replied += more;
      if (replied < count) return;
      const ms = performance.now() - start!;
      const { user, system } = process.cpuUsage(cpuStart);
      tell({ perSecond: (replied * 1e3) / ms, cpuPerMessage: (user + system) / replied });
    },
  };
}
