const WINDOW_MS = 1000;

/** Events of the last second, (now − 1 s, now], by event time, which never goes back. */
export class SlidingCount {
  /** The latest millisecond with events, and how many: most events come in that of the one before. */
  private last = Number.NEGATIVE_INFINITY;
  private inLast = 0;
  private total = 0;
  /** Milliseconds before it, the oldest first: time, count, time, count … */
  private earlier: number[] = [];
  private head = 0;

  /** How many there are; looking changes nothing. */
  count(now: number): number {
    const since = now - WINDOW_MS;
    if (this.last <= since) return 0;
    let count = this.total;
    if (count === this.inLast) return count;
    const { earlier } = this;
    for (let i = this.head; i < earlier.length && earlier[i]! <= since; i += 2) count -= earlier[i + 1]!;
    return count;
  }

  add(now: number, events = 1): void {
    if (now !== this.last) this.begin(now);
    this.inLast += events;
    this.total += events;
  }

  /** What is still in the window, as pairs of time and count. */
  entries(now: number): [number, number][] {
    const entries: [number, number][] = [];
    for (let i = this.head; i < this.earlier.length; i += 2) entries.push([this.earlier[i]!, this.earlier[i + 1]!]);
    if (this.inLast > 0) entries.push([this.last, this.inLast]);
    return entries.filter(([time]) => time > now - WINDOW_MS);
  }

  private begin(now: number): void {
    if (this.inLast > 0) this.earlier.push(this.last, this.inLast);
    this.last = now;
    this.inLast = 0;
    this.forget(now - WINDOW_MS);
  }

  private forget(since: number): void {
    const { earlier } = this;
    while (this.head < earlier.length && earlier[this.head]! <= since) {
      this.total -= earlier[this.head + 1]!;
      this.head += 2;
    }
    if (this.head > 128 && this.head * 2 > earlier.length) {
      this.earlier = earlier.slice(this.head);
      this.head = 0;
    }
  }
}
