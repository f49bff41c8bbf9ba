import { Amount, type Scaled } from './amount.js';
import type { BookNode } from './book-node.js';
import type { Instrument } from './instrument.js';
import type { BookSettings, Limits, SymbolLimits } from './limits.js';
import type { Scope } from './scope.js';
import type { Trader } from './trader.js';

/** A limit and the level that sets it: a place in the path of the account, 0 the account itself, or a scope of its own. */
export interface LevelLimit<L> {
  readonly place: number;
  readonly scope: Scope | null;
  readonly limit: L;
}
type Limiting<L> = readonly LevelLimit<L>[];
type BigLimit = { [K in keyof Limits]-?: Limits[K] extends bigint | undefined ? K : never }[keyof Limits];
type BigSymbolLimit = Extract<BigLimit, keyof SymbolLimits>;
type CountLimit = { [K in keyof Limits]-?: Limits[K] extends number | undefined ? K : never }[keyof Limits];

/** Whose limits an order meets: the path of its account, the instrument, the trader. */
export interface Limited {
  readonly path: readonly BookNode[];
  readonly instrument: Instrument | undefined;
  readonly trader: Trader | null;
  readonly symbol: string;
}

/**
 * Every limit that orders in one symbol meet, looked up once: each list has the levels that set it, the account first,
 * and no others. What a symbol sets of its own replaces what its level sets. It names places, not accounts, so that all
 * accounts of a desk with the same limits share one: a sheet for each would never be in the processor's cache.
 */
export class LimitSheet {
  readonly approvalQuantity: Limiting<Amount>;
  readonly orderQuantity: Limiting<Amount>;
  readonly orderNotional: Limiting<Amount>;
  readonly volumeRatio: Limiting<Scaled>;
  readonly collarRatio: Limiting<Scaled>;
  readonly slippageRatio: Limiting<Scaled>;
  readonly orderRate: Limiting<number>;
  readonly openOrders: Limiting<number>;
  readonly duplicates: Limiting<number>;
  readonly longQuantity: Limiting<Amount>;
  readonly shortQuantity: Limiting<Amount>;
  readonly gross: Limiting<Amount>;
  readonly net: Limiting<Amount>;
  readonly leverage: Limiting<Amount>;
  readonly positionRatio: Limiting<Amount>;
  readonly dailyLoss: Limiting<Amount>;
  readonly drawdownRatio: Limiting<Amount>;
  readonly varRatio: Limiting<Amount>;
  /** The strictest, and who sets it. */
  readonly priceAgeMs: LevelLimit<number> | null;
  readonly historyAgeMs: LevelLimit<number> | null;
  readonly restricting: LevelLimit<true> | null;
  /** Places in the path that limit a ratio of their equity, or a change of it. */
  readonly measuringEquity: readonly number[];
  /** Mandatory limits that nothing on the path sets. */
  readonly missing: readonly string[];

  /** Limits of the symbol alone, at a level of the path or at the instrument. */
  readonly symbolGross: Limiting<Amount>;
  readonly symbolNet: Limiting<Amount>;
  readonly symbolOpenOrders: Limiting<number>;

