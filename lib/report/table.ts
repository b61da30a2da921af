/** Rows as a table: HTML for eyes, Markdown for pull requests, plain text for a terminal, all from the same cells. */
import { escapeHtml, escapeMarkdown } from "./escape.ts";
import { type CellText, cellText, counted, grouped, typeName } from "./values.ts";
import { View } from "./view.ts";

/** One row: values by column. */
export type Row = Readonly<Record<string, unknown>>;

/** Options of {@link table}. */
export interface TableOptions {
  title?: string;
  /** One line under the table. */
  caption?: string;
  /** Rows shown. Default 50. The note below says how many there are. */
  limit?: number;
  /** Decimals of numbers that are no integers. Default 4. */
  digits?: number;
  /** Whether a whole number has its decimals too in a column where others have some, as measurements do. Default false. */
  decimals?: boolean;
  /** Columns to show, in order. Default: every key, in the order of first appearance. */
  columns?: readonly string[];
  /** Type under each column's name. Default: what the values are, where that is not plainly text or a number. */
  types?: Readonly<Record<string, string>>;
  /** Unit of a column, shown in brackets after its name. */
  units?: Readonly<Record<string, string>>;
  /** How many rows the source has, when `rows` is only a part. */
  totalRows?: number;
}

/** A rendered table with the columns it shows. */
export class Table extends View {
  constructor(
    parts: { html: string; text: string; markdown: string; pageHtml: string },
    readonly columns: readonly string[],
    readonly rowCount: number,
  ) {
    super(parts);
  }
}

interface Column {
  name: string;
  unit: string | undefined;
  /** Shown under the name; "" where the values speak for themselves. */
  type: string;
  numeric: boolean;
}

/** What the values of a column say by themselves: no type is written under its name. */
const PLAIN_TYPES: ReadonlySet<string> = new Set(["text", "integer", "number"]);

/** Whether a text is nothing but numbers, a range or a number with its interval: it stands at the right, as numbers do. */
const isNumberText = (text: string) =>
  /\d/.test(text) &&
  !/[^\d\s.,+−±%–[\]-]/.test(text.replaceAll(" to ", " ").replace(/\de[+-]?\d/g, "1"));

/**
 * Renders rows. No rows: the head alone and "0 rows".
 *
 * A column is numeric when every value in it that is not missing is a number or bigint, or text that is nothing but numbers
 * ("+0.012", "0.43 to 0.48", "+0.1 [−0.2, +0.3]").
 * Plain JavaScript values have no type under their column's name; the types of a database and mixed ones are shown.
 * @throws {RangeError} for a column in `columns` that no row has
 */
export function table(rows: readonly Row[], options: TableOptions = {}): Table {
  const columns = describeColumns(rows, options);
  const shown = rows.slice(0, options.limit ?? 50);
  const decimals = columns.map(({ name }) =>
    options.decimals === true &&
    rows.some((row) => typeof row[name] === "number" && !Number.isInteger(row[name]))
  );
  const cells = shown.map((row) =>
    columns.map(({ name }, i) => {
      const cell = cellText(row[name], options.digits);
      return decimals[i] && Number.isInteger(row[name])
        ? { ...cell, text: (row[name] as number).toFixed(options.digits ?? 4) }
        : cell;
    })
  );
  const total = options.totalRows ?? rows.length;
  const count = counted(total, "row");
  const note = shown.length < total ? `${grouped(shown.length)} of ${count}` : count;
  const parts = { columns, cells, note, title: options.title, caption: options.caption };
  const html = tableHtml(parts);
  return new Table(
    {
      html: `<div style="overflow-x:auto">${html}</div>`,
      pageHtml: `<div class="wide">${html}</div>`,
      text: tableText(parts),
      markdown: tableMarkdown(parts),
    },
    columns.map((column) => column.name),
    total,
  );
}

function describeColumns(rows: readonly Row[], options: TableOptions): Column[] {
  const names = new Set(rows.flatMap((row) => Object.keys(row)));
  const wanted = options.columns ?? [...names];
  for (const name of wanted) {
    if (rows.length > 0 && !names.has(name)) {
      throw new RangeError(`Cannot show column "${name}": the rows have ${[...names].join(", ") || "none"}`);
    }
  }
  return wanted.map((name) => {
    const values = rows.map((row) => row[name]).filter((value) => value !== null && value !== undefined);
    const types = new Set(values.map(typeName));
    const mixed = [...types].every((type) => type === "integer" || type === "number") ? "number" : "mixed";
    const found = types.size === 1 ? [...types][0]! : types.size === 0 ? "" : mixed;
    const type = options.types?.[name] ?? (PLAIN_TYPES.has(found) ? "" : found);
    const said = values.filter((value) => value !== "");
    const numeric = said.length > 0 &&
      said.every((value) =>
        typeof value === "number" || typeof value === "bigint" ||
        typeof value === "string" && isNumberText(value)
      );
    return { name, unit: options.units?.[name], type, numeric };
  });
}

