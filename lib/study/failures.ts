/** Failed cases of a split at a point, as records: nDCG@10 below 0.5, or an expected file under a distractor. */
import type { Corpus } from "../corpus/corpus.ts";
import { collectFailures } from "../reasoning/failures.ts";
import { standOf } from "../reasoning/effect.ts";
import { Panel } from "../reasoning/panel.ts";
import { Scorer } from "../reasoning/scorer.ts";
import { loadArenas } from "../reasoning/guard.ts";
import type { Formula } from "../formula/document.ts";
import type { Failure } from "../records/failure.ts";
import type { Point } from "../records/space.ts";
import type { StudyConfig } from "./config.ts";

/** Failures on the split a reasoner learns from, at most `perStratum` a repository and intent. */
export function trainFailures(
  config: StudyConfig,
  corpora: readonly Corpus[],
  at: { formula: Formula; point: Point; perStratum?: number },
): Failure[] {
  const { train } = loadArenas(developmentCorpora(corpora), { mode: config.query, labels: config.labels });
  const standing = standOf(new Panel([new Scorer(train)]), at.formula, at.point);
  return collectFailures(standing, {
    study: config.name,
    mode: config.query,
    ...(at.perStratum === undefined ? {} : { perStratum: at.perStratum }),
  }).map(({ failure }) => failure);
}

/** The corpora a reasoner may see at all: those not kept in the lockbox. */
export function developmentCorpora(corpora: readonly Corpus[]): Corpus[] {
  return corpora.filter((c) => c.meta.role !== "lockbox");
}
