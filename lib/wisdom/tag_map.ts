/** A map of the best files for a reader with little room: their definitions, as many as fit a budget of tokens. */
import { join } from "node:path";
import type { WorkSnapshot } from "../corpus/work_snapshot.ts";
import { estimateTokens } from "../scratchpad/select.ts";
import type { RankedFile } from "./rank_tree.ts";

/** A map and what it takes. */
export interface TagMap {
  readonly text: string;
  /** Estimated as everywhere in the kit; never above the budget */
  readonly tokens: number;
  readonly files: number;
  readonly definitions: number;
}

/** Longest line of a definition, in UTF-16 units. */
const LINE_LIMIT = 100;

/** A file takes at most this share of the budget before the others had their turn. */
const FILE_SHARE = 0.2;

/**
 * Writes the map: files in the order of their rank, in each the definitions that other files use most, in the order of the text.
 *
 * A file whose name does not fit any more ends the map. Open files are left out: whoever asks has them. Room that is left when every
 * file had its share goes to further definitions, best file first. Equal rankings give equal maps.
 * @param budget in estimated tokens, at least 0
 */
export function tagMap(work: WorkSnapshot, ranked: readonly RankedFile[], budget: number): TagMap {
  const place = new Map(work.snapshot.files.map((file, i) => [file, i]));
  const uses = usesOf(work);
  const chosen: { file: string; lines: Line[]; taken: number }[] = [];
  let left = budget;
  const take = (text: string): boolean => {
    const cost = estimateTokens(text + "\n");
    if (cost > left) return false;
    left -= cost;
    return true;
  };
  for (const { file, open } of ranked) {
    if (open) continue;
    if (!take(`${shownPath(file)}:`)) break;
    const entry = { file, lines: linesOf(work, place.get(file)!, uses), taken: 0 };
    const share = left - Math.max(0, left - FILE_SHARE * budget), before = left;
    for (const line of entry.lines) {
      if (before - left + estimateTokens(line.text + "\n") > share || !take(line.text)) break;
      entry.taken++;
    }
    chosen.push(entry);
  }
  for (const entry of chosen) {
    while (entry.taken < entry.lines.length && take(entry.lines[entry.taken]!.text)) entry.taken++;
  }
  const text = chosen.flatMap(({ file, lines, taken }) => [
    `${shownPath(file)}:`,
    ...lines.slice(0, taken).sort((a, b) => a.line - b.line).map((line) => line.text),
  ]).join("\n");
  return {
    text,
    tokens: budget - left,
    files: chosen.length,
    definitions: chosen.reduce((n, { taken }) => n + taken, 0),
  };
}

/** A path for a line of text: as a JSON string where it holds a line break or another character no eye sees. */
export function shownPath(path: string): string {
  return /\p{C}/u.test(path) ? JSON.stringify(path) : path;
}

interface Line {
  readonly line: number;
  readonly text: string;
}

/** How many files use each name, by the names' numbers. */
function usesOf(work: WorkSnapshot): Uint32Array {
  const { compact, names } = work.index.tags, uses = new Uint32Array(names.length);
  for (const { references } of compact) for (const name of references) uses[name]!++;
  return uses;
}

/** Lines of a file that define something, most used names first; each line once. */
function linesOf(work: WorkSnapshot, file: number, uses: Uint32Array): Line[] {
  const { tags, tree } = work.index;
  const known = new Map(
    tags.compact[file]!.definitions.entries().map(([, name]) => [tags.names[name]!, name]),
  );
  const definitions = tags.definitionsOf(file);
  if (definitions.length === 0) return [];
  const source = sourceLines(tree.bare ? undefined : join(tree.dir, tree.files[file]!.path));
  const byLine = new Map<number, { uses: number; text: string }>();
  for (const { name, kind, line } of definitions) {
    const weight = uses[known.get(name)!]!, before = byLine.get(line);
    if (before !== undefined && before.uses >= weight) continue;
    const shown = source?.[line - 1]?.trim() ?? `${kind} ${name}`;
    byLine.set(line, {
      uses: weight,
      text: `${String(line).padStart(5)} ${
        shown.length > LINE_LIMIT ? shown.slice(0, LINE_LIMIT - 1) + "…" : shown
      }`,
    });
  }
  return [...byLine].sort((a, b) => b[1].uses - a[1].uses || a[0] - b[0]).map(([line, { text }]) => ({
    line,
    text,
  }));
}

/** The lines of a text file, or undefined where it cannot be read as one. */
function sourceLines(path: string | undefined): string[] | undefined {
  if (path === undefined) return undefined;
  try {
    return Deno.readTextFileSync(path).split("\n");
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof TypeError) return undefined;
    throw error;
  }
}
