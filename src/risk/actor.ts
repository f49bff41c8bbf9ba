import { RiskError } from './errors.js';

const ACTOR = /^[\x21-\x7e]([\x20-\x7e]{0,98}[\x21-\x7e])?$/;

/** Who acts, from the header `X-Actor`, unverified. Throws `actor_required` where it names nobody. */
export function actorOf(header: string | undefined): string {
  if (header !== undefined && ACTOR.test(header)) return header;
  const got = header === undefined ? 'nothing' : JSON.stringify(header.slice(0, 80));
  const detail = `expected the header X-Actor to name who acts in 1 to 100 printable ASCII characters, got ${got}`;
  const code = header === undefined ? 'required' : 'invalid_format';
  throw new RiskError('actor_required', detail, { errors: [{ pointer: '/x-actor', in: 'header', code, detail }] });
}

/** Who submits an order, where the header says so. Throws `actor_required` where it is there and names nobody. */
export const submitterOf = (header: string | undefined): string | null =>
  header === undefined ? null : actorOf(header);
