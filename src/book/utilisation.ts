import { absolute, type Money, moneyNumber, type Scaled, scaledNumber } from './amount.js';
import type { BookNode } from './book-node.js';
import type { BookState } from './book-state.js';
import { type Figure, ratioNumber, type Unit } from './check-result.js';
import type { Level } from './inputs.js';
import type { Limits } from './limits.js';
import { lossesOf } from './losses.js';
import type { SymbolTotals } from './totals.js';

/** One limit of an account's path: what is used of it by positions, and what working orders reserve of it. */
export interface Utilisation {
  readonly code: string;
  readonly level: Level;
  readonly levelId: string;
  /** Of a limit per symbol: the one that is nearest to it. */
  readonly symbol: string | null;
  readonly unit: Unit;
  readonly limit: Figure;
  readonly used: Figure;
  readonly reserved: Figure;
  readonly headroom: Figure;
  /** (used + reserved) ÷ limit. */
  readonly utilisation: number;
}

interface Measured {
  code: string;
  unit: Unit;
  limit: Figure | undefined;
  used: Figure | null;
  reserved?: Figure;
  symbol?: string;
}

/** Every limit of the account's path that something is used of, the nearest first. */
export function utilisationOf(state: BookState, accountId: string, now: number): Utilisation[] {
  const account = state.accounts.get(accountId);
  if (!account) return [];
  const rows = account.path.flatMap((node) => {
    const measured = [...ofNode(state, node, account, now), ...ofSymbols(state, node, account)];
    return measured.flatMap((row) => utilisation(node, row) ?? []);
  });
  return rows.sort((a, b) => b.utilisation - a.utilisation);
}

function ofNode(state: BookState, node: BookNode, account: BookNode, now: number): Measured[] {
  const { limits, totals, equity } = node;
  const losses = lossesOf(node);
  const fall = losses?.fall;
  const [gross, held, value] = [totals.gross.exact, totals.held.exact, totals.value.exact];
  const isAccount = node === account;
  const varIsSet = account.path.some((above) => above.limits.maxVarRatio !== undefined);
  const varRatio = limits.maxVarRatio ?? (isAccount && !varIsSet ? state.settings.maxVarRatio : undefined);
  const working = gross - held;
  return [
    { code: 'GROSS_EXPOSURE', unit: 'money', limit: limits.maxGrossExposure, used: held, reserved: working },
    {
      code: 'NET_EXPOSURE',
      unit: 'money',
      limit: limits.maxNetExposure,
      used: absolute(value),
      reserved: totals.net().exact - absolute(value),
    },
    {
      code: 'LEVERAGE',
      unit: 'fraction',
      limit: fraction(limits.maxLeverage),
      used: equity === null ? null : ratioNumber(Number(held), Number(equity)),
      reserved: equity === null ? 0 : ratioNumber(Number(working), Number(equity)),
    },
    { code: 'OPEN_ORDER_LIMIT', unit: 'orders', limit: limits.maxOpenOrders, used: node.openOrders },
    { code: 'RATE_LIMIT', unit: 'orders', limit: limits.maxOrdersPerSecond, used: node.rate.count(now) },
    { code: 'DAILY_LOSS', unit: 'money', limit: limits.maxDailyLoss, used: losses?.day?.exact ?? null },
    {
      code: 'DRAWDOWN',
      unit: 'fraction',
      limit: fraction(limits.maxDrawdownRatio),
      used: fall ? ratioNumber(fall.loss.near, fall.peak.near) : null,
    },
    { code: 'VAR_LIMIT', unit: 'fraction', limit: fraction(varRatio), used: varRatioOf(state, node) },
    { code: 'BUYING_POWER', unit: 'money', limit: cashOf(node), used: 0n, reserved: totals.buys.exact },
  ];
}

const fraction = (ratio: Scaled | undefined) => (ratio === undefined ? undefined : scaledNumber(ratio));

const cashOf = (node: BookNode): Money | undefined =>
  node.account.accountType === 'CASH' && node.kind === 'ACCOUNT' ? (node.cash ?? undefined) : undefined;

/** VaR of what is held and working ÷ equity; null where it is not known. */
function varRatioOf(state: BookState, node: BookNode): number | null {
  const money = node.equity;
  if (money === null || node.unmodelledCount > 0 || state.scenariosAsOf === null) return null;
  const [column] = Array.from(state.instruments.values(), (instrument) => instrument.column).filter((c) => c);
  if (!column) return null;
  const risk = node.valueAtRisk!.whatIf(column, 0, { lossLimit: 0, exact: true });
  const equity = moneyNumber(money);
  return equity > 0 ? risk.before / equity : null;
}

