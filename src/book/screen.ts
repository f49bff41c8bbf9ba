import { type Amount, ROUNDING } from './amount.js';
import type { CheckKind, CheckStatus } from './check-result.js';
import type { OrderCheck } from './order-check.js';
import type { OrderFacts } from './order-facts.js';
import type { Figures, LevelName, RatioOf, Report } from './report.js';
import type { Totals } from './totals.js';

/**
 * Reads what checks say in doubles alone and builds nothing. A check that is not in `doubtful` is proven to neither breach
 * nor warn; where the doubles lie too near to a limit to prove it, exact integers decide. It also keeps which result has
 * the least headroom for its limit.
 */
export class Screen implements Report {
  /** Places of the checks that may breach or warn, or that threw, in their order. */
  readonly doubtful: number[] = [];
  /** The nearest result: the place of its check, and which of the results of that check. */
  nearestCheck = -1;
  nearestResult = 0;
  private leastHeadroom = Number.POSITIVE_INFINITY;
  private check = -1;
  private result = 0;
  /** What was nearest before the check began. */
  private priorCheck = -1;
  private priorResult = 0;
  private priorHeadroom = Number.POSITIVE_INFINITY;

  static of(facts: OrderFacts, checks: readonly OrderCheck[]): Screen {
    const screen = new Screen();
    for (let i = 0; i < checks.length; i++) {
      screen.begin(i);
      try {
        checks[i]!.run(facts, screen);
      } catch {
        screen.fail();
      }
    }
    return screen;
  }

  get isClear(): boolean {
    return this.doubtful.length === 0;
  }

  begin(check: number): void {
    this.check = check;
    this.result = 0;
    this.priorCheck = this.nearestCheck;
    this.priorResult = this.nearestResult;
    this.priorHeadroom = this.leastHeadroom;
  }

  /** The check threw: nothing that it said before counts. */
  fail(): void {
    this.doubt();
    this.nearestCheck = this.priorCheck;
    this.nearestResult = this.priorResult;
    this.leastHeadroom = this.priorHeadroom;
  }

  state(_kind: CheckKind, status: CheckStatus): void {
    this.result++;
    if (status !== 'PASS') this.doubt();
  }

  number(_kind: CheckKind, status: CheckStatus, _scope: LevelName | null, { before, after, limit }: Figures): void {
    if (after === null) this.result++;
    else this.consider(limit - after, limit);
    // Over a limit already, which an order that passes does not change: someone may have to be told.
    if (status !== 'PASS' || (before !== null && before > limit)) this.doubt();
  }

  sum(
    kind: CheckKind,
    _scope: LevelName,
    limit: Amount,
    added: Amount,
    before: Amount | null = null,
    binds = true,
  ): void {
    const most = limit.near;
    const more = added.near;
    const from = before === null ? 0 : before.near;
    const room = kind.lowest ? from + more - most : most - from - more;
    this.consider(room, most);
    if (binds) this.require(room, Math.abs(from) + Math.abs(more) + Math.abs(most));
  }

  ratio(_kind: CheckKind, _scope: LevelName, limit: Amount, { before, added, base }: RatioOf, binds: boolean): void {
    const most = limit.near;
    const scale = 1e8 / base.near;
    const from = before.near;
    const more = added.near;
    const room = most - (from + more) * scale;
    if (!(base.near > 0)) {
      this.consider(from + more === 0 ? most : Number.NEGATIVE_INFINITY, most);
      this.doubt();
      return;
    }
    this.consider(room, most);
    const size = (Math.abs(from) + Math.abs(more)) * scale + most;
    if (binds) this.require(room, size);
    this.require(most - from * scale, size);
  }

  net(_kind: CheckKind, _scope: LevelName, limit: Amount, sums: Totals, buys: Amount, sells: Amount): void {
    const most = limit.near;
    const room = most - sums.nearNet(buys.near, sells.near);
    this.consider(room, most);
    this.require(room, sums.nearSize + Math.abs(buys.near) + Math.abs(sells.near) + Math.abs(most));
  }

  private doubt(): void {
    const { doubtful, check } = this;
    if (doubtful.at(-1) !== check) doubtful.push(check);
  }

  /** A limit that is kept by more than any rounding of figures of this size. */
  private require(room: number, size: number): void {
    if (!(room > ROUNDING * size)) this.doubt();
  }

  /** Headroom ÷ limit; a limit of nothing has none. Of equal ones the first. */
  private consider(room: number, limit: number): void {
    const headroom = limit === 0 ? (room < 0 ? Number.NEGATIVE_INFINITY : 0) : room / Math.abs(limit);
    if (headroom < this.leastHeadroom) {
      this.leastHeadroom = headroom;
      this.nearestCheck = this.check;
      this.nearestResult = this.result;
    }
    this.result++;
  }
}
