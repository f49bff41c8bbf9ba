export const print = (text: string) => process.stdout.write(`${text}\n`);
export const digits = (value: number) => Number(value.toPrecision(3)).toString();

export function median(values: readonly number[]): number {
  const ascending = values.toSorted((a, b) => a - b);
  const middle = Math.floor(ascending.length / 2);
  return ascending.length % 2 === 1 ? ascending[middle]! : (ascending[middle - 1]! + ascending[middle]!) / 2;
}

/** Median, smallest and largest. */
export function spread(values: readonly number[]): string {
  return `${digits(median(values))} [${digits(Math.min(...values))}–${digits(Math.max(...values))}]`;
}
