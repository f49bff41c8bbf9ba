import { type SQL, sql } from 'drizzle-orm';

/** `plain` is text that holds neither a quotation mark nor a backslash, such as an id. */
type ColumnType = 'plain' | 'text' | 'json' | 'int' | 'int8' | 'float8' | 'numeric' | 'bool' | 'timestamptz';

type Value = string | number | boolean | null;

/** One column of rows that are sent as parallel arrays: name, type on the server, and its value of a row. */
export type Column<Row> = readonly [name: string, type: ColumnType, of: (row: Row) => Value];

/** Rows as a table `alias (columns…)`, in their order: one parameter for each column, however many rows there are. */
export function tableOf<Row>(rows: readonly Row[], alias: string, columns: readonly Column<Row>[]): SQL {
  const arrays = columns.map((column) => sql`${sql.param(arrayText(rows, column))}::${sql.raw(arrayType(column[1]))}`);
  const names = columns.map(([name]) => name).join(', ');
  return sql`unnest(${sql.join(arrays, sql`, `)}) with ordinality as ${sql.raw(`${alias} (${names}, position)`)}`;
}

/** What `tableOf` sends of the rows: a parameter for each column, in their order. */
export const arraysOf = <Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string[] =>
  columns.map((column) => arrayText(rows, column));

/** Those that have a value in any of the rows: what nobody sends costs nothing. */
export const columnsWithValues = <Row>(rows: readonly Row[], columns: readonly Column<Row>[]): Column<Row>[] =>
  columns.filter(([, , of]) => rows.some((row) => of(row) !== null));

/** The select list that casts what arrays of the type cannot carry. */
export function selectList<Row>(columns: readonly Column<Row>[]): SQL {
  return sql.raw(columns.map(([name, type]) => (type === 'json' ? `${name}::json` : name)).join(', '));
}

export const nameList = <Row>(columns: readonly Column<Row>[]): SQL =>
  sql.raw(columns.map(([name]) => name).join(', '));

/** An array of JSON would be parsed twice on its way. */
const arrayType = (type: ColumnType): string => (type === 'json' || type === 'plain' ? 'text[]' : `${type}[]`);

/**
 * An array as the server reads it. The driver's own way takes each element apart and looks for what to escape in all of
 * them, which costs as much as deciding the orders.
 */
function arrayText<Row>(rows: readonly Row[], [, type, of]: Column<Row>): string {
  const elements = rows.map((row) => {
    const value = of(row);
    return value === null ? 'NULL' : ELEMENT[type](value);
  });
  return `{${elements.join()}}`;
}

const quoted = (value: Value): string => `"${value}"`;
const asIs = (value: Value): string => String(value);

const ELEMENT: Readonly<Record<ColumnType, (value: Value) => string>> = {
  plain: quoted,
  text: (value) => `"${String(value).replace(/["\\]/g, '\\$&')}"`,
  // JSON has no control characters, so that JSON of JSON escapes just what an array has to.
  json: (value) => JSON.stringify(value),
  int: asIs,
  int8: asIs,
  float8: asIs,
  numeric: asIs,
  bool: asIs,
  timestamptz: quoted,
};
