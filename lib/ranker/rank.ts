/** (snapshot, query, formula, point) to a run: every source file of the parent tree but the seed, best first, with its parts. */
import { type Formula, resolveNodes } from "../formula/document.ts";
import type { Point } from "../records/space.ts";
import type { QueryMode } from "../records/snapshot.ts";
import type { Run, ScoredFile } from "../records/run.ts";
import type { SignalInput } from "../signals/signal.ts";
import { evaluateFormula } from "./evaluate.ts";

/** Ranks the candidates of a query by a formula at a point. Equal scores stand in the fixed tie order. */
export function rankFiles(formula: Formula, point: Point, input: SignalInput, mode: QueryMode): Run {
  const values = evaluateFormula(formula, point, input, mode);
  const root = resolveNodes(formula);
  const parts = root.children.length === 0 ? [root] : root.children;
  const scores = values.get(root.id)!;
  return {
    case_id: input.query.case_id,
    files: rankByScore(scores, input).map((i, place): ScoredFile => ({
      file: input.snapshot.files[i]!,
      rank: place + 1,
      score: scores[i]!,
      parts: Object.fromEntries(parts.map((part) => [part.id, values.get(part.id)![i]!])),
    })),
  };
}

/** Candidate positions best first: by score, equals in the snapshot's own order, which is the fixed tie order; the seed is left out. */
export function rankByScore(scores: ArrayLike<number>, { snapshot, query }: SignalInput): number[] {
  const candidates: number[] = [];
  for (let i = 0; i < snapshot.files.length; i++) if (i !== query.seed) candidates.push(i);
  return candidates.sort((a, b) => scores[b]! - scores[a]! || a - b);
}
