/** Where two versions of a text differ, and how to tell a syntax tree about it. */
import { Edit, type Point } from "web-tree-sitter";

/** One replaced stretch. Indices are UTF-16 units; everything outside the changes of a pair is common to both texts. */
export interface TextChange {
  readonly oldStart: number;
  readonly oldEnd: number;
  readonly newStart: number;
  readonly newEnd: number;
}

/** Middles with fewer lines than this are one change: telling them apart would save nothing. */
const MIN_LINES = 8;

/**
 * The changes from one text to the next, ascending and disjoint, none for equal texts.
 *
 * What lies between the common prefix and suffix is cut at runs of lines around those that occur exactly once on either
 * side (the anchors of a patience diff), so that edits far apart stay small. Not always the shortest description, always
 * a true one. Source of the anchors: Bram Cohen's patience diff.
 */
export function changesBetween(before: string, after: string): TextChange[] {
  const whole = trimmed(before, after, {
    oldStart: 0,
    oldEnd: before.length,
    newStart: 0,
    newEnd: after.length,
  });
  if (whole === undefined) return [];
  const oldLines = linesOf(before, whole.oldStart, whole.oldEnd);
  const newLines = linesOf(after, whole.newStart, whole.newEnd);
  if (Math.min(oldLines.length, newLines.length) < MIN_LINES) return [whole];
  const changes: TextChange[] = [];
  let i = 0, j = 0;
  const flush = (a: number, b: number) => {
    const change = trimmed(before, after, {
      oldStart: startOf(oldLines, i, whole.oldEnd),
      oldEnd: startOf(oldLines, a, whole.oldEnd),
      newStart: startOf(newLines, j, whole.newEnd),
      newEnd: startOf(newLines, b, whole.newEnd),
    });
    if (change !== undefined) changes.push(change);
  };
  for (const [a, b] of increasing(anchors(oldLines, newLines))) {
    if (a < i || b < j) continue;
    let from = 0, to = 1;
    while (a - from > i && b - from > j && oldLines[a - from - 1]!.text === newLines[b - from - 1]!.text) {
      from++;
    }
    while (oldLines[a + to] !== undefined && oldLines[a + to]!.text === newLines[b + to]?.text) to++;
    flush(a - from, b - from);
    i = a + to;
    j = b + to;
  }
  flush(oldLines.length, newLines.length);
  return changes;
}

/** The changes as edits for `Tree.edit`, in the order to apply them: last first, so that each stands in old coordinates. */
export function editsOf(changes: readonly TextChange[], before: string, after: string): Edit[] {
  const edits: Edit[] = [];
  let at: Point = { row: 0, column: 0 }, index = 0;
  for (const { oldStart, oldEnd, newStart, newEnd } of changes) {
    const startPosition = at = advance(at, before, index, oldStart);
    const oldEndPosition = at = advance(at, before, oldStart, index = oldEnd);
    edits.push(
      new Edit({
        startIndex: oldStart,
        oldEndIndex: oldEnd,
        newEndIndex: oldStart + newEnd - newStart,
        startPosition,
        oldEndPosition,
        newEndPosition: advance(startPosition, after, newStart, newEnd),
      }),
    );
  }
  return edits.reverse();
}

/** Position at `to`, given the position at `from` ≤ `to`. */
function advance({ row, column }: Point, text: string, from: number, to: number): Point {
  let lineStart = from - column;
  for (let i = text.indexOf("\n", from); i >= 0 && i < to; i = text.indexOf("\n", i + 1)) {
    row++;
    lineStart = i + 1;
  }
  return { row, column: to - lineStart };
}

/** A change without the prefix and suffix its two sides share; undefined when they are equal. Never splits a surrogate pair. */
function trimmed(before: string, after: string, change: TextChange): TextChange | undefined {
  let { oldStart, oldEnd, newStart, newEnd } = change;
  while (
    oldStart < oldEnd && newStart < newEnd && before.charCodeAt(oldStart) === after.charCodeAt(newStart)
  ) {
    oldStart++;
    newStart++;
  }
  if (oldStart === oldEnd && newStart === newEnd) return undefined;
  if (oldStart > change.oldStart && isHighSurrogate(before.charCodeAt(oldStart - 1))) {
    oldStart--;
    newStart--;
  }
  while (
    oldEnd > oldStart && newEnd > newStart && before.charCodeAt(oldEnd - 1) === after.charCodeAt(newEnd - 1)
  ) {
    oldEnd--;
    newEnd--;
  }
  if (oldEnd < change.oldEnd && isLowSurrogate(before.charCodeAt(oldEnd))) {
    oldEnd++;
    newEnd++;
  }
  return { oldStart, oldEnd, newStart, newEnd };
}

const isHighSurrogate = (unit: number) => (unit & 0xfc00) === 0xd800;
const isLowSurrogate = (unit: number) => (unit & 0xfc00) === 0xdc00;

interface Line {
  readonly start: number;
  readonly text: string;
}

/** The lines of text[from, to), each with its line feed. */
function linesOf(text: string, from: number, to: number): Line[] {
  const lines: Line[] = [];
  while (from < to) {
    const feed = text.indexOf("\n", from);
    const end = feed < 0 || feed >= to ? to : feed + 1;
    lines.push({ start: from, text: text.slice(from, end) });
    from = end;
  }
  return lines;
}

function startOf(lines: readonly Line[], i: number, end: number): number {
  return lines[i]?.start ?? end;
}

/** Pairs of indices of lines that occur once in either list, by ascending first index. */
function anchors(a: readonly Line[], b: readonly Line[]): [number, number][] {
  const inB = onceOnly(b), pairs: [number, number][] = [];
  for (const [text, i] of onceOnly(a)) {
    const j = i < 0 ? undefined : inB.get(text);
    if (j !== undefined && j >= 0) pairs.push([i, j]);
  }
  return pairs;
}

/** Index of each line by text, -1 when it occurs again. */
function onceOnly(lines: readonly Line[]): Map<string, number> {
  const at = new Map<string, number>();
  lines.forEach(({ text }, i) => at.set(text, at.has(text) ? -1 : i));
  return at;
}

/** A longest subsequence of pairs whose second indices increase, too. */
function increasing(pairs: readonly [number, number][]): [number, number][] {
  const tails: number[] = [], before: number[] = [];
  pairs.forEach(([, j], at) => {
    let low = 0, high = tails.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (pairs[tails[middle]!]![1] < j) low = middle + 1;
      else high = middle;
    }
    before[at] = low === 0 ? -1 : tails[low - 1]!;
    tails[low] = at;
  });
  const chosen: [number, number][] = [];
  for (let at = tails.at(-1) ?? -1; at >= 0; at = before[at]!) chosen.push(pairs[at]!);
  return chosen.reverse();
}
