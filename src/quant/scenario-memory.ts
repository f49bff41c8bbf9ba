import { BASIS_POINTS, tailCount } from './confidence.js';
import { requireCount } from './errors.js';
import type { TailRisk } from './tail-risk.js';
import { FOUND, PAGE_BYTES, requireFiniteTail, roughNormalQuantile, tailKernel } from './tail-selection.js';

const DOUBLE_BYTES = Float64Array.BYTES_PER_ELEMENT;
/** Memory grows by at least a mebibyte: each growth makes the views anew. */
const GROWTH_PAGES = 16;

/** Where a vector lies in its memory, in bytes. */
export type VectorAddress = number;

/**
 * Vectors over the same T scenarios in one WebAssembly memory, where base + exposure·column and its tail are one call
 * without a copy. They live as long as the memory, which is collected with them. Results are read before the next call.
 */
export class ScenarioMemory {
  private readonly memory = new WebAssembly.Memory<ArrayBuffer>({ initial: 1 });
  private readonly kernel = tailKernel(this.memory);
  /** How many scenarios the tail touches, and the quantile from which its threshold is guessed. */
  private readonly k: number;
  private readonly z: number;
  /** Scenarios of the tail as a real number: aT. */
  private readonly weight: number;
  /** The kernel leaves the sum and what it kept here; it writes a value before it knows whether to keep it. */
  private readonly valuesAt = FOUND.end * DOUBLE_BYTES;
  private readonly keptAt: number;
  private readonly vectorBytes: number;
  private end: number;
  private found = new Float64Array(this.memory.buffer, 0, FOUND.end);

  /** Throws `insufficient_data` for no scenario. */
  constructor(
    readonly count: number,
    basisPoints: number,
  ) {
    requireCount(count, 1, 'scenarios');
    this.k = tailCount(count, basisPoints);
    this.z = roughNormalQuantile(this.k / count);
    this.weight = (count * basisPoints) / BASIS_POINTS;
    // Whole pairs of doubles, so that every vector begins where SIMD loads are fast.
    this.vectorBytes = (count + (count % 2)) * DOUBLE_BYTES;
    this.keptAt = this.valuesAt + this.vectorBytes;
    this.end = this.keptAt + this.vectorBytes + 2 * DOUBLE_BYTES;
    this.reserve();
  }

  /** A new vector of zeros. */
  allocate(): VectorAddress {
    const address = this.end;
    this.end += this.vectorBytes;
    this.reserve();
    return address;
  }

  /** The vector itself, to be written or read; only until the next `allocate`, which may move the memory. */
  view(address: VectorAddress): Float64Array {
    return new Float64Array(this.memory.buffer, address, this.count);
  }

  /** vector += exposure·column */
  add(vector: VectorAddress, column: VectorAddress, exposure: number): void {
    this.kernel.add(vector, column, exposure, vector, this.count);
  }

  /**
   * VaR of base + exposure·column as `tailRisk` defines it, without making the sum anew: positive = loss, never floored.
   * `lossHint` is any guess of it, NaN for none; it only makes it faster. Throws `not_finite` as `tailRisk` does.
   */
  valueAtRisk(base: VectorAddress, column: VectorAddress, exposure: number, lossHint: number): number {
    const { kernel, valuesAt, keptAt, count, k, z } = this;
    // The threshold must leave the k-th worst: a little above it.
    const threshold = HINT_MARGIN * Math.abs(lossHint) - lossHint;
    kernel.selectSum(base, column, exposure, valuesAt, keptAt, count, k, threshold, z);
    requireFiniteTail(this.found[FOUND.excess]!);
    return -this.found[FOUND.kth]! + 0;
  }

  /** The same with the expected shortfall of `tailRisk`. */
  tailRisk(base: VectorAddress, column: VectorAddress, exposure: number, lossHint: number): TailRisk {
    const valueAtRisk = this.valueAtRisk(base, column, exposure, lossHint);
    return { valueAtRisk, expectedShortfall: this.found[FOUND.excess]! / this.weight + valueAtRisk };
  }

  /** Growing a memory detaches the views of it. */
  private reserve(): void {
    const missing = this.end - this.memory.buffer.byteLength;
    if (missing <= 0) return;
    this.memory.grow(Math.max(Math.ceil(missing / PAGE_BYTES), GROWTH_PAGES));
    this.found = new Float64Array(this.memory.buffer, 0, FOUND.end);
  }
}

/** A new VaR lies this near to the last one mostly; more would keep more than the tail. */
const HINT_MARGIN = 0.03;
