/** Failures proven beyond every point of their formula: kept with what was proven, for whoever can change the formula. */
import { z } from "zod";
import type { RecordFile } from "../scratchpad/files.ts";
import type { Survey } from "./evidence.ts";

/** One proof, a line of `beyond.jsonl`. Its id is its failure's: formula, point and case. */
export const BeyondPoint = z.object({
  record: z.literal("beyond/1"),
  id: z.string().min(1),
  case_id: z.string().min(1),
  formula_hash: z.string().min(1),
  /** of each, proven: at no point of the formula's space does the missed file stand above the distractor */
  pairs: z.array(z.object({ missed: z.string().min(1), distractor: z.string().min(1) })).min(1),
});
export type BeyondPoint = z.infer<typeof BeyondPoint>;

/** Where a study keeps them. */
export const BEYOND: RecordFile<BeyondPoint> = { name: "beyond.jsonl", schema: BeyondPoint };

/** What a survey's certificates proved, in the survey's order. */
export function beyondEveryPoint({ candidates, movability }: Survey): BeyondPoint[] {
  const failures = new Map(candidates.map(({ place, failure }) => [place, failure]));
  return movability.proofs.proven.map((place) => {
    const { id, case_id, formula_hash, pairs } = failures.get(place)!;
    return {
      record: "beyond/1",
      id,
      case_id,
      formula_hash,
      pairs: pairs.map(({ missed, distractor }) => ({ missed, distractor })),
    };
  });
}
