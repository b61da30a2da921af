/** Questions in SQL over all studies at once: an in-memory DuckDB whose views read the files anew at every query. */
import {
  type DuckDBConnection,
  DuckDBInstance,
  type DuckDBMapType,
  DuckDBMapValue,
  DuckDBTypeId,
  type DuckDBValue,
  type DuckDBValueConverter,
  type JS,
  JSDuckDBValueConverter,
} from "@duckdb/node-api";
import { DERIVED_SQL, LINE_SOURCES, linesSql, viewSql } from "./view_sources.ts";
import { VIEW_COLUMNS, type ViewName } from "./view_columns.ts";

/** A value of a result as JavaScript has it. */
export type LensValue = JS | { readonly [key: string]: LensValue } | LensValue[] | null;

/** One row of a result, by column name. */
export type LensRow = Record<string, LensValue>;

/** Anything that may stand for a placeholder. */
export type LensParameter = string | number | boolean | bigint | null;

/** An open lens. It holds no lock, so a batch may write the studies meanwhile. */
export interface Lens {
  /**
   * Runs a query written as a template; interpolated values become bound parameters, never text.
   *
   * Give the row type when you know it: `` lens.sql<{ n: number }>`SELECT count(*) AS n FROM episodes` ``.
   */
  sql<Row extends LensRow = LensRow>(
    strings: TemplateStringsArray,
    ...values: LensParameter[]
  ): Promise<Row[]>;
  /** Runs a query with `$1`, `$2`, ... bound to the parameters. */
  query<Row extends LensRow = LensRow>(text: string, params?: readonly LensParameter[]): Promise<Row[]>;
  /** Frees the database. Further queries fail. */
  close(): void;
  [Symbol.dispose](): void;
}

/**
 * Opens a lens over the studies in a results folder: the views of {@link VIEW_COLUMNS}.
 *
 * Every query sees the files as they are then: a study that appears later is in, a line that is being written is not yet. A folder
 * that does not exist gives empty views. Integers come as numbers, maps as objects, lists as arrays, JSON as text.
 * @throws {Error} from a query, by DuckDB, naming file and line when a line is not the record its file promises
 */
export async function openLens(resultsDir: string): Promise<Lens> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  for (const name of Object.keys(LINE_SOURCES)) await connection.run(linesSql(name, resultsDir));
  for (const statement of DERIVED_SQL) await connection.run(statement);
  for (const name of Object.keys(VIEW_COLUMNS) as ViewName[]) await connection.run(viewSql(name));
  const close = () => {
    connection.closeSync();
    instance.closeSync();
  };
  const query = <Row extends LensRow>(text: string, params: readonly LensParameter[] = []) =>
    run<Row>(connection, text, params);
  return {
    query,
    // Raw strings: a cooked template would turn '\x41' of a literal into another character.
    sql: (strings, ...values) => query(strings.raw.reduce((text, part, i) => `${text}$${i}${part}`), values),
    close,
    [Symbol.dispose]: close,
  };
}

async function run<Row extends LensRow>(
  connection: DuckDBConnection,
  text: string,
  params: readonly LensParameter[],
): Promise<Row[]> {
  const reader = await connection.runAndReadAll(text, [...params]);
  // The caller states the row type, as with any SQL: the database knows it only when it runs.
  return reader.convertRowObjects(toLensValue) as Row[];
}

const SAFE = BigInt(Number.MAX_SAFE_INTEGER);

/** DuckDB's own conversion, but maps become objects and integers numbers. @throws {RangeError} for an integer beyond 2^53 - 1 */
const toLensValue: DuckDBValueConverter<LensValue> = (value, type, converter) => {
  if (value instanceof DuckDBMapValue && type.typeId === DuckDBTypeId.MAP) {
    const { keyType, valueType } = type as DuckDBMapType;
    return Object.fromEntries(
      value.entries.map(({ key, value }) => [
        String(converter(key, keyType, converter)),
        value === null ? null : converter(value, valueType, converter),
      ]),
    );
  }
  if (typeof value === "bigint") return toNumber(value);
  return JSDuckDBValueConverter(value as DuckDBValue, type, converter as DuckDBValueConverter<JS>);
};

function toNumber(value: bigint): number {
  if (value > SAFE || value < -SAFE) {
    throw new RangeError(
      `Cannot give ${value} as a number: it is beyond 2^53 - 1; cast it to VARCHAR in the query`,
    );
  }
  return Number(value);
}
