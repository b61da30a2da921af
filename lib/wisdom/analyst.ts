/**
 * The deterministic distiller: sorts what a study accepted, and what its train cases say of single moves, by kind of case.
 *
 * It writes no number that was not measured on train cases. Rules are written from the writing repositories only, so that
 * the others can judge them. Nothing here is a verdict; `verify.ts` gives those.
 */
import { type AnalystEvidence, type AnalystInput, episodeFinder } from "./analyst_evidence.ts";
import { proposeHeuristics } from "./analyst_heuristics.ts";
import { writeIntuitions, writeWarnings } from "./analyst_notes.ts";
import { proposePresets } from "./analyst_presets.ts";
import type { Draft } from "./draft.ts";
import { scoreSteps } from "./single_steps.ts";

/** Drafts wisdom from a study. Equal inputs give equal drafts. */
export function analystDraft(input: AnalystInput): Draft {
  const evidence: AnalystEvidence = {
    ...input,
    steps: scoreSteps(input.scores, input.space, input.tuned, {
      ...(input.signal ? { signal: input.signal } : {}),
      ...(input.onProgress ? { onProgress: input.onProgress } : {}),
    }),
    episodesAbout: episodeFinder(input),
  };
  return {
    presets: proposePresets(evidence),
    heuristics: proposeHeuristics(evidence),
    warnings: writeWarnings(evidence),
    intuitions: writeIntuitions(evidence),
  };
}
