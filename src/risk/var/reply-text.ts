import type { JsonText } from '../json-text.js';

/** What of a reply says whether it was computed now; it stands at the end. */
export interface Stamped {
  readonly cache: 'hit' | 'miss';
  readonly cache_age_ms: number;
}

/** A text is kept and sent as it is, because to write a reply anew costs more than to find it; one of many positions is none. */
export type Written<Reply> = JsonText<Reply> | Reply;

/** Without its stamp. */
export function unstampedText<Reply extends Stamped>({ cache: _, cache_age_ms: __, ...reply }: Reply): string {
  return JSON.stringify(reply);
}

export function stampedText<Reply extends Stamped>(unstamped: string, { cache, cache_age_ms }: Stamped) {
  return `${unstamped.slice(0, -1)},"cache":"${cache}","cache_age_ms":${cache_age_ms}}` as JsonText<Reply>;
}
