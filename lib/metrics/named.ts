/** Measures by name, for tables and command lines: "ndcg@10" stands for one function of the ranks of relevant files. */
import { allFoundFromRanks } from "./all_found.ts";
import { averagePrecisionFromRanks } from "./average_precision.ts";
import * as expected from "./expected.ts";
import { hitFromRanks } from "./hit.ts";
import { checkCutoff } from "./judged.ts";
import { ndcgFromRanks } from "./ndcg.ts";
import { precisionFromRanks } from "./precision.ts";
import { recallFromRanks } from "./recall.ts";
import { reciprocalRankFromRanks } from "./reciprocal_rank.ts";
import type { TiedRanking } from "./ties.ts";

/** One measure at one cutoff. */
export interface Measure {
  /** As it is spelled and recorded: "ndcg@10", "rr" */
  readonly name: string;
  /** Heading of a column of means: "nDCG@10", "MRR" */
  readonly label: string;
  /** One sentence for a reader of the table */
  readonly definition: string;
  /** The cutoff; Infinity when the name has none */
  readonly k: number;
  /** Value of one case from the ranks (1-based, 0 = not retrieved) and relevances of its relevant files; null when it has none */
  readonly ofRanks: (ranks: ArrayLike<number>, relevance: ArrayLike<number>) => number | null;
  /** Expected value of one case over all orders of tied files; null when no file is relevant */
  readonly ofTies: (ranking: TiedRanking) => number | null;
}

interface Family {
  readonly label: string;
  readonly definition: string;
  readonly needsCutoff: boolean;
  readonly ofRanks: (ranks: ArrayLike<number>, relevance: ArrayLike<number>, k: number) => number | null;
  readonly ofTies: (ranking: TiedRanking, k: number) => number | null;
}

const FAMILIES: Readonly<Record<string, Family>> = {
  ndcg: {
    label: "nDCG",
    definition: "discounted gain of the first k files over the best reachable, linear gain",
    needsCutoff: false,
    ofRanks: (ranks, relevance, k) => ndcgFromRanks(ranks, relevance, k),
    ofTies: (ranking, k) => expected.expectedNdcg(ranking, k),
  },
  ndcg_exponential: {
    label: "nDCG (2^rel - 1)",
    definition: "discounted gain of the first k files over the best reachable, exponential gain",
    needsCutoff: false,
    ofRanks: (ranks, relevance, k) => ndcgFromRanks(ranks, relevance, k, { gain: "exponential" }),
    ofTies: (ranking, k) => expected.expectedNdcg(ranking, k, { gain: "exponential" }),
  },
  rr: {
    label: "MRR",
    definition: "one over the rank of the first relevant file",
    needsCutoff: false,
    ofRanks: (ranks, _, k) => reciprocalRankFromRanks(ranks, k),
    ofTies: expected.expectedReciprocalRank,
  },
  p: {
    label: "P",
    definition: "relevant files among the first k, divided by k",
    needsCutoff: true,
    ofRanks: (ranks, _, k) => precisionFromRanks(ranks, k),
    ofTies: expected.expectedPrecision,
  },
  r: {
    label: "R",
    definition: "relevant files among the first k, divided by all relevant files",
    needsCutoff: true,
    ofRanks: (ranks, _, k) => recallFromRanks(ranks, k),
    ofTies: expected.expectedRecall,
  },
  ap: {
    label: "MAP",
    definition: "precision averaged over the ranks of all relevant files",
    needsCutoff: false,
    ofRanks: (ranks, _, k) => averagePrecisionFromRanks(ranks, k),
    ofTies: expected.expectedAveragePrecision,
  },
  hit: {
    label: "Hit",
    definition: "share of cases with any relevant file among the first k",
    needsCutoff: true,
    ofRanks: (ranks, _, k) => hitFromRanks(ranks, k),
    ofTies: expected.expectedHit,
  },
  all: {
    label: "All",
    definition: "share of cases with every relevant file among the first k",
    needsCutoff: true,
    ofRanks: (ranks, _, k) => allFoundFromRanks(ranks, k),
    ofTies: expected.expectedAllFound,
  },
};

/** The columns of a full table. The first is the objective; the others are read beside it. */
export const TABLE_MEASURES: readonly string[] = [
  "ndcg@10",
  "rr",
  "p@10",
  "r@5",
  "r@10",
  "ap",
  "hit@1",
  "all@10",
];

/**
 * Finds a measure by name: a family, then "@k" where a cutoff is wanted ("ndcg", "ndcg@10", "hit@1").
 *
 * @throws {RangeError} for an unknown family, a bad cutoff, or one missing where it is needed
 */
export function measureNamed(name: string): Measure {
  const [family = "", cutoff, ...rest] = name.split("@");
  const found = Object.hasOwn(FAMILIES, family) ? FAMILIES[family] : undefined;
  if (found === undefined || rest.length > 0) {
    throw new RangeError(
      `Unknown measure ${JSON.stringify(name)}: one of ${
        Object.keys(FAMILIES).join(", ")
      } is wanted, with @k for a cutoff`,
    );
  }
  if (cutoff === undefined && found.needsCutoff) {
    throw new RangeError(`Measure ${JSON.stringify(name)} has no cutoff: write it as ${family}@10`);
  }
  if (cutoff !== undefined && !/^[1-9][0-9]*$/.test(cutoff)) {
    throw new RangeError(
      `Measure ${JSON.stringify(name)} has cutoff "${cutoff}": a whole number of at least 1 is wanted`,
    );
  }
  const k = cutoff === undefined ? Infinity : Number(cutoff);
  checkCutoff(k);
  return {
    name,
    label: cutoff === undefined ? found.label : `${found.label}@${cutoff}`,
    definition: found.definition,
    k,
    ofRanks: (ranks, relevance) => found.ofRanks(ranks, relevance, k),
    ofTies: (ranking) => found.ofTies(ranking, k),
  };
}
