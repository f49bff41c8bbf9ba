import { type SQL, sql } from 'drizzle-orm';

/** One column of rows that are sent as parallel arrays: name, type on the server, and its value of a row. */
export type Column<Row> = readonly [name: string, type: string, of: (row: Row) => unknown];

/** Rows as a table `alias (columns…)`, in their order: one parameter for each column, however many rows there are. */
export function tableOf<Row>(rows: readonly Row[], alias: string, columns: readonly Column<Row>[]): SQL {
  const arrays = columns.map(([, type, of]) => sql`${sql.param(rows.map(of))}::${sql.raw(arrayType(type))}`);
  const names = columns.map(([name]) => name).join(', ');
  return sql`unnest(${sql.join(arrays, sql`, `)}) with ordinality as ${sql.raw(`${alias} (${names}, position)`)}`;
}

/** The select list that casts what arrays of the type cannot carry. */
export function selectList<Row>(columns: readonly Column<Row>[]): SQL {
  return sql.raw(columns.map(([name, type]) => (type === 'json' ? `${name}::json` : name)).join(', '));
}

export const nameList = <Row>(columns: readonly Column<Row>[]): SQL =>
  sql.raw(columns.map(([name]) => name).join(', '));

/** An array of JSON would be parsed twice on its way. */
const arrayType = (type: string): string => (type === 'json' ? 'text[]' : `${type}[]`);
