const WINDOW_MS = 1000;

/** Events of the last second, (now − 1 s, now], by event time. At most one entry per millisecond. */
export class SlidingCount {
  private times: number[] = [];
  private counts: number[] = [];
  private head = 0;
  private total = 0;

  /** How many there are; looking changes nothing. */
  count(now: number): number {
    let count = this.total;
    for (let i = this.head; i < this.times.length && this.times[i]! <= now - WINDOW_MS; i++) count -= this.counts[i]!;
    return count;
  }

  add(now: number, events = 1): void {
    // Most orders come in the millisecond of the one before.
    if (now === this.times[this.times.length - 1] && this.head < this.times.length) {
      this.counts[this.times.length - 1]! += events;
      this.total += events;
      return;
    }
    this.forget(now);
    const last = this.times.length - 1;
    if (last >= this.head && this.times[last] === now) this.counts[last]! += events;
    else {
      this.times.push(now);
      this.counts.push(events);
    }
    this.total += events;
  }

  /** What is still in the window, as pairs of time and count. */
  entries(now: number): [number, number][] {
    const all = this.times.map((time, i): [number, number] => [time, this.counts[i]!]);
    return all.slice(this.head).filter(([time]) => time > now - WINDOW_MS);
  }

  private forget(now: number): void {
    while (this.head < this.times.length && this.times[this.head]! <= now - WINDOW_MS) {
      this.total -= this.counts[this.head++]!;
    }
    if (this.head > 64 && this.head * 2 > this.times.length) {
      this.times = this.times.slice(this.head);
      this.counts = this.counts.slice(this.head);
      this.head = 0;
    }
  }
}
