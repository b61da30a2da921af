/**
 * Which cases this room may see: train to learn from, selection to judge on, and nothing else.
 *
 * Every entrance of the room takes the branded types below, which only this file can make. This is also the only file of the room
 * that may name the splits kept away from it; an architecture test holds that.
 */
import type { Corpus } from "../corpus/corpus.ts";
import { Arena } from "../engine/arena.ts";
import type { LabelKind, Split } from "../records/case.ts";
import type { QueryMode } from "../records/snapshot.ts";

declare const role: unique symbol;

/** Cases a reasoner may learn from. Made by {@link trainArena} or {@link loadArenas} only. */
export type TrainArena = Arena & { readonly [role]: "train" };
/** Cases a change is confirmed on; a reasoner learns nothing from them but yes or no. */
export type SelectionArena = Arena & { readonly [role]: "selection" };

/** Both arenas of a study. */
export interface ReasoningArenas {
  readonly train: TrainArena;
  readonly selection: SelectionArena;
}

/**
 * Loads the two arenas of a study.
 *
 * @throws {TypeError} for a corpus of the role "lockbox": its one look is not this room's
 * @throws {RangeError} when either split has no cases
 */
export function loadArenas(
  corpora: readonly Corpus[],
  options: { readonly mode: QueryMode; readonly labels?: LabelKind },
): ReasoningArenas {
  const sealed = corpora.find((corpus) => corpus.meta.role === "lockbox");
  if (sealed !== undefined) {
    throw new TypeError(
      `Cannot reason on ${sealed.meta.repo}: its role is lockbox, a development repository is wanted`,
    );
  }
  return {
    train: trainArena(Arena.load(corpora, { ...options, splits: ["train"] })),
    selection: selectionArena(Arena.load(corpora, { ...options, splits: ["selection"] })),
  };
}

/** Marks an arena as train. @throws {TypeError} when it was loaded for, or holds a case of, another split */
export function trainArena(arena: Arena): TrainArena {
  return admit(arena, "train") as TrainArena;
}

/** Marks an arena as selection. @throws {TypeError} when it was loaded for, or holds a case of, another split */
export function selectionArena(arena: Arena): SelectionArena {
  return admit(arena, "selection") as SelectionArena;
}

function admit(arena: Arena, wanted: Split): Arena {
  const foreign = arena.cases.find(({ case: c }) => c.split !== wanted);
  if (arena.splits.length !== 1 || arena.splits[0] !== wanted || foreign !== undefined) {
    const found = foreign ? `the case ${foreign.case.case_id} of ${foreign.case.split}` : arena.splits.join();
    throw new TypeError(`Cannot admit an arena of ${found || "no split"}: exactly ["${wanted}"] is wanted`);
  }
  if (arena.cases.length === 0) {
    throw new RangeError(
      `Cannot reason without ${wanted} cases: the arena is empty, add commits or repositories`,
    );
  }
  return arena;
}
