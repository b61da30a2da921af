/** How one column of a view is described. */

/** One column. `sql` is its expression over the view's source, see `view_sources.ts`. */
export interface ViewColumn {
  readonly name: string;
  readonly type: string;
  readonly doc: string;
  readonly sql: string;
}

/** One view: what a row is, and its columns in order. */
export interface ViewTable {
  readonly row: string;
  readonly columns: readonly ViewColumn[];
}

/** DuckDB type of a point: value by parameter name. */
export const POINT = "MAP(VARCHAR, DOUBLE)";

/** DuckDB type of a list of texts. */
export const TEXTS = "VARCHAR[]";

/** A column that is the field of the same name of the parsed line `r`, unless `sql` says otherwise. */
export function column(name: string, type: string, doc: string, sql = `r."${name}"`): ViewColumn {
  return { name, type, doc, sql };
}

/** First column of every view. */
export const STUDY = column("study", "VARCHAR", "Name of the study: the folder the line stands in", "study");
