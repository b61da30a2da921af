/** The protocol a proposal goes through: not tried before, a race on fresh train cases, confirmation on selection. */
import type { CaseScore } from "../metrics/commits.ts";
import type { Estimate } from "../records/evaluation.ts";
import { searchSpace } from "../formula/parameters.ts";
import type { ScratchpadState } from "../scratchpad/fold.ts";
import { findRepeated } from "../scratchpad/turned_down.ts";
import type { Candidate } from "./candidate.ts";
import { confirmChange } from "./confirm.ts";
import { Panel } from "./panel.ts";
import { type RaceOptions, runRace } from "./race.ts";
import type { Scorer } from "./scorer.ts";
import { lookLevel } from "./spending.ts";

/** Settings of the protocol. */
export interface AcceptanceOptions {
  /** expected share of null changes among the accepted ones that is tolerated. Default 0.05 */
  readonly alpha?: number;
  /** gain that counts as none. Default 0 */
  readonly noiseFloor?: number;
  readonly resamples?: number;
  readonly repositoriesFrom?: number;
  readonly race?: RaceOptions;
}

/** What is judged, on what, and how often selection was asked before. */
export interface Trial {
  readonly state: ScratchpadState;
  readonly incumbent: Candidate;
  readonly candidate: Candidate;
  /** fresh train blocks in the order of the race; none holds a case that evidence was drawn from */
  readonly fresh: readonly Scorer[];
  readonly selection: Panel;
  readonly seed: number | string;
  readonly turn: number;
}

/** How it went. */
export interface Judgement {
  readonly decision: "accepted" | "lateral" | "rejected";
  readonly reasons: readonly string[];
  readonly race: Estimate | null;
  readonly selection: Estimate | null;
  readonly case_evaluations: number;
  readonly selection_queries: 0 | 1;
}

/** Looks at the selection split that a study has paid for. */
export function looksSoFar(state: ScratchpadState): number {
  return state.episodes.reduce((sum, e) => sum + e.evaluations.selection_queries, 0);
}

/**
 * Judges a candidate. Each hurdle is met only by what passed the one before; the selection split is asked at most once.
 *
 * What repeats a proposal that was turned down is rejected unmeasured. Each case is scored twice, for the incumbent and the candidate.
 */
export function judge(trial: Trial, options: AcceptanceOptions = {}): Judgement {
  const { state, incumbent, candidate, seed, turn } = trial;
  const none = { race: null, selection: null, case_evaluations: 0, selection_queries: 0 } as const;
  const repeated = findRepeated(state, searchSpace(candidate.formula), {
    params: candidate.point,
    formula: candidate.hash,
  });
  if (repeated !== undefined) {
    const reason = `It repeats ${repeated.episode}, which was ${repeated.decision}: ${repeated.reasons[0]}`;
    return { ...none, decision: "rejected", reasons: [reason] };
  }
  const race = runRace(differencesByBlock(trial), options.race);
  const raced = { ...none, race: race.estimate, case_evaluations: 2 * race.cases };
  if (race.outcome !== "won") {
    return { ...raced, decision: race.outcome === "lost" ? "rejected" : "lateral", reasons: [race.reason] };
  }
  const level = lookLevel(
    looksSoFar(state) + 1,
    state.episodes.filter((e) => e.decision === "accepted").length,
    options.alpha ?? 0.05,
  );
  const { selection } = trial;
  const differences = pairedDifferences(selection, incumbent, candidate).map((score, i) => ({
    ...score,
    intent: selection.cases[i]!.own.case.intent,
  }));
  const { noiseFloor, resamples, repositoriesFrom } = options;
  const verdict = confirmChange(differences, {
    seed,
    stream: `reasoning/confirm/${turn}`,
    level,
    ...(noiseFloor === undefined ? {} : { noiseFloor }),
    ...(resamples === undefined ? {} : { resamples }),
    ...(repositoriesFrom === undefined ? {} : { repositoriesFrom }),
  });
  return {
    decision: verdict.decision,
    reasons: [...verdict.reasons, race.reason],
    race: race.estimate,
    selection: verdict.estimate,
    case_evaluations: raced.case_evaluations + 2 * selection.size,
    selection_queries: 1,
  };
}

function* differencesByBlock({ fresh, incumbent, candidate }: Trial): Generator<CaseScore[]> {
  for (const block of fresh) yield pairedDifferences(new Panel([block]), incumbent, candidate);
}

/** nDCG@10 of the candidate less that of the incumbent, case by case. */
function pairedDifferences(panel: Panel, incumbent: Candidate, candidate: Candidate): CaseScore[] {
  const before = panel.evaluate(incumbent.formula, incumbent.point);
  const after = panel.evaluate(candidate.formula, candidate.point);
  return panel.scores(after.map((value, i) => value - before[i]!));
}
