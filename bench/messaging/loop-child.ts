import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { LoopParts } from './loop.js';
import type { Start } from './loop-process.js';

const TOLD_MS_MAX = 60_000;

export interface Sample {
  readonly perSecond: number;
  /** CPU time of the process, all its threads, in microseconds. */
  readonly cpuPerMessage: number;
}

export type Told = Sample | 'stopped';

/** A process that runs one kind of loop, again and again on warm code. */
export class LoopChild {
  private readonly child;

  constructor(kind: 'ours' | 'bare') {
    this.child = fork(fileURLToPath(new URL('./loop-process.ts', import.meta.url)), [kind]);
  }

  /** Runs until `count` replies are acknowledged. */
  async sample(parts: LoopParts, count: number): Promise<Sample> {
    this.child.send({ ...parts, count } satisfies Start);
    const sample = (await this.told()) as Sample;
    await this.stopLoop();
    return sample;
  }

  startLoop(parts: LoopParts): void {
    this.child.send({ ...parts, count: Number.MAX_SAFE_INTEGER } satisfies Start);
  }

  async stopLoop(): Promise<void> {
    this.child.send('stop');
    await this.told();
  }

  end(): void {
    this.child.kill();
  }

  private async told(): Promise<Told> {
    const [told] = await once(this.child, 'message', { signal: AbortSignal.timeout(TOLD_MS_MAX) });
    return told as Told;
  }
}
