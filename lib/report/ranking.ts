/** Rankings with the parts of each score as stacked bars. */
import { escapeHtml, escapeMarkdown } from "./escape.ts";
import { category } from "./palette.ts";
import { counted, numberText } from "./values.ts";
import { View } from "./view.ts";

/** One ranked file. Parts may be negative; their bar then stands left of zero. */
export interface RankedRow {
  readonly file: string;
  /** 1-based. */
  readonly rank: number;
  readonly score: number;
  /** What the score is made of, by name. */
  readonly parts: Readonly<Record<string, number>>;
  /** Whether the file is one that should rank high. */
  readonly relevant?: boolean;
}

/** Options of {@link ranking}. */
export interface RankingOptions {
  title?: string;
  caption?: string;
  /** Rows shown, best first. Default 20. Relevant files below it are shown too. */
  limit?: number;
  digits?: number;
}

/** Whether every row of a non-empty list is a {@link RankedRow}. */
export function isRanking(value: unknown): value is readonly RankedRow[] {
  return Array.isArray(value) && value.length > 0 &&
    value.every((row) =>
      typeof row === "object" && row !== null && typeof row.file === "string" &&
      typeof row.rank === "number" &&
      typeof row.score === "number" && typeof row.parts === "object" && row.parts !== null
    );
}

/**
 * Renders a ranking by rank: place, file, score, one bar of its parts. All bars share one scale, from the most negative sum of
 * negative parts to the largest sum of positive ones.
 *
 * @throws {RangeError} for a part that is not finite
 */
export function ranking(rows: readonly RankedRow[], options: RankingOptions = {}): View {
  const sorted = rows.toSorted((a, b) => a.rank - b.rank);
  const limit = options.limit ?? 20;
  const shown = sorted.filter((row, i) => i < limit || row.relevant);
  const names = [...new Set(shown.flatMap((row) => Object.keys(row.parts)))];
  for (const row of shown) {
    for (const [name, value] of Object.entries(row.parts)) {
      if (!Number.isFinite(value)) {
        throw new RangeError(
          `Cannot draw ${row.file}: its part "${name}" is ${value}, a finite number is wanted`,
        );
      }
    }
  }
  const digits = options.digits ?? 3;
  const low = Math.min(0, ...shown.map((row) => sumOf(row, (v) => Math.min(0, v))));
  const high = Math.max(0, ...shown.map((row) => sumOf(row, (v) => Math.max(0, v))));
  const scale = { low, span: high - low || 1 };
  const note = `${shown.length} of ${counted(rows.length, "file")}; ✓ should rank high`;
  return new View({
    html: rankingHtml(shown, names, scale, digits, note, options),
    text: rankingText(shown, names, digits, note, options.title),
    markdown: rankingMarkdown(shown, names, digits, note, options.title),
  });
}

interface Scale {
  low: number;
  span: number;
}

const sumOf = (row: RankedRow, part: (value: number) => number) =>
  Object.values(row.parts).reduce((sum, value) => sum + part(value), 0);

/** Scores stand under each other: integers have their decimals too. */
const scoreText = (score: number, digits: number) =>
  Number.isInteger(score) ? score.toFixed(digits) : numberText(score, digits);

const percent = (value: number) => `${Math.round(value * 10000) / 100}%`;

function bar(row: RankedRow, names: readonly string[], { low, span }: Scale, digits: number): string {
  let up = 0, down = 0;
  const pieces = names.flatMap((name, i) => {
    const value = row.parts[name] ?? 0;
    if (value === 0) return [];
    const from = value > 0 ? up : down + value;
    if (value > 0) up += value;
    else down += value;
    const label = escapeHtml(`${name} ${numberText(value, digits)}`);
    return `<span title="${label}" style="position:absolute;left:${percent((from - low) / span)};width:${
      percent(Math.abs(value) / span)
    };top:0;bottom:0;background:${category(i)}"></span>`;
  });
  const said = names.filter((name) => row.parts[name]).map((name) =>
    `${name} ${numberText(row.parts[name]!, digits)}`
  ).join(", ");
  const zero = low < 0
    ? `<span style="position:absolute;left:${
      percent(-low / span)
    };top:-2px;bottom:-2px;border-left:1px solid"></span>`
    : "";
  return `<div role="img" aria-label="${
    escapeHtml(said || "no parts")
  }" style="position:relative;height:1em;min-width:9em">` +
    `${pieces.join("")}${zero}</div>`;
}

