import { createHash } from 'node:crypto';

export const LEVELS = ['l1', 'l2', 'l3'] as const;
export type LevelName = (typeof LEVELS)[number];

/** How the values of a namespace are kept. */
export interface NamespacePolicy {
  /** Raised when values of before must not be read any more: their shape or the way they are computed is another. */
  readonly version: number;
  /** Where a caller names none. */
  readonly ttlSeconds: number;
  readonly levels: readonly LevelName[];
  /**
   * What the rest of a key is. `content`: everything the value depends on, so that a value found is right whatever
   * happened meanwhile. `name`: what it is called, so that a change has to delete or overwrite it everywhere.
   */
  readonly keyedBy: 'content' | 'name';
}

const EVERYWHERE = LEVELS;

/** Derived and reference data only: never positions, limits, reservations, known orders or the kill switch. */
export const NAMESPACES = {
  var_results: { version: 2, ttlSeconds: 3_600, levels: EVERYWHERE, keyedBy: 'content' },
  // Made again from the closes in memory sooner than read from elsewhere.
  return_windows: { version: 1, ttlSeconds: 3_600, levels: ['l1'], keyedBy: 'content' },
  latest_risk_metrics: { version: 1, ttlSeconds: 300, levels: ['l1', 'l2'], keyedBy: 'name' },
  analytics: { version: 1, ttlSeconds: 1_800, levels: ['l1', 'l2'], keyedBy: 'name' },
  scenarios: { version: 1, ttlSeconds: 1_800, levels: EVERYWHERE, keyedBy: 'name' },
  manual: { version: 1, ttlSeconds: 300, levels: EVERYWHERE, keyedBy: 'name' },
  /** Keys without a namespace of this table, and what `@Cached` keeps. */
  default: { version: 1, ttlSeconds: 300, levels: EVERYWHERE, keyedBy: 'name' },
} as const satisfies Record<string, NamespacePolicy>;

export type Namespace = keyof typeof NAMESPACES;

export const isNamespace = (name: string): name is Namespace => Object.hasOwn(NAMESPACES, name);

/** A key as callers write it, taken apart. */
export interface CacheKey {
  readonly namespace: Namespace;
  readonly policy: NamespacePolicy;
  /** `namespace:version:rest` in ASCII, at most 200 characters: what levels below memory and other instances know it by. */
  readonly stored: string;
}

const PLAIN = /^[A-Za-z0-9_.:-]{1,120}$/;

/** `namespace`, `namespace:rest`, or any other text, which belongs to `default`. Any Unicode, any length. */
export function cacheKey(key: string): CacheKey {
  const colon = key.indexOf(':');
  const name = colon < 0 ? key : key.slice(0, colon);
  const isNamed = name !== 'default' && isNamespace(name);
  const namespace = isNamed ? name : 'default';
  const policy: NamespacePolicy = NAMESPACES[namespace];
  const rest = isNamed ? key.slice(name.length + 1) : key;
  // A hash is told from a plain rest by its first character. UTF-16, because UTF-8 has no lone surrogates.
  const stored = PLAIN.test(rest) ? rest : `#${createHash('sha256').update(key, 'utf16le').digest('hex')}`;
  return { namespace, policy, stored: `${namespace}:${policy.version}:${stored}` };
}

/** Of a key as levels below memory know it. */
export function namespaceOf(stored: string): string {
  return stored.slice(0, stored.indexOf(':'));
}

/** The key as callers write it; undefined where only its hash is known. */
export function callersKey(stored: string): string | undefined {
  const [namespace, , ...parts] = stored.split(':');
  const rest = parts.join(':');
  if (rest.startsWith('#')) return undefined;
  return namespace === 'default' ? rest : `${namespace}:${rest}`;
}
