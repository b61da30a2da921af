/** One case from all sides: what was asked, what was known, how every file scored and why. */
import type { Formula } from "../formula/document.ts";
import type { Case } from "../records/case.ts";
import type { Point } from "../records/space.ts";
import type { Query, Snapshot } from "../records/snapshot.ts";
import { rankFiles } from "../ranker/rank.ts";
import type { OpenStudy } from "./open.ts";

/** A case with the tree and the query as a ranker saw them. */
export interface InspectedCase {
  readonly case: Case;
  readonly snapshot: Snapshot;
  readonly query: Query;
}

/** One file of a case's ranking. */
export interface ExplainedFile {
  readonly file: string;
  /** 1-based */
  readonly rank: number;
  readonly score: number;
  /**
   * By factor of the formula's root: ln of the factor less its mean over the candidates. Their sum is ln(score) less the mean of
   * ln(score), so a part above 0 lifts the file above the average candidate. Parts that are 0 for every file are left out.
   */
  readonly parts: Readonly<Record<string, number>>;
  readonly relevant: boolean;
}

/** Looks a case up. @throws {RangeError} when the study has none of that id */
export function inspectCase({ corpora, config }: OpenStudy, caseId: string): InspectedCase {
  for (const corpus of corpora) {
    for (
      let block = 0, from = 0;
      block < corpus.nBlocks;
      from += corpus.meta.blocks[block]!.n_cases, block++
    ) {
      const place = corpus.casesOf(block).findIndex((c) => c.case_id === caseId);
      if (place < 0) continue;
      const { snapshot, queries } = corpus.read(block);
      return { case: corpus.casesOf(block)[place]!, snapshot, query: queries[place]! };
    }
  }
  throw new RangeError(
    `The study ${config.name} has no case ${JSON.stringify(caseId)}: list them from its corpora`,
  );
}

/** Ranks a case by the reference ranker, every score taken apart. */
export function explainRanking(
  { config }: Pick<OpenStudy, "config">,
  { case: c, snapshot, query }: InspectedCase,
  at: { readonly formula: Formula; readonly point: Point },
): ExplainedFile[] {
  const { files } = rankFiles(at.formula, at.point, { snapshot, query }, config.query);
  const names = Object.keys(files[0]?.parts ?? {});
  const logs = new Map(names.map((name) => [name, centredLogs(files.map(({ parts }) => parts[name]!))]));
  const live = names.filter((name) => logs.get(name)!.some((value) => Math.abs(value) > 1e-9));
  const expected = new Set(c.expected.map(({ file }) => file));
  return files.map(({ file, rank, score }, i) => ({
    file,
    rank,
    score,
    parts: Object.fromEntries(live.map((name) => [name, logs.get(name)![i]!])),
    relevant: expected.has(file),
  }));
}

/** ln of each value less their mean; a value of 0 counts as the smallest one above it, so that a bar can be drawn. */
function centredLogs(values: readonly number[]): number[] {
  const least = Math.min(...values.filter((v) => v > 0), 1);
  const logs = values.map((v) => Math.log(v > 0 ? v : least));
  const mean = logs.reduce((a, b) => a + b, 0) / Math.max(1, logs.length);
  return logs.map((v) => v - mean);
}
