/** One text for one state: keys sorted, big integers as text. */
export const bytesOf = (value: unknown): string => JSON.stringify(value, canonicalValue);

function canonicalValue(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return `${value}n`;
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
