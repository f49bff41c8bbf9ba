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
  const checked = `${stamp}|${createdMs}|${expiresMs}|${payloadOf(value, isJson)}`;
  return `${TAG}|${checksum(key, checked).toString(16).padStart(8, '0')}|${checked}`;
}

const TEXT = /^v1\|([0-9a-f]{8})\|(\d{1,16})\|(\d{1,16})\|(\d{1,16})\|(text|json|v8)\|/;

function payloadOf(value: unknown, isJson: boolean): string {
  // Half a character would not come through UTF-8.
  if (typeof value === 'string' && value.isWellFormed()) return `text|${value}`;
  return isJson ? `json|${JSON.stringify(value)}` : `v8|${serialize(value).toString('base64')}`;
}

/** How the payload of each codec is read. */
const READ: Readonly<Record<string, (payload: string) => FrozenValue>> = {
  text: frozenJson,
  json: (payload) => frozenJson(JSON.parse(payload)),
  v8: (payload) => frozenValue(deserialize(Buffer.from(payload, 'base64'))),
};

/** The entry of a text; undefined where it is none of ours, damaged, expired or from the future. */
export function fromText(key: string, text: unknown, nowMs: number): Entry | undefined {
  if (typeof text !== 'string') return undefined;
  const match = TEXT.exec(text);
  if (!match || checksum(key, text.slice(TAG.length + 10)) !== Number.parseInt(match[1]!, 16)) return undefined;
  const stamp = Number(match[2]);
  const createdMs = Number(match[3]);
  const expiresMs = Number(match[4]);
  if (expiresMs <= nowMs || createdMs > nowMs + AHEAD_MS_MAX || expiresMs - createdMs > TTL_MS_MAX) return undefined;
  try {
    const payload = text.slice(match[0].length);
    const { value, bytes, isJson, hasArrays } = READ[match[5]!]!(payload);
    // A spread of them takes as long as the checksum.
    return { value, bytes, isJson, hasArrays, stamp, createdMs, expiresMs };
  } catch {
    return undefined;
  }
}

function checksum(key: string, checked: string): number {
  return crc32(key + checked);
}