/** Of limits on one symbol, that of the symbol which is nearest. */
function ofSymbols(state: BookState, node: BookNode, account: BookNode): Measured[] {
  const ratioIsSet = account.path.some((above) => above.limits.maxPositionRatio !== undefined);
  const ratioDefault = node === account && !ratioIsSet ? state.settings.maxPositionRatio : undefined;
  if (ratioDefault === undefined && !limitsSymbols(node.limits)) return [];
  const nearest = new Map<string, Measured>();
  const { equity } = node;
  let held: HeldBySymbol | undefined;
  const keep = (row: Measured) => {
    const other = nearest.get(row.code + row.unit);
    if (row.limit !== undefined && (!other || share(row) > share(other))) nearest.set(row.code + row.unit, row);
  };
  const position = { code: 'POSITION_LIMIT', unit: 'units' } as const;
  for (const [symbol, sums] of sumsBySymbol(state, node)) {
    const { maxLongQuantity, maxShortQuantity } = node.limitsFor(symbol);
    if (maxLongQuantity !== undefined || maxShortQuantity !== undefined) {
      held ??= heldBelow(state, node);
      const { long, short } = held.get(symbol) ?? NOTHING_HELD;
      const [moreLong, moreShort] = [sums.worstLong.exact - long, sums.worstShort.exact - short];
      keep({ ...position, limit: maxLongQuantity, used: long, reserved: moreLong, symbol });
      keep({ ...position, limit: maxShortQuantity, used: short, reserved: moreShort, symbol });
    }
    if (equity === null) continue;
    keep({
      code: 'CONCENTRATION',
      unit: 'fraction',
      limit: fraction(node.limitsFor(symbol).maxPositionRatio ?? ratioDefault),
      used: ratioNumber(sums.held.near, Number(equity)),
      reserved: ratioNumber(Number(sums.gross.exact - sums.held.exact), Number(equity)),
      symbol,
    });
  }
  return [...nearest.values()];
}

/** Whether a level limits anything of one symbol. */
const limitsSymbols = ({ maxPositionRatio, maxLongQuantity, maxShortQuantity, symbols }: Limits): boolean =>
  [maxPositionRatio, maxLongQuantity, maxShortQuantity, symbols].some((limit) => limit !== undefined);

function* sumsBySymbol(state: BookState, node: BookNode): Generator<[string, SymbolTotals]> {
  for (const [symbol, holding] of node.holdings) if (!holding.isEmpty) yield [symbol, holding.symbolTotals()];
  if (node.children.size === 0) return;
  for (const instrument of state.instruments.values()) instrument.sumUp();
  yield* node.symbols;
}

interface Held {
  long: Scaled;
  short: Scaled;
}
type HeldBySymbol = Map<string, Held>;
const NOTHING_HELD: Readonly<Held> = { long: 0n, short: 0n };

/** What the accounts of a level hold long, and short; nothing nets. */
function heldBelow(state: BookState, node: BookNode): HeldBySymbol {
  const bySymbol: HeldBySymbol = new Map();
  for (const account of state.accounts.values()) {
    if (!account.path.includes(node)) continue;
    for (const [symbol, { position }] of account.holdings) {
      const held = bySymbol.get(symbol) ?? { ...NOTHING_HELD };
      if (position > 0n) held.long += position;
      else held.short -= position;
      bySymbol.set(symbol, held);
    }
  }
  return bySymbol;
}

/** (used + reserved) ÷ limit; a limit of nothing is all used. */
function share({ used, reserved, limit }: Measured): number {
  if (used === null || limit === undefined) return 0;
  const observed = Number(used) + Number(reserved ?? 0);
  if (Number(limit) === 0) return observed > 0 ? Number.POSITIVE_INFINITY : 1;
  return observed / Number(limit);
}

function utilisation(node: BookNode, row: Measured): Utilisation | null {
  const { code, unit, limit, used, symbol } = row;
  if (limit === undefined || used === null) return null;
  const reserved = row.reserved ?? (typeof used === 'bigint' ? 0n : 0);
  const headroom =
    typeof limit === 'bigint'
      ? limit - (used as bigint) - (reserved as bigint)
      : limit - (used as number) - (reserved as number);
  const { level, id } = node;
  return {
    code,
    level,
    levelId: id,
    symbol: symbol ?? null,
    unit,
    limit,
    used,
    reserved,
    headroom,
    utilisation: share(row),
  };
}
