/** Deletes that are remembered one by one; of older ones only the time is. */
const REMEMBERED_MAX = 50_000;

/**
 * What was deleted, and when: an older value that comes up again from some level, or from a load that began before, is
 * dead. Names are keys and namespaces, which cannot be confused: a key has a colon.
 */
export class Tombstones {
  /** Stamp by name, the oldest first. */
  private readonly deleted = new Map<string, number>();
  /** Whatever is older than that is dead, whatever its name. */
  private floor = 0;

  add(name: string, stamp: number): void {
    const known = this.deleted.get(name) ?? 0;
    this.deleted.delete(name);
    this.deleted.set(name, Math.max(known, stamp));
    if (this.deleted.size > REMEMBERED_MAX) this.forgetOldest();
  }

  isDead(names: { readonly key: string; readonly namespace: string }, stamp: number): boolean {
    if (stamp < this.floor) return true;
    if (this.deleted.size === 0) return false;
    return stamp < (this.deleted.get(names.key) ?? 0) || stamp < (this.deleted.get(names.namespace) ?? 0);
  }

  private forgetOldest(): void {
    for (const [name, stamp] of this.deleted) {
      this.deleted.delete(name);
      this.floor = Math.max(this.floor, stamp);
      return;
    }
  }
}
