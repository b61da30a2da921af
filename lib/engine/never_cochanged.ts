/** The part of a case history says nothing of: files that had never changed together with the seed. */
import type { Formula } from "../formula/document.ts";
import type { ArenaCase } from "./arena.ts";

/** The files of a case that had never changed together with its seed. */
export interface NeverCochanged {
  /** 1 for every candidate among them, one entry a file of the snapshot */
  readonly left: Uint8Array;
  /** how many candidates those are */
  readonly size: number;
  /** which of the case's targets are among them, at least one; their positions in the snapshot and their relevance */
  readonly which: readonly number[];
  readonly targets: readonly number[];
  readonly relevance: readonly number[];
}

/**
 * What of a case has never changed together with its seed; undefined where no relevant file is among it.
 *
 * "Never" is as of the parent commit: in no ancestor commit of at most MAX_COUPLING_FILES source files, however old, renames followed.
 */
export function neverCochanged(c: ArenaCase): NeverCochanged | undefined {
  const left = new Uint8Array(c.query.hops.length).fill(1);
  left[c.query.seed] = 0;
  // Jaccard over the whole ancestry is above 0 exactly where there is a common commit.
  for (const file of c.query.sparse.jaccard.index) left[file] = 0;
  const which = [...c.targets.keys()].filter((k) => left[c.targets[k]!]);
  if (which.length === 0) return undefined;
  return {
    left,
    size: left.reduce((n, one) => n + one, 0),
    which,
    targets: which.map((k) => c.targets[k]!),
    relevance: which.map((k) => c.relevance[k]!),
  };
}

/**
 * The formula with every file struck that had changed with the seed: on an arena of never-co-changed relevant files its nDCG is that of
 * the residual collection, as long as the formula scores every other file above 0.
 */
export function amongNeverCochanged(formula: Formula): Formula {
  let id = "never_cochanged_only";
  // Ids are unique in a formula, and this one may hold the signal already.
  for (const text = JSON.stringify(formula.root); text.includes(`"${id}"`);) id += "_2";
  return {
    ...formula,
    root: {
      op: "product",
      id: `${id}_score`,
      terms: [formula.root, { op: "signal", id, signal: "never_cochanged" }],
    },
  };
}
