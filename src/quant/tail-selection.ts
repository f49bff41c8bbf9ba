import { TAIL_KERNEL } from './assembly.js';
import { QuantError } from './errors.js';

/** The functions of assembly/tail.ts, bound to one memory. Addresses are in bytes. */
export interface TailKernel {
  select(values: number, kept: number, count: number, k: number, threshold: number, z: number): void;
  /** base, column, factor, values, kept, count, k, threshold, z */
  selectSum(...args: [number, number, number, number, number, number, number, number, number]): void;
  add(base: number, column: number, factor: number, out: number, count: number): void;
}

const compiled = new WebAssembly.Module(Buffer.from(TAIL_KERNEL, 'base64'));
export const PAGE_BYTES = 65_536;

export const tailKernel = (memory: WebAssembly.Memory<ArrayBuffer>): TailKernel =>
  new WebAssembly.Instance(compiled, { env: { memory } }).exports as TailKernel;

/** Where assembly/tail.ts writes what it found, in doubles from the start of the memory; the values come behind it. */
export const FOUND = { kth: 0, excess: 1, keptCount: 2, end: 4 };
const DOUBLE_BYTES = Float64Array.BYTES_PER_ELEMENT;
const VALUES_AT = FOUND.end * DOUBLE_BYTES;

/**
 * Finds the few worst values of a vector without sorting it: a threshold leaves little more than the tail, and the k-th
 * is sought among what it leaves (assembly/tail.ts). The memory is kept from call to call, since allocating it would
 * cost more than the search; one selection must be read before the next one starts.
 */
export class TailSelection {
  private readonly memory = new WebAssembly.Memory<ArrayBuffer>({ initial: 1 });
  private readonly kernel = tailKernel(this.memory);
  private capacity = 0;
  private keptAt = 0;
  private found = new Float64Array(0);
  private values = new Float64Array(0);
  /** The values not above the threshold, in the order of the vector. */
  private kept = new Float64Array(0);

  constructor() {
    this.reserve(1024);
  }

  get kth(): number {
    return this.found[FOUND.kth]!;
  }

  /** Σ (k-th − value) over the values below the k-th. */
  get excess(): number {
    return this.found[FOUND.excess]!;
  }

  /**
   * Finds the k-th smallest value, then in `kth`, and `excess`. `threshold` is a guess, ideally just above it; NaN
   * stands for none. Throws `not_finite` for NaN or −∞ anywhere, and for +∞ in the tail.
   */
  select(pnl: Float64Array, k: number, threshold: number): void {
    const count = pnl.length;
    if (count > this.capacity) this.reserve(count);
    this.values.set(pnl);
    const z = Number.isNaN(threshold) ? roughNormalQuantile(k / count) : 0;
    this.kernel.select(VALUES_AT, this.keptAt, count, k, threshold, z);
    requireFiniteTail(this.excess);
  }

  /** The `k` smallest values, in no order. */
  smallest(k: number): Float64Array {
    const { kept, kth } = this;
    const keptCount = this.found[FOUND.keptCount]!;
    const values = new Float64Array(k).fill(kth);
    for (let i = 0, at = 0; i < keptCount; i++) if (kept[i]! < kth) values[at++] = kept[i]!;
    return values;
  }

  /** Growing a memory detaches the views of it. */
  private reserve(count: number): void {
    this.keptAt = VALUES_AT + count * DOUBLE_BYTES;
    // The kernel writes a value before it knows whether to keep it.
    const missing = this.keptAt + (count + 1) * DOUBLE_BYTES - this.memory.buffer.byteLength;
    if (missing > 0) this.memory.grow(Math.ceil(missing / PAGE_BYTES));
    const { buffer } = this.memory;
    this.found = new Float64Array(buffer, 0, FOUND.end);
    this.values = new Float64Array(buffer, VALUES_AT, count);
    this.kept = new Float64Array(buffer, this.keptAt, count);
    this.capacity = count;
  }
}

/** NaN and −∞ are above no threshold: they were kept, and show in the excess. */
export function requireFiniteTail(excess: number): void {
  if (!(excess < Number.POSITIVE_INFINITY)) {
    throw new QuantError('not_finite', 'the P&L holds NaN or an infinite loss');
  }
}

/** Standard normal quantile for p < ½ to 5e-4. Source: Abramowitz & Stegun (1964), 26.2.23. */
export function roughNormalQuantile(p: number): number {
  const t = Math.sqrt(-2 * Math.log(p));
  return (2.515517 + (0.802853 + 0.010328 * t) * t) / (1 + (1.432788 + (0.189269 + 0.001308 * t) * t) * t) - t;
}
