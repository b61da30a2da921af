/** Two texts or two JSON values, and what changed between them, line by line. */
import { diffLines } from "diff";
import { escapeHtml, fence } from "./escape.ts";
import { counted } from "./values.ts";
import { View } from "./view.ts";

/** Options of {@link diffView}. */
export interface DiffOptions {
  title?: string;
  /** Unchanged lines kept round a change. Default 3. */
  context?: number;
}

interface Line {
  sign: "+" | "-" | " ";
  text: string;
}

/** Renders the change from `before` to `after`. Values that are no strings are compared as indented JSON with sorted keys. */
export function diffView(before: unknown, after: unknown, options: DiffOptions = {}): View {
  const lines: Line[] = diffLines(readable(before), readable(after)).flatMap((part) =>
    part.value.replace(/\n$/, "").split("\n").map((text): Line => ({
      sign: part.added ? "+" : part.removed ? "-" : " ",
      text,
    }))
  );
  const added = lines.filter((line) => line.sign === "+").length;
  const removed = lines.filter((line) => line.sign === "-").length;
  const note = added + removed === 0
    ? "no change"
    : `${counted(removed, "line")} out, ${counted(added, "line")} in`;
  const shown = withContext(lines, options.context ?? 3);
  const text = shown.map((line) => `${line.sign} ${line.text}`).join("\n");
  const title = options.title ? `${options.title}: ` : "";
  return new View({
    html: `<div style="font-size:12px;opacity:.85">${escapeHtml(title + note)}</div>` +
      `<div style="overflow-x:auto;font:12.5px/1.5 ui-monospace,Menlo,Consolas,monospace">${
        shown.map(lineHtml).join("")
      }</div>`,
    text: [title + note, ...(text ? [text] : [])].join("\n"),
    markdown: `${title}${note}\n\n${
      fence(shown.map((line) => `${line.sign}${line.text}`).join("\n"), "diff")
    }`,
  });
}

function readable(value: unknown): string {
  return (typeof value === "string" ? value : JSON.stringify(sorted(value), null, 2) ?? String(value))
    .replace(/\n?$/, "\n");
}

function sorted(value: unknown): unknown {
  if (typeof value === "bigint") return `${value}n`;
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const record = value as Record<string, unknown>;
  return Object.fromEntries(Object.keys(record).sort().map((key) => [key, sorted(record[key])]));
}

/** Long unchanged stretches give way to a line that counts them. */
function withContext(lines: readonly Line[], context: number): Line[] {
  const keep = lines.map((_, i) =>
    lines.slice(Math.max(0, i - context), i + context + 1).some((line) => line.sign !== " ")
  );
  const shown: Line[] = [];
  for (let i = 0; i < lines.length;) {
    if (keep[i]) {
      shown.push(lines[i++]!);
      continue;
    }
    const from = i;
    while (i < lines.length && !keep[i]) i++;
    if (keep.includes(true)) shown.push({ sign: " ", text: `… ${counted(i - from, "unchanged line")}` });
  }
  return shown;
}

/** Grounds are see-through, so that the text keeps its contrast on light and dark; the signs say it without colour. */
const GROUND: Record<Line["sign"], string> = {
  "+": "background:#0072b233;",
  "-": "background:#d55e0033;",
  " ": "opacity:.75;",
};

const lineHtml = (line: Line) =>
  `<div style="${
    GROUND[line.sign]
  }white-space:pre-wrap;overflow-wrap:anywhere;padding:0 .5em 0 1.9em;text-indent:-1.4em"><span aria-hidden="true">${line.sign} </span>${
    line.sign === " "
      ? escapeHtml(line.text)
      : line.sign === "+"
      ? `<ins style="text-decoration:none">${escapeHtml(line.text)}</ins>`
      : `<del style="text-decoration:none">${escapeHtml(line.text)}</del>`
  }</div>`;
