import type { KernelName, Kernels } from './kernels.js';

export type { KernelName };
export type KernelArgs<K extends KernelName> = Parameters<Kernels[K]>;
export type KernelResult<K extends KernelName> = ReturnType<Kernels[K]>;

export interface ComputeOptions {
  /** Rough number of multiplications: small work runs in place, large work in a thread. */
  readonly cost: number;
  /** Ends the thread that computes. */
  readonly signal?: AbortSignal;
}

/** Runs pure kernels without blocking the event loop. */
export abstract class Compute {
  /** Threads that compute at the same time. */
  abstract readonly threads: number;
  /** Throws what the kernel throws. Typed arrays on shared memory are not copied, and may be written by the kernel. */
  abstract run<K extends KernelName>(kernel: K, args: KernelArgs<K>, options: ComputeOptions): Promise<KernelResult<K>>;
}
