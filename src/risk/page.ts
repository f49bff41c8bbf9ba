/** A page of a list from up to `limit` + 1 rows; the cursor is the id of the page's last row where more follow. */
export function pageOf<Row>(rows: readonly Row[], limit: number, idOf: (row: Row) => string) {
  const data = rows.slice(0, limit);
  const last = data.at(-1);
  return { data, next_cursor: rows.length > limit && last !== undefined ? idOf(last) : null };
}
