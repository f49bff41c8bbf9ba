import type { Effect } from '../../book/effects.js';
import type { AccountInput, CloseInput, OrderUpdate, ScenariosInput } from '../../book/inputs.js';
import type { UpdateResult } from '../../book/order-updates.js';
import type { BookRecords } from '../../book/records.js';
import type { RiskBook } from '../../book/risk-book.js';
import type { RiskError } from '../errors.js';
import type { AlertMessage } from './alert.schema.js';
import type { BookWrite } from './book-write.js';
import type { DecisionReply } from './decision.schema.js';
import type { KnownDecision, StoredDecision } from './decision-record.js';
import type { DecisionsQuery } from './decisions-query.schema.js';

/** What an input to the book brings about. */
export interface Changes {
  readonly effects: readonly Effect[];
  readonly decisions?: readonly StoredDecision[];
  /** Outcomes of approvals: second revisions of stored decisions. */
  readonly revisions?: readonly DecisionReply[];
}

export interface CommitOptions {
  /** It stays in force even where it cannot be stored: a book that is loaded again gets it until the store has it. */
  readonly keep?: boolean;
}

/**
 * The book of the instance that owns it. Every change of it is stored in the order in which it was made, and nobody
 * hears of one that is not. Throws `not_owner`, `not_ready` and, where the store is away, `dependency_unavailable`.
 */
export abstract class LiveBook {
  /** Looks without changing anything; a standby looks at what is stored. */
  abstract look<T>(look: (book: RiskBook, now: number) => T): Promise<T>;
  /** Applies the input at once, in this turn of the event loop, and resolves when what it changed is stored. */
  abstract commit<T extends Changes>(input: (book: RiskBook, now: number) => T, options?: CommitOptions): Promise<T>;
  /**
   * Changes reference data in the store and then in the book, in one transaction; other inputs wait for it. Whatever
   * `store` throws changes nothing.
   */
  abstract change<T>(
    store: () => Promise<T>,
    apply: (book: RiskBook, now: number, stored: T) => readonly Effect[],
  ): Promise<T>;
  /** Tells the book what others store, such as quotes. Nothing happens where it is not loaded: loading reads it. */
  abstract tell(input: (book: RiskBook, now: number) => void): void;
  /** Calls the listener after each write, with what is stored now and the number of the write. */
  abstract onWritten(listener: (write: BookWrite, number: number) => void): void;
  /** Where every book that is loaded finds what the price history says. */
  abstract readHistoryWith(read: () => Promise<BookHistory>): void;
}

/** What the book knows of the price history. */
export interface BookHistory {
  /** The last close of each symbol. */
  readonly closes: readonly CloseInput[];
  /** Undefined where there are too few days. */
  readonly scenarios: ScenariosInput | undefined;
}

export interface StoredBook {
  readonly records: BookRecords;
  /** Accounts that no book has seen yet, parents first: their equity counts as set now. */
  readonly newAccounts: readonly AccountInput[];
}

/** Proof of ownership, and how far the book's clock is. */
export interface BookStamp {
  readonly epoch: number;
  readonly eventTime: number;
  readonly session: number | null;
}

/** What nobody was told yet, of whole writes. */
export interface Untold {
  readonly decisions: readonly DecisionReply[];
  readonly alerts: readonly AlertMessage[];
  /** Number of the last of these writes. */
  readonly last: number;
  /** Whether it is everything that there is. */
  readonly isAll: boolean;
}

/** What is stored of the book. */
export abstract class BookStore {
  abstract load(): Promise<StoredBook>;
  /**
   * Stores all of it or nothing. Gives the number of the write, one more than that of the write before, whoever made
   * that; null where the epoch is over, and nothing was stored.
   */
  abstract append(write: BookWrite, stamp: BookStamp): Promise<number | null>;
  /** Stored decisions by their ids. */
  abstract known(decisionIds: readonly string[]): Promise<ReadonlyMap<string, KnownDecision>>;
  /** What those of these fills that are booked say, as `fillContent`, by their `fillKeyText`. */
  abstract booked(fills: readonly FillKey[]): Promise<ReadonlyMap<string, string>>;
  /** The oldest, in the order of the writes; about `limit` decisions and alerts together. */
  abstract untold(limit: number): Promise<Untold>;
  /** Everything up to the write of this number was told. */
  abstract markTold(last: number): Promise<void>;
  /** One transaction around everything that `work` stores. */
  abstract together<T>(work: () => Promise<T>): Promise<T>;
}

export interface FillKey {
  readonly accountId: string;
  readonly orderId: string;
  readonly execId: string;
}

export const fillKeyText = ({ accountId, orderId, execId }: FillKey): string => `${accountId} ${orderId} ${execId}`;

/** The right to decide: one instance holds it, for a short time that it keeps renewing. */
export abstract class Leases {
  /** How long it lasts without a renewal, and so how long a successor may have to wait. */
  abstract readonly ttlMs: number;
  /** The epoch of the new owner; null while another one holds it. */
  abstract acquire(): Promise<number | null>;
  /** False where the lease has run out or went to another one. */
  abstract renew(epoch: number): Promise<boolean>;
  /** Begins another epoch of the same owner; null as in `renew`. */
  abstract advance(epoch: number): Promise<number | null>;
  /** Lets a successor begin at once. */
  abstract release(epoch: number): Promise<void>;
}

/** Whether this instance decides. */
export abstract class Ownership {
  /** Epoch of the lease while it lasts, else null. */
  abstract get epoch(): number | null;
  /** Begins another epoch, in which writes of the one before store nothing; null where the lease is lost. */
  abstract advance(): Promise<number | null>;
  /** What to throw where there is none. */
  abstract get refusal(): RiskError;
}

/** What is known of decisions for people who ask later. */
export abstract class DecisionLog {
  /** The last decision of an order, of any action; undefined where there is none. */
  abstract ofOrder(accountId: string, orderId: string): Promise<DecisionReply | undefined>;
  abstract find(decisionId: string): Promise<DecisionReply | undefined>;
  /** Newest first, before `cursor`; one more than `limit` where there are more, each with its place. */
  abstract list(query: DecisionsQuery): Promise<{ place: string; decision: DecisionReply }[]>;
  /** Removes decisions, fills and alerts of before that time that nothing is open of; how many decisions. */
  abstract prune(before: Date): Promise<number>;
}

/** What venues say of orders, told to the book. */
export abstract class OrderUpdates {
  /** `results[i]` says what became of `updates[i]`, in their order. */
  abstract apply(updates: readonly OrderUpdate[]): Promise<UpdateResult[]>;
}
