import { readFileSync } from 'node:fs';

/** The eight stocks of the published values, equal weight, in their order. */
export const SYMBOLS = ['AAPL', 'BAC', 'GE', 'JPM', 'KO', 'PFE', 'WMT', 'XOM'] as const;
export const EQUAL_WEIGHTS = new Float64Array(8).fill(0.125);

const [header, ...lines] = readFileSync(new URL('../../assets/demo/closes.csv', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => line.trim().split(','));
const dates = lines.map((line) => line[0]!);

/** Simple returns with dates firstDate … lastDate, and `warmUpCount` more in front. */
export function returnsBetween(symbol: string, firstDate: string, lastDate: string, warmUpCount = 0): Float64Array {
  const column = header!.indexOf(symbol);
  const from = dates.indexOf(firstDate) - 1 - warmUpCount;
  const to = dates.indexOf(lastDate) + 1;
  const prices = lines.slice(from, to).map((line) => Number(line[column]));
  return Float64Array.from(prices.slice(1), (price, t) => price / prices[t]! - 1);
}

/** T = 505 returns of 2008-01-02 … 2009-12-31. */
export const crisis = (symbol: string, warmUpCount = 0) =>
  returnsBetween(symbol, '2008-01-02', '2009-12-31', warmUpCount);
export const crisisColumns = SYMBOLS.map((symbol) => crisis(symbol));

// biome-ignore lint/suspicious/noExplicitAny: numbers of many shapes, written by scripts/oracle/golden.py
export const golden: any = JSON.parse(readFileSync(new URL('./golden.json', import.meta.url), 'utf8'));
