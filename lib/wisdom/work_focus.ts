/** A focus expression on a working tree: which files it speaks of, and how surely. */
import type { WorkSnapshot } from "../corpus/work_snapshot.ts";
import { isTestPath } from "../corpus/path_facts.ts";
import { type FocusResult, openFocus } from "../focus/evaluate_focus.ts";
import type { FocusOptions, FocusSymbol, FocusWorld } from "../focus/focus_world.ts";
import { parseFocus } from "../focus/parse_focus.ts";
import { NEVER_DAYS } from "../records/snapshot.ts";

/** A working tree as the focus algebra sees it. */
export function focusWorld(work: WorkSnapshot): FocusWorld {
  const { snapshot, index: { tags } } = work;
  const definers: number[][] = [], named: number[] = [];
  tags.compact.forEach(({ definitions }, file) => {
    for (const name of definitions) {
      const files = definers[name];
      if (files !== undefined) files.push(file);
      else {
        definers[name] = [file];
        named.push(name);
      }
    }
  });
  return {
    paths: snapshot.files,
    symbols: named.map((name): FocusSymbol => {
      const files = definers[name]!;
      // A name that many files define says little of any one of them.
      return {
        name: tags.names[name]!,
        files: files.map((node) => ({ node, score: 1 / Math.sqrt(files.length) })),
      };
    }),
    neighbours: (node) => work.neighbours[node]!,
    recencyDays: (node) => snapshot.days[node] === NEVER_DAYS ? undefined : snapshot.days[node],
    churn: (node) => snapshot.churn[node]!,
    isTest: (node) => isTestPath(snapshot.files[node]!),
  };
}

/**
 * Evaluates a focus expression on a working tree.
 *
 * @throws {LanguageError} pointing at the column
 */
export function focusOn(work: WorkSnapshot, text: string, options: FocusOptions = {}): FocusResult {
  return openFocus(focusWorld(work), options).evaluate(parseFocus(text));
}
