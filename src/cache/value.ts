/** Deeper values are refused: no result of ours is. */
const DEPTH_MAX = 200;
/** Estimates of what V8 takes, in bytes; a test measures them. */
const OBJECT_BYTES = 32;
const SLOT_BYTES = 16;
const STRING_BYTES = 24;

/** Why a value cannot be cached. */
export class UncacheableValueError extends TypeError {
  override readonly name = 'UncacheableValueError';

  constructor(pointer: string, got: string) {
    super(`A cached value holds what JSON carries exactly, and arrays of numbers; got ${got} at ${pointer || '/'}`);
  }
}

/** Arrays of numbers that can be kept. */
type NumberArray =
  | Float64Array
  | Float32Array
  | Int32Array
  | Uint32Array
  | Int16Array
  | Uint16Array
  | Int8Array
  | Uint8Array;
const NUMBER_ARRAYS: ReadonlySet<string> = new Set([
  ...[
    'Float64Array',
    'Float32Array',
    'Int32Array',
    'Uint32Array',
    'Int16Array',
    'Uint16Array',
    'Int8Array',
    'Uint8Array',
  ],
]);

/** By its name, because what v8.deserialize makes may belong to another realm. A Buffer is none. */
const isNumberArray = (value: object): value is NumberArray =>
  ArrayBuffer.isView(value) && NUMBER_ARRAYS.has(value.constructor.name);

/** A value of its own that nobody can change. */
export interface FrozenValue {
  readonly value: unknown;
  /** About what it takes in memory. */
  readonly bytes: number;
  /** Whether JSON carries it exactly: it cannot carry −0 and arrays of numbers, which it may hold. */
  readonly isJson: boolean;
  /** It holds arrays of numbers, which cannot be frozen: every reader gets copies of them. */
  readonly hasArrays: boolean;
}

/**
 * Copies a value and freezes the copy. Throws {@link UncacheableValueError} for what would come back as something else:
 * undefined, NaN, infinities, BigInt, Map, Set, Date, functions, instances of classes, gaps in arrays, cycles.
 */
export function frozenValue(value: unknown): FrozenValue {
  const copier = new Copier();
  const copy = copier.copy(value, '', 0);
  return { value: copy, bytes: copier.bytes, isJson: copier.isJson, hasArrays: copier.hasArrays };
}

class Copier {
  bytes = 0;
  isJson = true;
  hasArrays = false;
  private readonly within = new Set<object>();

  copy(value: unknown, pointer: string, depth: number): unknown {
    switch (typeof value) {
      case 'string':
        this.bytes += STRING_BYTES + value.length * (isLatin(value) ? 1 : 2);
        return value;
      case 'boolean':
        return value;
      case 'number':
        if (!Number.isFinite(value)) throw new UncacheableValueError(pointer, String(value));
        if (Object.is(value, -0)) this.isJson = false;
        this.bytes += SLOT_BYTES;
        return value;
      case 'object':
        return value === null ? null : this.copyObject(value, pointer, depth);
      default:
        throw new UncacheableValueError(pointer, value === undefined ? 'undefined' : `a ${typeof value}`);
    }
  }

  private copyObject(value: object, pointer: string, depth: number): unknown {
    if (isNumberArray(value)) return this.copyNumbers(value);
    if (this.within.has(value)) throw new UncacheableValueError(pointer, 'a cycle');
    if (depth === DEPTH_MAX) throw new UncacheableValueError(pointer, `more than ${DEPTH_MAX} levels`);
    this.within.add(value);
    this.bytes += OBJECT_BYTES;
    const copy = Array.isArray(value)
      ? this.copyArray(value, pointer, depth + 1)
      : this.copyPlain(value, pointer, depth + 1);
    this.within.delete(value);
    return Object.freeze(copy);
  }

  private copyNumbers(value: NumberArray): NumberArray {
    this.isJson = false;
    this.hasArrays = true;
    this.bytes += 200 + value.byteLength;
    return value.slice();
  }

  private copyArray(value: readonly unknown[], pointer: string, depth: number): unknown[] {
    requirePlain(value, pointer, 2);
    if (Object.keys(value).length !== value.length) {
      throw new UncacheableValueError(pointer, 'an array with gaps or fields');
    }
    this.bytes += value.length * 8;
    return Array.from(value, (item, i) => this.copy(item, `${pointer}/${i}`, depth));
  }

  private copyPlain(value: object, pointer: string, depth: number): object {
    requirePlain(value, pointer, 1);
    const copy: Record<string, unknown> = {};
    for (const [key, inner] of Object.entries(value)) {
      const copied = this.copy(inner, `${pointer}/${key}`, depth);
      this.bytes += SLOT_BYTES;
      if (key === '__proto__') Object.defineProperty(copy, key, { value: copied, enumerable: true });
      else copy[key] = copied;
    }
    return copy;
  }
}

/** The prototypes of plain objects and arrays are so many steps from the end, in any realm; those of classes are more. */
function requirePlain(value: object, pointer: string, steps: number): void {
  let prototype = Object.getPrototypeOf(value);
  const isPlain = prototype?.constructor?.name === (steps === 1 ? 'Object' : 'Array');
  for (let step = 0; step < steps; step++) prototype = prototype && Object.getPrototypeOf(prototype);
  if (!isPlain || prototype !== null) throw new UncacheableValueError(pointer, `a ${nameOf(value)}`);
  if (Object.getOwnPropertySymbols(value).length > 0) throw new UncacheableValueError(pointer, 'a symbol as key');
}

const nameOf = (value: object): string =>
  Object.getPrototypeOf(value) === null ? 'object without prototype' : value.constructor?.name || 'class';

// biome-ignore lint/suspicious/noControlCharactersInRegex: V8 stores texts of these characters with a byte for each.
const LATIN = /^[\u0000-\u00ff]*$/;
const isLatin = (text: string) => LATIN.test(text);

/** The same value with arrays of numbers of its own; what has none is shared, since nobody can change it. */
export function withOwnArrays(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (isNumberArray(value)) return value.slice();
  if (Array.isArray(value)) return Object.freeze(value.map(withOwnArrays));
  return Object.freeze(Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withOwnArrays(inner)])));
}
