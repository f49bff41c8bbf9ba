import type { Amount, Money, Scaled } from './amount.js';
import { type CheckKind, CheckResult, type CheckStatus, exceedsRatio, type Figure } from './check-result.js';
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
    const after = before === null ? added.exact : before.exact + added.exact;
    const beyond = kind.lowest ? after < limit.exact : after > limit.exact;
    const figures = { before: before === null ? null : before.exact, after, limit: limit.exact };
    this.add(kind, binds && beyond ? 'BREACH' : 'PASS', scope, figures);
  }

  ratio(kind: CheckKind, scope: LevelName, limit: Amount, of: RatioOf, binds: boolean): void {
    this.screen?.ratio(kind, scope, limit, of, binds);
    const before: Money = of.before.exact;
    const after: Money = before + of.added.exact;
    const ratio: Scaled = limit.exact;
    const base = of.base.exact;
    const status = binds && exceedsRatio(after, ratio, base) ? 'BREACH' : 'PASS';
    this.add(kind, status, scope, { before, after, limit: ratio, base });
  }

  net(kind: CheckKind, scope: LevelName, limit: Amount, sums: Totals, buys: Amount, sells: Amount): void {
    this.screen?.net(kind, scope, limit, sums, buys, sells);
    const before = sums.net();
    const after = sums.net(buys, sells);
    const status = after > limit.exact && after > before ? 'BREACH' : 'PASS';
    this.add(kind, status, scope, { before, after, limit: limit.exact });
  }

  private add(kind: CheckKind, status: CheckStatus, scope: LevelName | null, figures: Compared): void {
    const { before, after, limit, base = null, detail = null, exact = true } = figures;
    const level = scope === null ? null : scope.level;
    const id = scope === null ? null : scope.id;
    this.list.push(new CheckResult(kind, status, level, id, before, after, limit, base, detail, exact));
  }
}

interface Compared {
  before: Figure | null;
  after: Figure | null;
  limit: Figure | null;
  base?: Money;
  detail?: string | null;
  exact?: boolean;
}
