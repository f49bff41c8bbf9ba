import { deserialize, serialize } from 'node:v8';
import { crc32 } from 'node:zlib';
import { type FrozenValue, frozenJson, frozenValue } from './value.js';

/** Longest life of anything in the cache: seven days. */
export const TTL_MS_MAX = 604_800_000;
/** Values whose text is longer stay in memory only. */
export const TEXT_LENGTH_MAX = 4_194_304;
/** How far the clocks of two instances may be apart. What is from later was written before a clock went back. */
const AHEAD_MS_MAX = 5_000;

/** A value with its times: milliseconds since 1970, and the stamp that orders it against deletes. */
export interface Entry extends FrozenValue {
  readonly stamp: number;
  readonly createdMs: number;
  readonly expiresMs: number;
}

const TAG = 'v1';

/**
 * One text, as Redis and files keep it: `v1|crc|stamp|created|expires|codec|payload`. It begins with the tag, so that no
 * store takes it for one of the texts that it revives; the checksum covers the key too, so that it is of no use elsewhere.
 */
export function toText(key: string, { stamp, createdMs, expiresMs, isJson, value }: Entry): string {
  const payload = isJson ? `json|${JSON.stringify(value)}` : `v8|${serialize(value).toString('base64')}`;
  const checked = `${stamp}|${createdMs}|${expiresMs}|${payload}`;
  return `${TAG}|${checksum(key, checked)}|${checked}`;
}

const TEXT = /^v1\|([0-9a-f]{8})\|(\d{1,16})\|(\d{1,16})\|(\d{1,16})\|(json|v8)\|/;

/** The entry of a text; undefined where it is none of ours, damaged, expired or from the future. */
export function fromText(key: string, text: unknown, nowMs: number): Entry | undefined {
  if (typeof text !== 'string') return undefined;
  const match = TEXT.exec(text);
  if (!match || checksum(key, text.slice(TAG.length + 10)) !== match[1]) return undefined;
  const [stamp, createdMs, expiresMs] = [Number(match[2]), Number(match[3]), Number(match[4])];
  if (expiresMs <= nowMs || createdMs > nowMs + AHEAD_MS_MAX || expiresMs - createdMs > TTL_MS_MAX) return undefined;
  try {
    const payload = text.slice(match[0].length);
    const frozen =
      match[5] === 'json' ? frozenJson(JSON.parse(payload)) : frozenValue(deserialize(Buffer.from(payload, 'base64')));
    return { ...frozen, stamp, createdMs, expiresMs };
  } catch {
    return undefined;
  }
}

function checksum(key: string, checked: string): string {
  return crc32(checked, crc32(key)).toString(16).padStart(8, '0');
}
