import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { money, ONE, scaled } from '../../../../src/book/amount.js';
import { type CheckKind, CheckResult, type CheckStatus, type Figure } from '../../../../src/book/check-result.js';
import type { Level } from '../../../../src/book/inputs.js';
import { reasonReply } from '../../../../src/risk/orders/decision-reply.js';
import { MESSAGE_CODES } from '../../../../src/risk/orders/reason-message.js';

/** Every kind of result that the book's sources declare. */
function declaredKinds(): CheckKind[] {
  const folder = join(process.cwd(), 'src/book');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  const pattern = /code: '(\w+)',\s+fixReason: (\d+),\s+unit: '(\w+)'(,\s+soft: true)?/g;
  return files.flatMap((name) =>
    [...readFileSync(join(folder, name), 'utf8').matchAll(pattern)].map(([, code, fixReason, unit, soft]) => ({
      code: code!,
      fixReason: Number(fixReason),
      unit: unit as CheckKind['unit'],
      soft: soft !== undefined,
    })),
  );
}

const FIGURES: Record<CheckKind['unit'], [after: Figure | null, limit: Figure | null]> = {
  money: [money('805000'), money('800000')],
  units: [scaled('1500'), scaled('1000')],
  price: [scaled('105'), scaled('102')],
  ratio: [scaled('0.3'), scaled('0.2')],
  fraction: [0.06, 0.05],
  orders: [11, 10],
  seconds: [400, 300],
  none: [null, null],
};

interface Changes {
  status?: CheckStatus;
  level?: Level;
  levelId?: string;
  after?: Figure | null;
  limit?: Figure | null;
  base?: bigint;
  detail?: string | null;
}

function messageOf(kind: CheckKind, changes: Changes = {}): string {
  const [after, limit] = FIGURES[kind.unit];
  const { status = 'BREACH', level = 'DESK', levelId = 'desk_us', base = null, detail = 'because' } = changes;
  const figures = { after, limit, ...changes };
  const result = new CheckResult(kind, status, level, levelId, null, figures.after, figures.limit, base, detail);
  return reasonReply(result, 'USD', 'AAPL').message;
}

const kinds = declaredKinds();
const kindOf = (code: string) => kinds.find((kind) => kind.code === code && !kind.soft)!;

describe('the message of a reason', () => {
  it('exists for every code of the book, and for no other', () => {
    expect(kinds.length).toBeGreaterThan(35);
    expect([...MESSAGE_CODES].sort()).toEqual([...new Set(kinds.map(({ code }) => code))].sort());
  });

  it('is explained in docs/orders.md, with its FIX reason', () => {
    const rows = readFileSync(new URL('../../../../docs/orders.md', import.meta.url), 'utf8')
      .split('\n| `')
      .slice(1);
    const documented = rows.flatMap((row) => {
      const [codes, , reasons] = `\`${row}`.split(' | ');
      const numbers =
        reasons
          ?.match(/^[\d ·]+/)?.[0]
          .split(' · ')
          .map(Number) ?? [];
      return [...codes!.matchAll(/`([A-Z_]+)`/g)].map(([, code], i) => [code!, numbers[i] ?? numbers[0]] as const);
    });
    const explained = new Map(documented.filter(([, reason]) => reason !== undefined));
    expect([...explained].sort()).toEqual(
      [...new Map(kinds.map(({ code, fixReason }) => [code, fixReason] as const))].sort(),
    );
  });

  it.each(kinds.map((kind) => [`${kind.code} in ${kind.unit}${kind.soft ? ', soft' : ''}`, kind] as const))(
    'is plain words: %s',
    (_name, kind) => {
      for (const changes of [{}, { detail: null }, { status: 'WARN' as const }]) {
        const message = messageOf(kind, changes);
        expect(message).toMatch(/^[a-z].{10,}[^.]$/);
        // A check that failed always says which one it was.
        if (kind.code !== 'RULE_ERROR') expect(message).not.toMatch(/null|undefined|NaN|\[object/);
      }
    },
  );

  it.each([
    ['GROSS_EXPOSURE', {}, 'gross exposure of desk desk_us would be 805000.00 USD, limit 800000.00'],
    [
      'MAX_ORDER_QTY',
      { level: 'ACCOUNT', levelId: 'acc_1' },
      'the order quantity is 1500, limit of account acc_1 1000',
    ],
    ['LEVERAGE', {}, 'leverage of desk desk_us would be 0.3, limit 0.2'],
    ['VAR_LIMIT', {}, 'value at risk of desk desk_us would be 0.06 of equity, limit 0.05'],
    ['RATE_LIMIT', {}, 'the number of orders within a second of desk desk_us would be 11, limit 10'],
    ['POSITION_LIMIT', {}, 'the worst position in AAPL of desk desk_us would be 1500 units, limit 1000'],
    ['PRICE_COLLAR', {}, 'the order price 105.00 is above the collar of desk desk_us, limit 102.00'],
    [
      'PRICE_COLLAR',
      { after: scaled('99') },
      'the order price 99.00 is below the collar of desk desk_us, limit 102.00',
    ],
    ['STALE_ORDER', { detail: null }, 'the order was sent 400 seconds ago, limit 300 seconds'],
    [
      'RISK_DATA_STALE',
      { detail: null, after: 123_253_848, limit: 604_800 },
      'the value at risk of desk desk_us cannot be known: the price history is 1426 days old, limit 7 days',
    ],
    [
      'ADV_LIMIT',
      { limit: 0n },
      'the order quantity is 1500, share of the average daily volume of AAPL that desk desk_us allows 0: that volume is not known, or no share of it is allowed',
    ],
    ['RESTRICTED', {}, 'the symbol AAPL is on the restricted list of desk desk_us'],
    [
      'VAR_LIMIT',
      { after: 93_575_046.0875 },
      'value at risk of desk desk_us would be 93575046.0875 of equity, limit 0.05',
    ],
    [
      'UNKNOWN_ACCOUNT',
      { level: 'ACCOUNT', levelId: 'x', detail: 'it does not exist' },
      'account x cannot trade: it does not exist',
    ],
    ['UNKNOWN_SYMBOL', { level: 'INSTRUMENT', levelId: 'XYZ' }, 'instrument XYZ is not known'],
    ['BUYING_POWER', { detail: null }, 'working buys of desk desk_us would be 805000.00 USD, its cash 800000.00'],
    [
      'VAR_LIMIT',
      { after: Number.MAX_VALUE },
      'value at risk of desk desk_us cannot be within its limit 0.05: its equity is not above 0',
    ],
    [
      'CONCENTRATION',
      { after: 1n, limit: ONE / 5n, base: 0n },
      'desk desk_us cannot hold any part of its equity in AAPL, limit 0.2: its equity is not above 0',
    ],
    // What an exception says is for the log, not for a client.
    [
      'RULE_ERROR',
      { detail: 'drawdown: Error: select * from' },
      'a check failed (drawdown), and what is not checked does not pass',
    ],
  ] as [string, Changes, string][])('of %s reads well', (code, changes, message) => {
    expect(messageOf(kindOf(code), { detail: null, ...changes })).toBe(message);
  });

  it('of a soft breach speaks of the approval', () => {
    const soft = kinds.find((kind) => kind.soft)!;
    expect(messageOf(soft, { level: 'ACCOUNT', levelId: 'acc_1' })).toBe(
      'the order quantity 1500 needs an approval: account acc_1 lets 1000 pass without one',
    );
  });
});
