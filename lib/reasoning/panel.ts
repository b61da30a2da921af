/** Blocks of cases, and panels made of them: the sample evidence is drawn from, the blocks of a race, the selection split. */
import { randomStream, shuffled } from "../base/random.ts";
import type { ArenaCase, ArenaGroup } from "../engine/arena.ts";
import { ndcgOf } from "../engine/engine.ts";
import type { Formula } from "../formula/document.ts";
import { type CaseScore, caseShares } from "../metrics/commits.ts";
import type { Point } from "../records/space.ts";
import type { TrainArena } from "./guard.ts";
import { type FactorPlan, Scorer } from "./scorer.ts";

/** One case of a panel. */
export interface PanelCase {
  /** place in the panel */
  readonly place: number;
  readonly own: ArenaCase;
  readonly group: ArenaGroup;
  readonly scorer: Scorer;
}

/** Any number of blocks, seen as one list of cases with one macro mean. */
export class Panel {
  readonly cases: readonly PanelCase[];
  /** share of each case in the macro mean over repositories */
  readonly shares: Float64Array;

  constructor(readonly blocks: readonly Scorer[]) {
    this.cases = blocks.flatMap((scorer) =>
      scorer.arena.cases.map((own) => ({ own, group: scorer.groups[own.index]!, scorer }))
    ).map((c, place) => ({ ...c, place }));
    this.shares = this.cases.length === 0
      ? new Float64Array(0)
      : caseShares(this.scores(new Float64Array(this.size)));
  }

  get size(): number {
    return this.cases.length;
  }

  /** Calls back with every case's scores, in order. The array is reused: copy what is to be kept. */
  visit(formula: Formula, point: Point, call: (c: PanelCase, scores: Float64Array) => void): void {
    let from = 0;
    for (const scorer of this.blocks) {
      scorer.visit(formula, point, (own, scores) => call(this.cases[from + own.index]!, scores));
      from += scorer.arena.cases.length;
    }
  }

  /** nDCG@10 of every case. */
  evaluate(formula: Formula, point: Point): Float64Array {
    const values = new Float64Array(this.size);
    this.visit(formula, point, (c, scores) => values[c.place] = ndcgOf(c.own, scores));
    return values;
  }

  /** Macro mean of one value a case. */
  mean(values: ArrayLike<number>): number {
    let sum = 0;
    for (let i = 0; i < this.shares.length; i++) sum += this.shares[i]! * values[i]!;
    return sum;
  }

  /** The values as scores that intervals are made of. */
  scores(values: ArrayLike<number>): CaseScore[] {
    return this.cases.map(({ own: { case: c } }, i) => ({
      repo: c.repo,
      commit: c.commit,
      case_id: c.case_id,
      value: values[i]!,
    }));
  }
}

/** Value of one factor for one file of one case. */
export function factorAt(c: PanelCase, plan: FactorPlan, point: Point, file: number): number {
  return c.scorer.factorAt(plan, point, c.own, file);
}

/**
 * Deals the commits of the train split into blocks of about `cases` cases, each with commits of every repository where they suffice.
 *
 * The same arena and seed give the same blocks. Commits stay whole, so a block may be a little larger.
 */
export function dealBlocks(
  arena: TrainArena,
  options: { readonly cases: number; readonly seed: number | string },
): Scorer[] {
  const byRepo = Map.groupBy(arena.groups, (g) => g.snapshot.repo);
  const n = Math.max(1, Math.floor(arena.cases.length / options.cases));
  const hands: Set<string>[] = Array.from({ length: n }, () => new Set()),
    sizes = new Array<number>(n).fill(0);
  for (const [repo, groups] of [...byRepo].sort(([a], [b]) => a < b ? -1 : 1)) {
    for (const group of shuffled(randomStream(options.seed, `reasoning/blocks/${repo}`), groups)) {
      // The emptiest block takes the next commit: sizes stay level whatever the commits hold.
      const to = sizes.indexOf(Math.min(...sizes));
      hands[to]!.add(keyOf(group));
      sizes[to]! += group.cases.length;
    }
  }
  return hands.filter((h) => h.size > 0).map((hand) => new Scorer(arena.subset((g) => hand.has(keyOf(g)))));
}

function keyOf({ snapshot }: ArenaGroup): string {
  return `${snapshot.repo}\n${snapshot.commit}`;
}
