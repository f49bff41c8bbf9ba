import { Amount } from './amount.js';
import {
  type CheckKind,
  CheckResult,
  type CheckStatus,
  exceedsRatio,
  type Figure,
  type Measure,
} from './check-result.js';
import type { Figures, LevelName, More, RatioOf, Report } from './report.js';
import type { Screen } from './screen.js';
import type { Totals } from './totals.js';

/** Every result of every check, passed ones too, in exact integers. A screen hears all of it too. */
export class CheckResults implements Report {
  readonly list: CheckResult[] = [];

  constructor(private readonly screen?: Screen) {}

  state(
    kind: CheckKind,
    status: CheckStatus,
    scope: LevelName | null,
    detail: string | null = null,
    after: Figure | null = null,
  ) {
    this.screen?.state(kind, status);
    this.add(kind, status, scope, { before: null, after, limit: null, detail });
  }

  number(
    kind: CheckKind,
    status: CheckStatus,
    scope: LevelName | null,
    { before, after, limit }: Figures,
    more?: More,
  ) {
    this.screen?.number(kind, status, scope, { before, after, limit });
    this.add(kind, status, scope, { before, after, limit, ...more });
  }

  sum(
    kind: CheckKind,
    scope: LevelName,
    limit: Amount,
    added: Amount,
    before: Amount | null = null,
    binds = true,
  ): void {
    this.screen?.sum(kind, scope, limit, added, before, binds);
    const after = before === null ? added : new Amount().setTo(before).add(added);
    const beyond = kind.lowest ? limit.isAbove(after) : after.isAbove(limit);
    const figures = { before: before === null ? null : copy(before), after, limit };
    this.add(kind, binds && beyond ? 'BREACH' : 'PASS', scope, figures);
  }

  ratio(kind: CheckKind, scope: LevelName, limit: Amount, of: RatioOf, binds: boolean): void {
    this.screen?.ratio(kind, scope, limit, of, binds);
    const before = copy(of.before);
    const after = new Amount().setTo(before).add(of.added);
    const base = copy(of.base);
    const status = binds && exceedsRatio(after, limit, base) ? 'BREACH' : 'PASS';
    this.add(kind, status, scope, { before, after, limit, base });
  }

  net(kind: CheckKind, scope: LevelName, limit: Amount, sums: Totals, buys: Amount, sells: Amount): void {
    this.screen?.net(kind, scope, limit, sums, buys, sells);
    const before = sums.net();
    const after = sums.net(buys, sells);
    const status = after.isAbove(limit) && after.isAbove(before) ? 'BREACH' : 'PASS';
    this.add(kind, status, scope, { before, after, limit });
  }

  private add(kind: CheckKind, status: CheckStatus, scope: LevelName | null, figures: Compared): void {
    const { before, after, limit, base = null, detail = null, exact = true } = figures;
    const level = scope === null ? null : scope.level;
    const id = scope === null ? null : scope.id;
    this.list.push(new CheckResult(kind, status, level, id, before, after, limit, base, detail, exact));
  }
}

/** Sums go on; what was said of them stays. */
const copy = (figure: Amount): Amount => new Amount().setTo(figure);

interface Compared {
  before: Measure | null;
  after: Measure | Figure | null;
  limit: Measure | null;
  base?: Amount;
  detail?: string | null;
  exact?: boolean;
}