function rankingHtml(
  rows: readonly RankedRow[],
  names: readonly string[],
  scale: Scale,
  digits: number,
  note: string,
  options: RankingOptions,
): string {
  const cell = "padding:.15em .6em";
  const legend = names.map((name, i) =>
    `<span style="white-space:nowrap;margin-right:1em"><span style="display:inline-block;width:.8em;height:.8em;` +
    `background:${category(i)}"></span> ${escapeHtml(name)}</span>`
  ).join(" ");
  const body = rows.map((row) =>
    `<tr${
      row.relevant ? ' style="font-weight:600"' : ""
    }><td style="${cell};text-align:right">${row.rank}</td>` +
    `<td style="${cell}">${
      row.relevant ? '<span title="should rank high" aria-label="relevant">✓</span>' : ""
    }</td>` +
    `<td style="${cell};text-align:left;max-width:30em;overflow-wrap:break-word">${
      escapeHtml(row.file)
    }</td>` +
    `<td style="${cell};text-align:right">${scoreText(row.score, digits)}</td>` +
    `<td style="${cell};width:45%">${bar(row, names, scale, digits)}</td></tr>`
  ).join("");
  const heads = ["rank", "", "file", "score", "parts"].map((head, i) =>
    `<th scope="col" style="${cell};text-align:${
      i === 0 || i === 3 ? "right" : "left"
    };border-bottom:1px solid #8888">${head}</th>`
  ).join("");
  return (options.title ? `<div style="font-weight:600">${escapeHtml(options.title)}</div>` : "") +
    `<div style="font-size:12px;margin:.3em 0">${legend}</div><div style="overflow-x:auto">` +
    `<table style="border-collapse:collapse;font-size:13px;font-variant-numeric:tabular-nums;width:100%">` +
    `<thead><tr>${heads}</tr></thead><tbody>${body}</tbody></table></div>` +
    `<div style="font-size:12px;opacity:.8">${
      escapeHtml([note, options.caption].filter(Boolean).join(" · "))
    }</div>`;
}

const partsText = (row: RankedRow, names: readonly string[], digits: number) =>
  names.filter((name) => row.parts[name]).map((name) => `${name} ${numberText(row.parts[name]!, digits)}`)
    .join(", ");

function rankingText(
  rows: readonly RankedRow[],
  names: readonly string[],
  digits: number,
  note: string,
  title?: string,
): string {
  const lines = rows.map((row) =>
    `${String(row.rank).padStart(4)} ${row.relevant ? "✓" : " "} ${
      scoreText(row.score, digits).padStart(10)
    }  ` +
    `${row.file}  [${partsText(row, names, digits)}]`
  );
  return [...(title ? [title] : []), ...lines, `(${note})`].join("\n");
}

function rankingMarkdown(
  rows: readonly RankedRow[],
  names: readonly string[],
  digits: number,
  note: string,
  title?: string,
): string {
  const lines = rows.map((row) =>
    `| ${row.rank} | ${row.relevant ? "✓" : ""} | ${escapeMarkdown(row.file)} | ${
      scoreText(row.score, digits)
    } | ` +
    `${escapeMarkdown(partsText(row, names, digits))} |`
  );
  return [
    ...(title ? [`**${escapeMarkdown(title)}**`, ""] : []),
    "| rank | | file | score | parts |",
    "| ---: | --- | --- | ---: | --- |",
    ...lines,
    "",
    note,
    "",
  ].join("\n");
}
