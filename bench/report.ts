export const print = (text: string) => process.stdout.write(`${text}\n`);
export const digits = (value: number) => Number(value.toPrecision(3)).toString();

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

/** Median, smallest and largest. */
export function spread(values: readonly number[]): string {
  return `${digits(median(values))} [${digits(Math.min(...values))}–${digits(Math.max(...values))}]`;
}
