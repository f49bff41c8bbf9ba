import { createHash } from 'node:crypto';
import { Inject } from '@nestjs/common';
import { Cache } from './ports.js';
import { frozenValue, UncacheableValueError } from './value.js';

export interface CachedOptions {
  /** Seconds, up to seven days. */
  readonly ttl: number;
  /** From the arguments; default: class, method and all arguments, which must be plain data then. */
  readonly key?: (...args: never[]) => string;
}

/** Where Nest injects the cache into a class that has a cached method. */
const CACHE = Symbol('cache');

type Cacheable = { readonly [CACHE]: Cache };

/**
 * Keeps what a method of a provider returns, by its arguments. What comes back is frozen, and must not depend on anything
 * but the arguments that a key holds: the account is one of them. A call that throws is not kept.
 */
export function Cached({ ttl, key }: CachedOptions) {
  return <Args extends never[], Result>(
    target: object,
    name: string,
    descriptor: TypedPropertyDescriptor<(...args: Args) => Promise<Result>>,
  ): void => {
    Inject(Cache)(target, CACHE);
    const method = descriptor.value!;
    const keyOf = key ?? ((...args: Args) => `${target.constructor.name}.${name}:${hashOf(args)}`);
    descriptor.value = function (this: unknown, ...args: Args): Promise<Result> {
      return (this as Cacheable)[CACHE].getOrLoad(keyOf(...args), () => method.apply(this, args), { ttl });
    };
  };
}

/** Throws UncacheableValueError for arguments that are no plain data: two calls that differ would look the same. */
function hashOf(args: readonly unknown[]): string {
  const hash = createHash('sha256');
  for (const arg of args) {
    // Not the same as the text of anything.
    if (arg === undefined) hash.update('undefined;');
    else hash.update(`${JSON.stringify(sorted(jsonOf(arg)))};`);
  }
  return hash.digest('hex');
}

function jsonOf(arg: unknown): unknown {
  const { value, hasArrays } = frozenValue(arg);
  if (hasArrays) throw new UncacheableValueError('an array of numbers as argument');
  return value;
}

/** Whatever order its fields came in. */
function sorted(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(sorted);
  const fields = Object.entries(value).map(([key, inner]): [string, unknown] => [key, sorted(inner)]);
  return Object.fromEntries(fields.sort(([a], [b]) => (a < b ? -1 : 1)));
}
