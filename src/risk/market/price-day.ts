/** A trading date as the number of days since 1970-01-01. */
export type Day = number;

const MS_PER_DAY = 86_400_000;
const DAYS_IN_MONTH = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** The day of a date written strictly as YYYY-MM-DD; undefined where there is no such date. */
export function dayOf(text: string): Day | undefined {
  if (text.length !== 10 || text[4] !== '-' || text[7] !== '-') return undefined;
  const year = digits(text, 0, 4);
  const month = digits(text, 5, 7);
  const date = digits(text, 8, 10);
  if (!(year > 0 && month >= 1 && month <= 12 && date >= 1 && date <= DAYS_IN_MONTH[month - 1]!)) return undefined;
  if (month === 2 && date === 29 && !isLeap(year)) return undefined;
  return daysFromCivil(year, month, date);
}

export function dateOf(day: Day): string {
  return new Date(day * MS_PER_DAY).toISOString().slice(0, 10);
}

export function yearOf(day: Day): number {
  return new Date(day * MS_PER_DAY).getUTCFullYear();
}

/** The day it is at that instant, in UTC. */
export function dayAt(epochMs: number): Day {
  return Math.floor(epochMs / MS_PER_DAY);
}

/** NaN where a character is not a digit. */
function digits(text: string, from: number, to: number): number {
  let value = 0;
  for (let i = from; i < to; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/** Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms": years that begin in March, eras of 400 years. */
function daysFromCivil(year: number, month: number, date: number): Day {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + date - 1;
  return (
    era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468
  );
}
