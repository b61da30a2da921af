/**
 * The deterministic distiller: sorts what a study accepted, and what its train cases say of single moves, by kind of case.
 *
 * It writes no number that was not measured on train cases. Nothing here is a verdict; `verify.ts` gives those.
 */
import { type AnalystEvidence, type AnalystInput, episodeFinder } from "./analyst_evidence.ts";
import { writeIntuitions, writeWarnings } from "./analyst_notes.ts";
import { proposePresets } from "./analyst_presets.ts";
import type { Draft } from "./draft.ts";
import { scoreSteps } from "./single_steps.ts";

/** What the analyst has, with every single step from the tuned point scored on train cases. */
export function analystEvidence(input: AnalystInput): AnalystEvidence {
  return {
    ...input,
    steps: scoreSteps(input.scores, input.space, input.tuned, {
      ...(input.signal ? { signal: input.signal } : {}),
      ...(input.onProgress ? { onProgress: input.onProgress } : {}),
    }),
    episodesAbout: episodeFinder(input),
  };
}

/** Drafts wisdom from a study; rules are written apart, by `cross_fit.ts`. Equal evidence gives equal drafts. */
export function analystDraft(evidence: AnalystEvidence): Omit<Draft, "heuristics"> {
  return {
    presets: proposePresets(evidence),
    warnings: writeWarnings(evidence),
    intuitions: writeIntuitions(evidence),
  };
}
