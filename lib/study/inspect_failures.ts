/** Failures with their pairs taken apart, and what each turning move would do to everything else. */
import type { PairConstraint } from "../formula/certificate.ts";
import type { Formula } from "../formula/document.ts";
import { attributePair, findFlips, type Flip, type Part } from "../reasoning/attribute.ts";
import { effectOf, type Standing, standOf } from "../reasoning/effect.ts";
import { collectFailures } from "../reasoning/failures.ts";
import { loadArenas } from "../reasoning/guard.ts";
import { Panel } from "../reasoning/panel.ts";
import { Scorer } from "../reasoning/scorer.ts";
import type { Failure } from "../records/failure.ts";
import type { Point } from "../records/space.ts";
import { developmentCorpora } from "./failures.ts";
import type { OpenStudy } from "./open.ts";

/** A turning move, with its effect on all train cases. */
export interface WeighedFlip extends Flip {
  /** failed pairs turned right and right pairs turned wrong, over all train cases */
  readonly fixes: number;
  readonly breaks: number;
  /** change of the macro mean of nDCG@10 on train cases */
  readonly delta: number;
}

/** An expected file and a file above it. */
export interface InspectedPair {
  readonly missed: string;
  /** 1-based */
  readonly missed_rank: number;
  readonly distractor: string;
  readonly distractor_rank: number;
  /** ln of the ratio of their scores; below 0 the distractor stands above */
  readonly gap: number;
  readonly parts: readonly Part[];
  readonly carriers: readonly string[];
  /** nearest first */
  readonly flips: readonly WeighedFlip[];
}

/** A failure, whose pairs are taken apart when they are read. */
export interface InspectedFailure {
  readonly failure: Failure;
  readonly pairs: readonly InspectedPair[];
  /** position of the first pair that a single move of a parameter turns; -1 when none does */
  readonly turnable: number;
}

/** Moves weighed for each pair: each costs one evaluation of all train cases. */
const WEIGHED = 8;

/** The failures of a study's train cases at a point, the worst first. */
export function inspectFailures(
  { config, corpora }: OpenStudy,
  at: { readonly formula: Formula; readonly point: Point },
): InspectedFailure[] {
  const { train } = loadArenas(developmentCorpora(corpora), { mode: config.query });
  const standing = standOf(new Panel([new Scorer(train)]), at.formula, at.point);
  return collectFailures(standing, { study: config.name, mode: config.query })
    .sort((a, b) => a.failure.ndcg - b.failure.ndcg || (a.failure.id < b.failure.id ? -1 : 1))
    .map(({ place, failure }) => ({
      failure,
      get pairs() {
        return inspectPairs(standing, place, failure);
      },
      get turnable() {
        const pairs = standing.failed[place]!;
        return findFlips(standing.panel.cases[place]!, at.formula, at.point, pairs).flips
          .findIndex((flips) => flips.length > 0);
      },
    }));
}

function inspectPairs(standing: Standing, place: number, failure: Failure): InspectedPair[] {
  const { panel, formula, point } = standing, c = panel.cases[place]!, pairs = standing.failed[place]!;
  const { flips } = findFlips(c, formula, point, pairs);
  return pairs.map((pair, k) => {
    const { gap, parts, carriers } = attributePair(c, formula, point, pair), row = failure.pairs[k]!;
    return {
      missed: row.missed,
      missed_rank: row.missed_rank!,
      distractor: row.distractor,
      distractor_rank: row.distractor_rank,
      gap,
      parts,
      carriers,
      flips: flips[k]!.slice(0, WEIGHED).map((flip) => {
        const { fixes, breaks, delta } = effectOf(standing, formula, { ...point, [flip.param]: flip.to });
        return { ...flip, fixes, breaks, delta };
      }),
    };
  });
}

/** Some failed pairs of train cases as wishes for a certificate: one a case, the worst cases first. */
export function failedPairs(
  study: OpenStudy,
  at: { readonly formula: Formula; readonly point: Point },
  most: number,
): PairConstraint[] {
  const { train } = loadArenas(developmentCorpora(study.corpora), { mode: study.config.query });
  const standing = standOf(new Panel([new Scorer(train)]), at.formula, at.point);
  const places = standing.panel.cases.map(({ place }) => place).filter((place) =>
    standing.failed[place]!.length > 0
  )
    .sort((a, b) => standing.values[a]! - standing.values[b]! || a - b);
  return places.slice(0, most).map((place) => {
    const { own, group } = standing.panel.cases[place]!, [pair] = standing.failed[place]!;
    return {
      input: { snapshot: group.snapshot, query: own.query },
      target: pair!.target,
      distractor: pair!.other,
    };
  });
}
