/**
 * What a reasoner is shown, as plain data. The prompt prints it and the embedded analyst reads it: neither sees more than the other.
 *
 * All of it was measured on train cases.
 */
import type { Direction, Magnitude } from "../records/space.ts";
import type { Edit } from "../formula/edit_schema.ts";

/** A measured what-if on the evidence sample. */
export interface EffectView {
  /** change of the macro mean of nDCG@10, and its standard error over commits */
  readonly delta: number;
  readonly se: number;
  /** failed pairs turned right, right pairs turned wrong */
  readonly fixes: number;
  readonly breaks: number;
  readonly repos_better: number;
  readonly repos_worse: number;
  /** labels of shown failures whose nDCG@10 rises */
  readonly helps: readonly string[];
}

/** One parameter as it stands. */
export interface ParameterView {
  readonly name: string;
  readonly value: number;
  readonly default: number;
  readonly low: number;
  readonly high: number;
  readonly scale: "linear" | "log";
  readonly description: string;
}

/** One failed pair, taken apart. */
export interface PairView {
  readonly missed: string;
  readonly missed_rank: number;
  readonly distractor: string;
  readonly distractor_rank: number;
  /** ln(score of missed / score of distractor) */
  readonly gap: number;
  /** ln ratio by factor, those beyond rounding only */
  readonly parts: readonly { readonly factor: string; readonly log_ratio: number }[];
  readonly carriers: readonly string[];
  /** smallest single moves that turn it, each with what it breaks on the whole sample */
  readonly flips: readonly {
    readonly param: string;
    readonly to: number;
    readonly how: "exact" | "local";
    readonly fixes: number;
    readonly breaks: number;
  }[];
}

/** One shown failure. */
export interface FailureView {
  /** F1, F2, ... */
  readonly label: string;
  readonly repo: string;
  readonly files: number;
  readonly intent: string;
  readonly subject: string;
  readonly query: string;
  readonly seed_file: string;
  readonly ndcg: number;
  readonly expected: readonly string[];
  readonly ranked_first: readonly string[];
  /** whether any single move measured helps it */
  readonly movable: boolean;
  readonly pairs: readonly PairView[];
}

/** A step of the spec's vocabulary. */
export interface StepView {
  readonly param: string;
  readonly direction: Direction;
  readonly magnitude: Magnitude;
}

/** One measured step of one parameter. */
export interface VoteView extends StepView, EffectView {
  readonly to: number;
  /** fixes and breaks by intent */
  readonly by_intent: Readonly<Record<string, { readonly fixes: number; readonly breaks: number }>>;
}

/** Several steps measured together. */
export interface BundleView extends EffectView {
  readonly steps: readonly StepView[];
}

/** One structural edit, tried on the sample with its new parameters at their defaults. */
export interface OptionView extends EffectView {
  readonly what: string;
  readonly edits: readonly Edit[];
  /** failures that no single move helps and this edit does */
  readonly unsticks: number;
}

/** The evidence of one episode. */
export interface EvidenceView {
  readonly sample: {
    readonly cases: number;
    readonly commits: number;
    readonly repos: number;
    readonly mean_ndcg: number;
    readonly failures: number;
    /** failures no single measured move helps */
    readonly stuck: number;
    /** of these, failures asked about by certificate, and those proven beyond help by any point of the space */
    readonly stuck_checked: number;
    readonly stuck_proven: number;
  };
  readonly formula: string;
  readonly parameters: readonly ParameterView[];
  readonly failures: readonly FailureView[];
  /** best delta first */
  readonly votes: readonly VoteView[];
  /** parameters no step of which changes anything here */
  readonly dead: readonly string[];
  readonly bundles: readonly BundleView[];
  /** every edit of the catalogue, best delta first; a reasoner is shown the first ones that a control leaves it */
  readonly options: readonly OptionView[];
}

/** One earlier proposal. */
export interface TriedView {
  readonly episode: string;
  readonly decision: string;
  readonly steps: readonly StepView[];
  readonly edits: readonly unknown[];
  /** change that was forecast */
  readonly forecast: number;
  /** measured change on selection cases, or in the race, or null */
  readonly delta: number | null;
  readonly reason: string;
  /** true when it started from the present incumbent, so that the same words would mean the same move */
  readonly same_start: boolean;
}

/** What earlier episodes left. */
export interface MemoryView {
  readonly insights: readonly string[];
  /** oldest first */
  readonly tried: readonly TriedView[];
}
