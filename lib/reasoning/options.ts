/** What a study of reasoning is given, what it tells while it runs, and what it ends with. */
import type { RecordMode } from "../claude/recorded.ts";
import type { AttemptLimits } from "../claude/attempts.ts";
import type { Model } from "../claude/model.ts";
import type { Formula } from "../formula/document.ts";
import type { Episode } from "../records/episode.ts";
import type { Point } from "../records/space.ts";
import type { Disk } from "../scratchpad/disk.ts";
import type { Recovery } from "../scratchpad/recover.ts";
import type { AcceptanceOptions } from "./acceptance.ts";
import type { Control } from "./controls.ts";
import type { ReasoningArenas } from "./guard.ts";
import type { PairCertificate } from "./certify.ts";
import type { EvidenceView } from "./view.ts";

/** Options of `reason`. */
export interface ReasonOptions extends ReasoningArenas {
  /** where the study starts */
  readonly formula: Formula;
  /** default: the formula's defaults */
  readonly point?: Point;
  readonly model: Model;
  /** the study's folder; a study already there is gone on with */
  readonly dir: string;
  readonly study: string;
  /** episodes the study has in all, those done before included */
  readonly episodes: number;
  readonly seed: number | string;
  /** whether edits of the formula are open. Default true */
  readonly structural?: boolean;
  /** default "none" */
  readonly control?: Control;
  /** train cases evidence is drawn from at a time. Default 240, and at most two fifths of the train cases */
  readonly evidenceCases?: number;
  readonly acceptance?: AcceptanceOptions;
  /** ends the study early after so many episodes in a row that accepted nothing. Default: never */
  readonly patience?: number;
  /** estimated tokens a prompt may take. Default 24,000 */
  readonly promptTokens?: number;
  /** Default "record": answers are kept in the study's folder and never paid for twice */
  readonly recording?: RecordMode;
  readonly attempts?: AttemptLimits;
  /** proofs about failures that no single move helps. Default: the formula room's, within a small budget */
  readonly certificate?: PairCertificate;
  /** stops between steps; the episode in flight is left undone */
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: ReasonEvent) => void;
  /** for tests that kill the writer */
  readonly disk?: Disk;
}

/** What happens while a study runs, for progress and notebooks. */
export type ReasonEvent =
  | { readonly event: "opened"; readonly episodes: number; readonly recovered: readonly Recovery[] }
  | { readonly event: "surveyed"; readonly index: number; readonly evidence: EvidenceView }
  | { readonly event: "asking"; readonly index: number; readonly prompt_bytes: number }
  | { readonly event: "judging"; readonly index: number }
  | { readonly event: "decided"; readonly episode: Episode };
