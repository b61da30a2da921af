/** Rankers any claim must beat: each a formula of one signal, so that they run, tie and are timed like every other. */
import { type Formula, parseFormula } from "../formula/document.ts";

interface Single {
  readonly signal: string;
  readonly options?: Readonly<Record<string, string>>;
  readonly bind?: Readonly<Record<string, number>>;
}

function single(name: string, description: string, leaf: Single): Formula {
  return parseFormula({ record: "formula/1", name, description, root: { op: "signal", ...leaf } });
}

/**
 * The baselines, weakest first by habit. Exponents are fixed at 1: a lone signal's exponent changes no order.
 *
 * Random is not among them: its expectation is computed exactly (`metrics/expected.ts`).
 */
export const BASELINES: readonly Formula[] = [
  single("path_proximity", "files in or near the seed's folder first", {
    signal: "path_proximity",
    bind: { gamma: 1 },
  }),
  single("popularity", "files changed most often in the last 500 commits first", {
    signal: "popularity",
    bind: { gamma: 1 },
  }),
  single("recency", "files changed last first", { signal: "recency", bind: { half_life: 30 } }),
  single("bm25_paths", "files whose path shares words with the seed's path first", {
    signal: "text_similarity",
    options: { of: "paths" },
    bind: { gamma: 1 },
  }),
  single("bm25_identifiers", "files that use the seed's most telling identifier words first", {
    signal: "text_similarity",
    options: { of: "identifiers" },
    bind: { gamma: 1 },
  }),
  single("jaccard", "co-change with the seed, Jaccard over the whole history", {
    signal: "coupling",
    options: { measure: "jaccard" },
    bind: { gamma: 1 },
  }),
  single("confidence", "share of the seed's commits that touched the file (ROSE)", {
    signal: "coupling",
    options: { measure: "confidence" },
    bind: { gamma: 1 },
  }),
  single("decayed_cochange", "Jaccard of commits decayed over 200 commits and weighed by their size", {
    signal: "coupling",
    options: { measure: "decayed_200" },
    bind: { gamma: 1 },
  }),
];
