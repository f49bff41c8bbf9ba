/** How many records and bytes may be on their way; whoever finds no room waits in turn. */
export class Room {
  private records = 0;
  private bytes = 0;
  private readonly waiters: { readonly records: number; readonly bytes: number; readonly enter: () => void }[] = [];

  constructor(
    private readonly recordsMax: number,
    private readonly bytesMax: number,
  ) {}

  get used(): number {
    return this.records;
  }

  /** Takes room at once, unless there is none or others wait for it. */
  tryTake(records: number, bytes: number): boolean {
    if (this.waiters.length > 0 || !this.fits(records, bytes)) return false;
    this.add(records, bytes);
    return true;
  }

  /** False where there was none within `ms`. */
  take(records: number, bytes: number, ms: number): Promise<boolean> {
    if (this.tryTake(records, bytes)) return Promise.resolve(true);
    return new Promise((resolve) => {
      const waiter = {
        records,
        bytes,
        enter: () => {
          clearTimeout(timer);
          resolve(true);
        },
      };
      const timer = setTimeout(() => {
        this.waiters.splice(this.waiters.indexOf(waiter), 1);
        resolve(false);
        this.admit();
      }, ms);
      this.waiters.push(waiter);
    });
  }

  free(records: number, bytes: number): void {
    this.records -= records;
    this.bytes -= bytes;
    if (this.waiters.length > 0) this.admit();
  }

  private admit(): void {
    for (let next = this.waiters[0]; next && this.fits(next.records, next.bytes); next = this.waiters[0]) {
      this.waiters.shift();
      this.add(next.records, next.bytes);
      next.enter();
    }
  }

  /** One record always fits when there is nothing else. */
  private fits(records: number, bytes: number): boolean {
    if (this.records === 0) return true;
    return this.records + records <= this.recordsMax && this.bytes + bytes <= this.bytesMax;
  }

  private add(records: number, bytes: number): void {
    this.records += records;
    this.bytes += bytes;
  }
}
