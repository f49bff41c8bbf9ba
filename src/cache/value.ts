import { VALUE_DEPTH_MAX } from './cache.schema.js';

/** About what V8 takes, in bytes; `npm run bench -- cache` holds it against what is taken. */
const OBJECT_BYTES = 40;
const FIELD_BYTES = 12;
const ITEM_BYTES = 8;
const STRING_BYTES = 20;
/** A small integer stands in its field. */
const DOUBLE_BYTES = 16;
const NUMBER_ARRAY_BYTES = 200;

/** Why a value cannot be cached. */
export class UncacheableValueError extends TypeError {
  override readonly name = 'UncacheableValueError';

  constructor(got: string, path: readonly (string | number)[] = []) {
    super(`A cached value holds what JSON carries exactly, and arrays of numbers; got ${got} at /${path.join('/')}`);
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
  const copy = copier.copy(value);
  return { value: copy, bytes: copier.bytes, isJson: copier.isJson, hasArrays: copier.hasArrays };
}

/** Freezes what JSON.parse has made, which is nobody else's. */
export function frozenJson(value: unknown): FrozenValue {
  return { value, bytes: freeze(value), isJson: true, hasArrays: false };
}

/** Returns about what it takes in memory. */
function freeze(value: unknown): number {
  if (typeof value === 'string') return bytesOfText(value);
  if (typeof value === 'number') return bytesOfNumber(value);
  if (value === null || typeof value !== 'object') return 0;
  let bytes = OBJECT_BYTES;
  if (Array.isArray(value)) for (const item of value) bytes += ITEM_BYTES + freeze(item);
  else for (const key in value) bytes += FIELD_BYTES + freeze((value as Record<string, unknown>)[key]);
  Object.freeze(value);
  return bytes;
}

function bytesOfText(text: string): number {
  return STRING_BYTES + text.length * (LATIN.test(text) ? 1 : 2);
}

/** Throws for what JSON cannot say. */
function bytesOfNumber(value: number): number {
  if (!Number.isFinite(value)) throw new UncacheableValueError(String(value));
  return value === (value | 0) ? 0 : DOUBLE_BYTES;
}

class Copier {
  bytes = 0;
  isJson = true;
  hasArrays = false;
  /** Where the copy is. */
  private readonly path: (string | number)[] = [];
  private readonly within = new Set<object>();

  copy(value: unknown): unknown {
    switch (typeof value) {
      case 'string':
        this.bytes += bytesOfText(value);
        return value;
      case 'boolean':
        return value;
      case 'number':
        if (!Number.isFinite(value)) throw this.refusal(String(value));
        if (Object.is(value, -0)) this.isJson = false;
        this.bytes += bytesOfNumber(value);
        return value;
      case 'object':
        return value === null ? null : this.copyObject(value);
      default:
        throw this.refusal(value === undefined ? 'undefined' : `a ${typeof value}`);
    }
  }

  private copyObject(value: object): unknown {
    if (isNumberArray(value)) return this.copyNumbers(value);
    if (this.within.has(value)) throw this.refusal('a cycle');
    if (this.path.length === VALUE_DEPTH_MAX) throw this.refusal(`more than ${VALUE_DEPTH_MAX} levels`);
    this.within.add(value);
    this.bytes += OBJECT_BYTES;
    const copy = Array.isArray(value) ? this.copyArray(value) : this.copyPlain(value);
    this.within.delete(value);
    return Object.freeze(copy);
  }

  private copyNumbers(value: NumberArray): NumberArray {
    this.isJson = false;
    this.hasArrays = true;
    this.bytes += NUMBER_ARRAY_BYTES + value.byteLength;
    return value.slice();
  }

  private copyArray(value: readonly unknown[]): unknown[] {
    this.requirePlain(value, 2);
    if (Object.keys(value).length !== value.length) throw this.refusal('an array with gaps or fields');
    this.bytes += value.length * ITEM_BYTES;
    return value.map((item, i) => this.copyAt(i, item));
  }

  private copyPlain(value: object): object {
    this.requirePlain(value, 1);
    const copy: Record<string, unknown> = {};
    for (const key of Object.keys(value)) {
      const copied = this.copyAt(key, (value as Record<string, unknown>)[key]);
      this.bytes += FIELD_BYTES;
      if (key === '__proto__') Object.defineProperty(copy, key, { value: copied, enumerable: true });
      else copy[key] = copied;
    }
    return copy;
  }

  private copyAt(key: string | number, value: unknown): unknown {
    this.path.push(key);
    const copy = this.copy(value);
    this.path.pop();
    return copy;
  }

  /** The prototypes of plain objects and arrays are so many steps from the end, in any realm; those of classes more. */
  private requirePlain(value: object, steps: number): void {
    const prototype = Object.getPrototypeOf(value);
    if (prototype !== Object.prototype && prototype !== Array.prototype) {
      const isPlain = prototype?.constructor?.name === (steps === 1 ? 'Object' : 'Array');
      let end = prototype;
      for (let step = 0; step < steps; step++) end = end && Object.getPrototypeOf(end);
      if (!isPlain || end !== null) throw this.refusal(`a ${nameOf(value)}`);
    }
    if (Object.getOwnPropertySymbols(value).length > 0) throw this.refusal('a symbol as key');
  }

  private refusal(got: string): UncacheableValueError {
    return new UncacheableValueError(got, this.path);
  }
}

const nameOf = (value: object): string =>
  Object.getPrototypeOf(value) === null ? 'object without prototype' : value.constructor?.name || 'class';

// biome-ignore lint/suspicious/noControlCharactersInRegex: V8 stores texts of these characters with a byte for each.
const LATIN = /^[\u0000-\u00ff]*$/;

/** The same value with arrays of numbers of its own; what has none is shared, since nobody can change it. */
export function withOwnArrays(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (isNumberArray(value)) return value.slice();
  if (Array.isArray(value)) return Object.freeze(value.map(withOwnArrays));
  return Object.freeze(Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withOwnArrays(inner)])));
}
