/** One small study of reasoning, the same wherever it runs: in a test, and in a child process that kills itself. */
import { SPEC } from "../../lib/formula/builtins.ts";
import { analystModel } from "../../lib/reasoning/analyst.ts";
import { reason } from "../../lib/reasoning/loop.ts";
import type { ReasonOptions } from "../../lib/reasoning/options.ts";
import type { ScratchpadState } from "../../lib/scratchpad/fold.ts";
import type { Episode } from "../../lib/records/episode.ts";
import { syntheticArenas } from "./synthetic.ts";

let arenas: ReturnType<typeof syntheticArenas> | undefined;

/** What a study of reasoning leaves, for holding one to another byte by byte. */
export const STUDY_FILES = [
  "episodes.jsonl",
  "failures.jsonl",
  "forecasts.jsonl",
  "formulas.jsonl",
  "insights.jsonl",
  "structural_proposals.md",
];

/** Options of the study; everything may be overridden. */
export function smallStudy(dir: string, over: Partial<ReasonOptions> = {}): ReasonOptions {
  arenas ??= syntheticArenas({ repos: 2, commits: 40, files: 14, seed: 2 });
  return {
    ...arenas,
    formula: SPEC,
    model: analystModel(),
    dir,
    study: "small",
    episodes: 6,
    seed: 1,
    structural: false,
    evidenceCases: 24,
    acceptance: { resamples: 200, race: { cases: 40 } },
    ...over,
  };
}

/** Runs a study to its end. */
export async function runStudy(
  options: ReasonOptions,
): Promise<{ episodes: Episode[]; state: ScratchpadState }> {
  const episodes: Episode[] = [], run = reason(options);
  while (true) {
    const step = await run.next();
    if (step.done) return { episodes, state: step.value };
    episodes.push(step.value);
  }
}
