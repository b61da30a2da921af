/** DuckDB results as tables: the types are the database's, bigints and decimals stay exact. */
import { type Row, type Table, table, type TableOptions } from "./table.ts";

/** The part of a DuckDB result, materialised or streaming, that a table needs. */
export interface DuckResult {
  columnNames(): string[];
  columnTypes(): unknown[];
  /** A reader has its rows; a result fetches them. */
  getRowObjects(): Row[] | Promise<Row[]>;
}

/** Whether a value is a DuckDB reader or result. */
export function isDuckResult(value: unknown): value is DuckResult {
  const duck = value as Partial<DuckResult> | null;
  return typeof duck === "object" && duck !== null && typeof duck.columnNames === "function" &&
    typeof duck.columnTypes === "function" && typeof duck.getRowObjects === "function";
}

/** Renders every row a result has fetched. Options as for {@link table}; `types` default to the database's. */
export async function duckTable(result: DuckResult, options: TableOptions = {}): Promise<Table> {
  const names = result.columnNames();
  const types = Object.fromEntries(result.columnTypes().map((type, i) => [names[i]!, String(type)]));
  return table(await result.getRowObjects(), { columns: names, types, ...options });
}
