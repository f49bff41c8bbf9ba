import { QuantError } from '../quant/errors.js';
import { type KernelName, kernels } from './kernels.js';

export interface KernelTask {
  readonly kernel: KernelName;
  readonly args: readonly unknown[];
}

/** A refusal travels as data: an error that crosses a thread boundary loses its class and its fields. */
export type KernelOutcome =
  | { readonly value: unknown }
  | { readonly refused: Pick<QuantError, 'code' | 'message' | 'details'> };

/** What each thread of the pool runs. */
export default function runKernel({ kernel, args }: KernelTask): KernelOutcome {
  try {
    const run = kernels[kernel] as (...args: readonly unknown[]) => unknown;
    return { value: run(...args) };
  } catch (error) {
    if (!(error instanceof QuantError)) throw error;
    return { refused: { code: error.code, message: error.message, details: error.details } };
  }
}
