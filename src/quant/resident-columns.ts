import { COLUMN_KERNELS } from './assembly.js';

/** The functions of assembly/columns.ts, bound to one memory. Addresses are in bytes. */
interface ColumnKernels {
  addWeighted(columns: number, weights: number, size: number, out: number, count: number): void;
  project(columns: number, size: number, series: number, count: number, products: number): void;
}

const compiled = new WebAssembly.Module(Buffer.from(COLUMN_KERNELS, 'base64'));

const PAGE_BYTES = 65_536;
/** Addresses have 32 bits. */
const PAGES_MAX = 65_536;
const DOUBLE_BYTES = Float64Array.BYTES_PER_ELEMENT;

/** Columns that are multiplied while they stay in the cache of the processor. */
const COLUMN_BLOCK = 48;

/** Which memory a column lies in. The entry lives as long as any view of that memory. */
const residents = new WeakMap<ArrayBufferLike, ResidentColumns>();

/**
 * `count` columns of `length` zeros in one WebAssembly memory, where the kernels add them up with SIMD instructions, in
 * a quarter of the time and to the same bits as columns that lie elsewhere. The memory is collected with its columns. It is
 * shared: another thread gets the columns without a copy, where they are plain ones, since only one may run the kernels.
 */
export function residentColumns(count: number, length: number): Float64Array[] {
  const { buffer, columnBytes } = new ResidentColumns(count, length);
  return Array.from({ length: count }, (_, i) => new Float64Array(buffer, i * columnBytes, length));
}

/** The memory that all of these columns lie in; undefined where there is none. */
export function memoryOf(columns: readonly Float64Array[]): ResidentColumns | undefined {
  const resident = residents.get(columns[0]!.buffer);
  return resident?.holds(columns) ? resident : undefined;
}

/** A memory of columns, with room behind them for what goes in and comes out of a kernel. */
export class ResidentColumns {
  readonly buffer: SharedArrayBuffer;
  readonly columnBytes: number;
  private readonly memory: WebAssembly.Memory<SharedArrayBuffer>;
  private bound?: ColumnKernels;
  private readonly addresses: Uint32Array;
  /** One number per column. */
  private readonly factors: Float64Array;
  /** One number per observation. */
  private readonly series: Float64Array;

  constructor(count: number, length: number) {
    this.columnBytes = length * DOUBLE_BYTES;
    const factorsAt = count * this.columnBytes;
    const seriesAt = factorsAt + count * DOUBLE_BYTES;
    const addressesAt = seriesAt + length * DOUBLE_BYTES;
    const initial = Math.ceil((addressesAt + count * Uint32Array.BYTES_PER_ELEMENT) / PAGE_BYTES);
    this.memory = new WebAssembly.Memory({ initial, maximum: PAGES_MAX, shared: true });
    this.buffer = this.memory.buffer;
    this.factors = new Float64Array(this.buffer, factorsAt, count);
    this.series = new Float64Array(this.buffer, seriesAt, length);
    this.addresses = new Uint32Array(this.buffer, addressesAt, count);
    residents.set(this.buffer, this);
  }

  /** More or longer columns than the memory was made for find no room. */
  holds(columns: readonly Float64Array[]): boolean {
    return (
      columns.length <= this.addresses.length &&
      columns[0]!.length <= this.series.length &&
      columns.every((column) => column.buffer === this.buffer)
    );
  }

  /** Σ weightᵢ·columnᵢ, in the order of the columns. */
  weightedSum(columns: readonly Float64Array[], weights: Float64Array): Float64Array {
    const { addresses, factors, series } = this;
    const count = columns[0]!.length;
    this.locate(columns);
    factors.set(weights);
    series.fill(0, 0, count);
    this.kernels.addWeighted(addresses.byteOffset, factors.byteOffset, columns.length, series.byteOffset, count);
    return series.slice(0, count);
  }

  /** Σ_t column(t)·series(t) for every column, each as `dot` adds it up. */
  products(columns: readonly Float64Array[], values: Float64Array): Float64Array {
    const { addresses, factors, series } = this;
    this.locate(columns);
    series.set(values);
    this.kernels.project(addresses.byteOffset, columns.length, series.byteOffset, values.length, factors.byteOffset);
    return factors.slice(0, columns.length);
  }

  /** XᵀX: the products of each two columns, row-major, symmetric to the bit. */
  crossProducts(columns: readonly Float64Array[]): Float64Array {
    const { addresses, factors, kernels } = this;
    const size = columns.length;
    const count = columns[0]!.length;
    const matrix = new Float64Array(size * size);
    this.locate(columns);
    for (let from = 0; from < size; from += COLUMN_BLOCK) {
      const block = factors.subarray(from, Math.min(from + COLUMN_BLOCK, size));
      const located = addresses.byteOffset + from * addresses.BYTES_PER_ELEMENT;
      for (let i = 0; i < from + block.length; i++) {
        kernels.project(located, block.length, addresses[i]!, count, block.byteOffset);
        matrix.set(block, i * size + from);
      }
    }
    for (let i = 0; i < size; i++) for (let j = 0; j < i; j++) matrix[i * size + j] = matrix[j * size + i]!;
    return matrix;
  }

  private locate(columns: readonly Float64Array[]): void {
    for (let i = 0; i < columns.length; i++) this.addresses[i] = columns[i]!.byteOffset;
  }

  private get kernels(): ColumnKernels {
    this.bound ??= new WebAssembly.Instance(compiled, { env: { memory: this.memory } }).exports as ColumnKernels;
    return this.bound;
  }
}
