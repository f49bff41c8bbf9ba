import type { OrderRequest } from '../../book/inputs.js';
import type { DecisionReply } from './decision.schema.js';

/** A decision as it is stored: all of the reply but `checks`. */
export interface StoredDecision {
  /** As it was answered first; `checks` is null. */
  readonly reply: DecisionReply;
  /** Of the order's content, see `contentHashOf`. */
  readonly contentHash: string;
  readonly request: OrderRequest;
  /** False for the refusal of a used id with other content: it is never the decision of the order. */
  readonly ofOrder: boolean;
  /** True where the record of the order comes again until its decision was sent. */
  readonly published: boolean;
}

/** A stored decision as it is read back. */
export interface KnownDecision {
  readonly reply: DecisionReply;
  readonly contentHash: string;
}
