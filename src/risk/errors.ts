/**
 * Every error code a client can meet, with its HTTP status and title. One line here is all a new code needs:
 * the problem filter, `/problems/{code}` and the OpenAPI document read this table.
 */
export const ERROR_CODES = {
  malformed_request: [400, 'The request is not readable'],
  malformed_json: [400, 'The body is not readable JSON'],
  validation_failed: [400, 'The request is not valid'],
  actor_required: [400, 'The header X-Actor must name who acts'],
  forbidden: [403, 'This is not for you to do'],
  not_found: [404, 'There is nothing at this address'],
  account_not_found: [404, 'There is no such account'],
  instrument_not_found: [404, 'There is no such instrument'],
  quote_not_found: [404, 'There is no quote for this symbol'],
  prices_not_found: [404, 'There is no price history for this symbol'],
  decision_not_found: [404, 'There is no such decision'],
  order_not_found: [404, 'There is no such order'],
  job_not_found: [404, 'There is no such job'],
  topic_not_found: [404, 'There is no such topic'],
  dead_letter_not_found: [404, 'There is no such dead letter'],
  cache_entry_not_found: [404, 'Nothing is cached under this key'],
  cache_namespace_not_found: [404, 'There is no such namespace of the cache'],
  method_not_allowed: [405, 'The address does not support this method'],
  request_timeout: [408, 'The request did not arrive in time'],
  conflict: [409, 'The request contradicts what is stored'],
  duplicate_id: [409, 'The id was used before with other content'],
  version_conflict: [409, 'What is stored has changed meanwhile'],
  currency_mismatch: [409, 'An account tree has one currency'],
  payload_too_large: [413, 'The body is too large'],
  unsupported_media_type: [415, 'The content type is not supported here'],
  insufficient_data: [422, 'There is too little data for this computation'],
  unknown_symbol: [422, 'A symbol is not known'],
  no_price: [422, 'A symbol has no price'],
  no_positions: [422, 'The portfolio holds nothing'],
  zero_variance: [422, 'The portfolio does not move, so that this measure has no value'],
  rate_limited: [429, 'Too many requests'],
  headers_too_large: [431, 'The headers are too large'],
  internal: [500, 'The service failed; the log has the reason under the request id'],
  not_ready: [503, 'The service is starting and not ready yet'],
  not_owner: [503, 'Another instance owns this work'],
  dependency_unavailable: [503, 'Something the service depends on is away'],
} as const satisfies Record<string, readonly [status: number, title: string]>;

export type ErrorCode = keyof typeof ERROR_CODES;

/** One thing that is wrong with a request. */
export interface FieldProblem {
  /** JSON pointer into the body; for a parameter its name behind a slash. */
  pointer: string;
  /** Where the field stands; the body when absent. */
  in?: 'path' | 'query' | 'header';
  code: string;
  /** What was expected and what was got. */
  detail: string;
}

export interface RiskErrorDetails {
  errors?: readonly FieldProblem[];
  /** Further members of the problem document, such as `have`, `need` and `symbols`. */
  members?: Readonly<Record<string, unknown>>;
}

/** A refusal with its own code: the call cannot be answered as it stands. */
export class RiskError extends Error {
  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly details: RiskErrorDetails = {},
  ) {
    super(message);
  }

  get status(): number {
    return ERROR_CODES[this.code][0];
  }
}