interface Parts {
  columns: readonly Column[];
  cells: readonly (readonly CellText[])[];
  note: string;
  title: string | undefined;
  caption: string | undefined;
}

const header = (column: Column) => column.unit ? `${column.name} (${column.unit})` : column.name;

const TABLE_STYLE = "border-collapse:collapse;font-variant-numeric:tabular-nums;margin:.4em 0;font-size:13px";
const CELL_STYLE = "padding:.2em .7em;vertical-align:top";
/** Text up to this stays on one line: intervals, names. */
const SHORT = 28;

/** A long path may break after a folder, so that a row of them still fits the page. */
const breakable = (text: string) =>
  text.length <= SHORT || text.includes(" ")
    ? escapeHtml(text)
    : text.split("/").map(escapeHtml).join("/<wbr>");
const RULE = "border-bottom:1px solid #8888";

function tableHtml({ columns, cells, note, title, caption }: Parts): string {
  const side = (numeric: boolean) => `text-align:${numeric ? "right" : "left"}`;
  const heads = columns.map((column) =>
    `<th scope="col" style="${CELL_STYLE};vertical-align:bottom;${RULE};${side(column.numeric)}">${
      escapeHtml(header(column))
    }` +
    (column.type
      ? `<br><small style="font-weight:normal;opacity:.75">${escapeHtml(column.type)}</small>`
      : "") +
    "</th>"
  ).join("");
  const body = cells.map((row) =>
    `<tr>${
      row.map((cell, i) =>
        `<td style="${CELL_STYLE};${side(columns[i]!.numeric)};${
          columns[i]!.numeric || cell.text.length <= SHORT
            ? "white-space:nowrap"
            : "min-width:11em;max-width:42em;overflow-wrap:break-word"
        }` +
        `${cell.missing ? ";opacity:.6" : ""}">${breakable(cell.text)}</td>`
      ).join("")
    }</tr>`
  ).join("");
  const top = title
    ? `<caption style="caption-side:top;text-align:left;font-weight:600;padding:.2em 0">${
      escapeHtml(title)
    }</caption>`
    : "";
  const below = [note, ...(caption ? [caption] : [])].map(escapeHtml).join(" · ");
  return `<table style="${TABLE_STYLE}">${top}<thead><tr>${heads}</tr></thead><tbody>${body}</tbody></table>` +
    `<div style="font-size:12px;opacity:.8">${below}</div>`;
}

function tableText({ columns, cells, note, title, caption }: Parts): string {
  const heads = columns.map(header);
  const oneLine = (text: string) => text.replace(/\s*\n\s*/g, " ");
  const widths = columns.map((_, i) =>
    Math.max(heads[i]!.length, ...cells.map((row) => oneLine(row[i]!.text).length))
  );
  const line = (texts: readonly string[]) =>
    texts.map((text, i) => columns[i]!.numeric ? text.padStart(widths[i]!) : text.padEnd(widths[i]!)).join(
      "  ",
    )
      .trimEnd();
  return [
    ...(title ? [title] : []),
    line(heads),
    line(widths.map((width) => "-".repeat(width))),
    ...cells.map((row) => line(row.map((cell) => oneLine(cell.text)))),
    `(${note})`,
    ...(caption ? [caption] : []),
  ].join("\n");
}

function tableMarkdown({ columns, cells, note, title, caption }: Parts): string {
  const row = (texts: readonly string[]) => `| ${texts.join(" | ")} |`;
  return [
    ...(title ? [`**${escapeMarkdown(title)}**`, ""] : []),
    row(columns.map((column) => escapeMarkdown(header(column)))),
    row(columns.map((column) => column.numeric ? "---:" : "---")),
    ...cells.map((texts) => row(texts.map((cell) => escapeMarkdown(cell.text)))),
    "",
    `${note}${caption ? `. ${escapeMarkdown(caption)}` : ""}`,
    "",
  ].join("\n");
}
