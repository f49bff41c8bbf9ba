import type { BookNode } from './book-node.js';
import type { Instrument } from './instrument.js';
import { type Limited, LimitSheet } from './limit-sheet.js';
import type { BookSettings } from './limits.js';
import type { Trader } from './trader.js';

/** The sheets of one account. */
interface AccountSheets {
  /** Of every symbol that no level has a word of its own for. */
  readonly common: LimitSheet;
  readonly namedSymbols: ReadonlySet<string>;
  readonly own: Map<string, LimitSheet>;
}

const NONE: ReadonlySet<string> = new Set();

/** Limit sheets, made when an order first needs one and thrown away when any limit or the tree changes. */
export class LimitSheets {
  private byAccount: (AccountSheets | undefined)[] = [];
  /** By the limits of the path. */
  private readonly common = new Map<string, LimitSheet>();

  constructor(private readonly settings: BookSettings) {}

  forget(): void {
    this.byAccount = [];
    this.common.clear();
  }

  of(account: BookNode | undefined, instrument: Instrument | undefined, trader: Trader | null, symbol: string) {
    if (account === undefined) return new LimitSheet({ path: [], instrument, trader, symbol }, this.settings);
    const { path } = account;
    let sheets = this.byAccount[account.index];
    if (sheets === undefined) {
      sheets = this.sheetsOf(path);
      this.byAccount[account.index] = sheets;
    }
    const hasOwn =
      instrument?.isLimited || trader?.isLimited || (sheets.namedSymbols.size > 0 && sheets.namedSymbols.has(symbol));
    return hasOwn ? this.ownSheet(sheets.own, { path, instrument, trader, symbol }) : sheets.common;
  }

  private sheetsOf(path: readonly BookNode[]): AccountSheets {
    const named = path.flatMap(({ limits }) => [
      ...Object.keys(limits.symbols ?? {}),
      ...(limits.restrictedSymbols ?? []),
    ]);
    const key = path.map(({ limitsText }) => limitsText).join(' ');
    let common = this.common.get(key);
    if (common === undefined) {
      // No symbol has an empty name.
      common = new LimitSheet({ path, instrument: undefined, trader: null, symbol: '' }, this.settings);
      this.common.set(key, common);
    }
    return { common, namedSymbols: named.length === 0 ? NONE : new Set(named), own: new Map() };
  }

  private ownSheet(own: Map<string, LimitSheet>, limited: Limited): LimitSheet {
    const key = limited.trader?.isLimited ? `${limited.symbol} ${limited.trader.id}` : limited.symbol;
    let sheet = own.get(key);
    if (sheet === undefined) {
      sheet = new LimitSheet(limited, this.settings);
      own.set(key, sheet);
    }
    return sheet;
  }
}
