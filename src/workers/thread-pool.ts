import { availableParallelism } from 'node:os';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Piscina } from 'piscina';
import { CONFIG, type Config } from '../config.js';
import { QuantError } from '../quant/errors.js';
import type { KernelOutcome, KernelTask } from './kernel.worker.js';
import { type KernelName, type Kernels, kernels } from './kernels.js';
import { Compute, type ComputeOptions } from './ports.js';

/** Up to this many multiplications, about 2 ms, a thread would cost more than it saves. */
const IN_PLACE_COST_MAX = 1_000_000;
const QUEUE_MAX = 1_000;

/** Threads that run kernels; started when the first large computation comes. */
@Injectable()
export class ThreadPool extends Compute implements OnApplicationShutdown {
  readonly threads: number;
  private readonly pool: Piscina<KernelTask, KernelOutcome>;

  constructor(@Inject(CONFIG) config: Config) {
    super();
    this.threads = config.workers.threads ?? Math.max(1, availableParallelism() - 1);
    this.pool = new Piscina({
      filename: new URL('./kernel.worker.js', import.meta.url).href,
      minThreads: 0,
      maxThreads: this.threads,
      maxQueue: QUEUE_MAX,
      idleTimeout: 30_000,
    });
  }

  async run<K extends KernelName>(kernel: K, args: Parameters<Kernels[K]>, { cost, signal }: ComputeOptions) {
    if (cost <= IN_PLACE_COST_MAX) {
      const inPlace = kernels[kernel] as unknown as (...args: Parameters<Kernels[K]>) => ReturnType<Kernels[K]>;
      return inPlace(...args);
    }
    const outcome = await this.pool.run({ kernel, args }, { signal });
    if ('refused' in outcome) {
      const { code, message, details } = outcome.refused;
      throw new QuantError(code, message, details);
    }
    return outcome.value as ReturnType<Kernels[K]>;
  }

  async onApplicationShutdown() {
    await this.pool.destroy();
  }
}
