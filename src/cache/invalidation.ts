/** What the other instances are told: what they hold of a key, or of a namespace, is out of date. */
export interface Invalidation {
  /** As levels below memory know it; absent: all of the namespace. */
  readonly key?: string;
  readonly namespace: string;
  /** When, by the order of Stamps. */
  readonly stamp: number;
  /** Deleted, not overwritten: no level may keep what it has. */
  readonly deleted: boolean;
}

/** The way to the other instances. Returns at once; what cannot be told now is told later. */
export type Announce = (invalidation: Invalidation) => void;
