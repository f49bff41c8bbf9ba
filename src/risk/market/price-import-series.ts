import type { Day } from './price-day.js';

/** From here on a series must hold some date twice (two centuries have fewer days), so it is worth sorting them out. */
const LENGTH_MAX = 131_072;
/** Room for the position beside the day in one double: 2^25 positions, days from −2^20. */
const POSITIONS = 2 ** 25;
const DAY_OFFSET = 2 ** 20;

export const CAPACITY_MIN = 64;

const NO_DAYS = new Int32Array();
const NO_CLOSES = new Float64Array();

/** Told of each close whose date the file had before. */
export type DuplicateListener = (duplicate: { day: Day; line: number; firstLine: number }) => void;

/** The closes of one symbol as a file gives them, in any order, with the line of each. 16 bytes a close. */
export class FileSeries {
  private dayList = NO_DAYS;
  private closeList = NO_CLOSES;
  private lineList = NO_DAYS;
  private length = 0;
  private ascending = true;

  constructor(
    readonly symbol: string,
    /** Name of the file's column that holds the closes. */
    readonly column: string,
    private readonly onDuplicate: DuplicateListener,
    /** Room from the first close on; it doubles when needed. */
    private readonly capacity = CAPACITY_MIN,
  ) {}

  get days(): Int32Array {
    return this.dayList.subarray(0, this.length);
  }

  get closes(): Float64Array {
    return this.closeList.subarray(0, this.length);
  }

  get lines(): Int32Array {
    return this.lineList.subarray(0, this.length);
  }

  add(day: Day, close: number, line: number): void {
    if (this.length === this.dayList.length) this.makeRoom();
    if (this.length > 0 && day <= this.dayList[this.length - 1]!) this.ascending = false;
    this.dayList[this.length] = day;
    this.closeList[this.length] = close;
    this.lineList[this.length] = line;
    this.length++;
  }

  /** Sorts by date. Of closes with the same date the first in the file stays. */
  sort(): void {
    if (this.ascending) return;
    const order = new Float64Array(this.length);
    for (let i = 0; i < this.length; i++) order[i] = (this.dayList[i]! + DAY_OFFSET) * POSITIONS + i;
    order.sort();
    const [days, closes, lines] = [this.days.slice(), this.closes.slice(), this.lines.slice()];
    const firstLines = new Int32Array(this.length);
    let kept = 0;
    for (const key of order) {
      const from = key % POSITIONS;
      const day = days[from]!;
      if (kept > 0 && this.dayList[kept - 1] === day) {
        firstLines[from] = this.lineList[kept - 1]!;
        continue;
      }
      this.dayList[kept] = day;
      this.closeList[kept] = closes[from]!;
      this.lineList[kept] = lines[from]!;
      kept++;
    }
    this.length = kept;
    this.ascending = true;
    // In the order of the file: only so many are told.
    for (const [i, firstLine] of firstLines.entries()) {
      if (firstLine > 0) this.onDuplicate({ day: days[i]!, line: lines[i]!, firstLine });
    }
  }

  private makeRoom(): void {
    if (this.length >= LENGTH_MAX) this.sort();
    if (this.length < this.dayList.length) return;
    const { days, closes, lines } = this;
    this.allocate(this.dayList.length * 2 || this.capacity);
    this.dayList.set(days);
    this.closeList.set(closes);
    this.lineList.set(lines);
  }

  /** One buffer for the three: a file may have thousands of columns, and their buffers are what takes time. */
  private allocate(capacity: number): void {
    const buffer = new ArrayBuffer(16 * capacity);
    this.closeList = new Float64Array(buffer, 0, capacity);
    this.dayList = new Int32Array(buffer, 8 * capacity, capacity);
    this.lineList = new Int32Array(buffer, 12 * capacity, capacity);
  }
}