  constructor({ path, instrument, trader, symbol }: Limited, settings: BookSettings) {
    const own: Scope[] = [instrument, trader].filter((scope) => scope != null);
    const scopes: Scope[] = [...path, ...own];
    const ofOrder = (limit: BigSymbolLimit) => amounts(scopes, own, (scope) => scope.limitsFor(symbol)[limit]);
    const ofSymbol = (limit: BigSymbolLimit) => amounts(path, [], (node) => node.limitsFor(symbol)[limit]);
    const ofNode = (limit: BigLimit) => amounts(path, [], (node) => node.limits[limit]);
    const count = (of: readonly Scope[], limit: CountLimit) => setBy(of, own, (scope) => scope.limits[limit]);
    const ratio = (limit: BigSymbolLimit) => setBy(scopes, own, (scope) => scope.limitsFor(symbol)[limit]);
    const ofAccount = (value: Scaled) => amounts(path.slice(0, 1), [], () => value);
    const orElse = (limits: Limiting<Amount>, value: Scaled) => (limits.length > 0 ? limits : ofAccount(value));

    this.orderQuantity = ofOrder('maxOrderQuantity');
    this.orderNotional = ofOrder('maxOrderNotional');
    this.volumeRatio = ratio('maxAdvRatio');
    this.collarRatio = ratio('priceCollarRatio');
    this.slippageRatio = ratio('marketSlippageRatio');
    this.orderRate = count(scopes, 'maxOrdersPerSecond');
    this.openOrders = count(scopes, 'maxOpenOrders');
    this.duplicates = count(path, 'maxDuplicatesPerSecond');
    const holding: Scope[] = instrument ? [...path, instrument] : [...path];
    const ofHolding = (limit: BigSymbolLimit) => amounts(holding, own, (scope) => scope.limitsFor(symbol)[limit]);
    this.longQuantity = ofHolding('maxLongQuantity');
    this.shortQuantity = ofHolding('maxShortQuantity');
    this.gross = ofNode('maxGrossExposure');
    this.net = ofNode('maxNetExposure');
    this.leverage = ofNode('maxLeverage');
    this.dailyLoss = ofNode('maxDailyLoss');
    this.drawdownRatio = ofNode('maxDrawdownRatio');
    this.positionRatio = orElse(ofSymbol('maxPositionRatio'), settings.maxPositionRatio);
    this.varRatio = orElse(ofNode('maxVarRatio'), settings.maxVarRatio);
    const approval = ofOrder('approvalOrderQuantity');
    const isSet = ofSymbol('approvalOrderQuantity').length > 0;
    const fallback = isSet ? [] : ofAccount(settings.approvalOrderQuantity);
    this.approvalQuantity = [...approval, ...fallback];

    this.priceAgeMs = least(setBy(scopes, own, (scope) => scope.limitsFor(symbol).maxPriceAgeMs));
    this.historyAgeMs = least(count(path, 'maxHistoryAgeMs'));
    const [restricting] = setBy(scopes, own, ({ limits }) => limits.restrictedSymbols?.includes(symbol) || undefined);
    this.restricting = restricting ?? null;
    const measured = [this.positionRatio, this.varRatio, this.leverage, this.dailyLoss, this.drawdownRatio].flat();
    this.measuringEquity = [...path.keys()].filter((at) => measured.some(({ place }) => place === at));
    this.missing = [
      ...(ofSymbol('maxOrderQuantity').length > 0 ? [] : ['max_order_quantity']),
      ...(ofSymbol('maxOrderNotional').length > 0 ? [] : ['max_order_notional']),
      ...(this.gross.length > 0 ? [] : ['max_gross_exposure']),
    ];

    const alone = (limit: BigSymbolLimit) =>
      amounts(holding, own, (scope) =>
        scope === instrument ? scope.limits[limit] : scope.limits.symbols?.[symbol]?.[limit],
      );
    this.symbolGross = alone('maxGrossExposure');
    this.symbolNet = alone('maxNetExposure');
    this.symbolOpenOrders = setBy(path, [], (node) => node.limits.symbols?.[symbol]?.maxOpenOrders);
  }
}

/** The levels that set a limit; `own` ones stand for themselves. */
function setBy<L>(
  scopes: readonly Scope[],
  own: readonly Scope[],
  limitOf: (scope: Scope) => L | undefined,
): Limiting<L> {
  return scopes.flatMap((scope, place) => {
    const limit = limitOf(scope);
    return limit === undefined ? [] : [{ place, scope: own.includes(scope) ? scope : null, limit }];
  });
}

function amounts(
  scopes: readonly Scope[],
  own: readonly Scope[],
  limitOf: (scope: Scope) => bigint | undefined,
): Limiting<Amount> {
  return setBy(scopes, own, limitOf).map(({ limit, ...level }) => ({ ...level, limit: new Amount(limit) }));
}

/** Of equal ones the first. */
function least(limits: Limiting<number>): LevelLimit<number> | null {
  return limits.reduce<LevelLimit<number> | null>((a, b) => (a !== null && a.limit <= b.limit ? a : b), null);
}
