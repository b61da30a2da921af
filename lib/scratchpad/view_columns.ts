/** Every column of every view over the studies' files: name, DuckDB type, meaning, and where it comes from. */
import { MEASURE_COLUMNS } from "./measure_columns.ts";
import { MEMORY_COLUMNS } from "./memory_columns.ts";

/** The views and their columns: the documentation that a test compares with the views themselves. */
export const VIEW_COLUMNS = { ...MEMORY_COLUMNS, ...MEASURE_COLUMNS };

/** Name of a view. */
export type ViewName = keyof typeof VIEW_COLUMNS;
