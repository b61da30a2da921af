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
  const definers = new Map<number, number[]>();
  tags.compact.forEach(({ definitions }, file) => {
    for (const name of definitions) {
      const files = definers.get(name);
      if (files === undefined) definers.set(name, [file]);
      else files.push(file);
    }
  });
  return {
    paths: snapshot.files,
    symbols: Array.from(definers, ([name, files]): FocusSymbol => ({
      name: tags.names[name]!,
      // A name that many files define says little of any one of them.
      files: files.map((node) => ({ node, score: 1 / Math.sqrt(files.length) })),
    })),
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
