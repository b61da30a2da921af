/** Which file of a study holds which record: one shape a file, one line a record. */
import type { z } from "zod";
import { Episode } from "../records/episode.ts";
import { Evaluation } from "../records/evaluation.ts";
import { Failure } from "../records/failure.ts";
import { Insight } from "../records/insight.ts";
import { Manifest } from "../records/manifest.ts";

/** An append-only file of a study folder. Other rooms may declare their own and hand them to the same journal. */
export interface RecordFile<T extends { readonly id: string }> {
  /** Name within the study's folder, ending in ".jsonl" */
  readonly name: string;
  /** Shape of its lines, without the `seq` that the journal adds */
  readonly schema: z.ZodType<T>;
}

export const FAILURES: RecordFile<Failure> = { name: "failures.jsonl", schema: Failure };
export const EPISODES: RecordFile<Episode> = { name: "episodes.jsonl", schema: Episode };
export const INSIGHTS: RecordFile<Insight> = { name: "insights.jsonl", schema: Insight };
export const EVALUATIONS: RecordFile<Evaluation> = { name: "evaluations.jsonl", schema: Evaluation };
export const MANIFESTS: RecordFile<Manifest> = { name: "manifests.jsonl", schema: Manifest };
