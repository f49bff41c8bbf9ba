import { historicalVar } from '../risk/var/historical-var.js';
import { prepareSimulation, simulateRange, summariseSimulation } from '../risk/var/monte-carlo-var.js';
import { parametricVar } from '../risk/var/parametric-var.js';

/** The pure functions that may run in the thread pool, by name. */
export const kernels = { historicalVar, parametricVar, prepareSimulation, simulateRange, summariseSimulation };

export type Kernels = typeof kernels;
export type KernelName = keyof Kernels;
