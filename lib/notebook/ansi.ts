/** Terminal colours in text, as HTML. */
import { escapeHtml } from "../report/escape.ts";

/** The eight colours in tones that read on light and on dark pages. */
const COLORS = ["#767b82", "#d1495b", "#2f9e44", "#a67c00", "#3b82c4", "#9c5fb5", "#16968a", "#8a9099"];

// deno-lint-ignore no-control-regex -- the escape character is what is looked for
const SEQUENCE = /\x1b\[([0-9;]*)m|\x1b\[[0-9;?]*[A-Za-z]/g;

/** Text without its escape sequences. */
export function stripAnsi(text: string): string {
  return text.replace(SEQUENCE, "");
}

/** Escaped text with `<span>` elements for colour, weight, slant and underline. Other sequences are dropped. */
export function ansiHtml(text: string): string {
  const style = new Map<string, string>();
  let html = "", at = 0;
  const emit = (part: string) => {
    if (part === "") return;
    const css = [...style.values()].join(";");
    html += css ? `<span style="${css}">${escapeHtml(part)}</span>` : escapeHtml(part);
  };
  for (const match of text.matchAll(SEQUENCE)) {
    emit(text.slice(at, match.index));
    at = match.index + match[0].length;
    if (match[0].endsWith("m")) apply(style, (match[1] || "0").split(";").map(Number));
  }
  emit(text.slice(at));
  return html;
}

function apply(style: Map<string, string>, codes: number[]): void {
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i]!;
    if (code === 0) style.clear();
    else if (code === 1) style.set("weight", "font-weight:600");
    else if (code === 2) style.set("weight", "opacity:.7");
    else if (code === 3) style.set("slant", "font-style:italic");
    else if (code === 4) style.set("line", "text-decoration:underline");
    else if (code === 22) style.delete("weight");
    else if (code === 23) style.delete("slant");
    else if (code === 24) style.delete("line");
    else if (code === 39) style.delete("color");
    else if (code >= 30 && code < 38) style.set("color", `color:${COLORS[code - 30]}`);
    else if (code >= 90 && code < 98) style.set("color", `color:${COLORS[code - 90]}`);
    else if (code === 38 || code === 48) {
      // 38;5;n and 38;2;r;g;b: the 16 basic ones of the first are known, the rest keep the page's ink.
      if (codes[i + 1] === 5) {
        const n = codes[i + 2] ?? -1;
        if (code === 38 && n >= 0 && n < 16) style.set("color", `color:${COLORS[n % 8]}`);
        i += 2;
      } else if (codes[i + 1] === 2) i += 4;
    }
  }
}
