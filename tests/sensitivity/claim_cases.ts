/** The specification's parameters with plausible bounds, and random claims over them. */
import fc from "fast-check";
import type { SearchSpace } from "../../lib/records/space.ts";
import { type Claim, type ClaimRegion, LEVELS, REGION_COMPARISONS } from "../../lib/sensitivity/claim.ts";

const row = (
  name: string,
  value: number,
  low: number,
  high: number,
  scale: "linear" | "log",
  integer = false,
) => ({
  name,
  default: value,
  low,
  high,
  scale,
  integer,
  description: "",
  layer: "",
});

export const SPACE: SearchSpace = [
  row("pagerank_alpha", 0.85, 0.5, 0.99, "linear"),
  row("pagerank_chat_multiplier", 100, 1, 1000, "log"),
  row("depth_weight_root", 1, 0.1, 10, "log"),
  row("depth_weight_moderate", 0.5, 0.05, 5, "log"),
  row("depth_weight_deep", 0.1, 0.01, 1, "log"),
  row("depth_weight_vendor", 0.01, 0.001, 0.1, "log"),
  row("boost_mentioned_ident", 10, 1, 100, "log"),
  row("boost_mentioned_file", 5, 1, 50, "log"),
  row("boost_chat_file", 20, 1, 200, "log"),
  row("boost_temporal_coupling", 3, 1, 30, "log"),
  row("boost_focus_expansion", 5, 1, 50, "log"),
  row("git_recency_decay_days", 30, 3, 300, "log"),
  row("git_recency_max_boost", 10, 1, 100, "log"),
  row("git_churn_threshold", 10, 1, 100, "log", true),
  row("git_churn_max_boost", 5, 1, 50, "log"),
  row("focus_decay", 0.5, 0.1, 0.9, "linear"),
  row("focus_max_hops", 2, 1, 4, "linear", true),
];

const value = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(0.05, 0.15, 0.6, 0.75, 1.5, 2, 3, 20) },
  { weight: 1, arbitrary: fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((x) => x === 0 ? 0 : x) },
);

function regionOf(parameter: string): fc.Arbitrary<ClaimRegion> {
  return fc.oneof(
    fc.constantFrom(...LEVELS).map((level) => ({ kind: "level" as const, parameter, level })),
    fc.tuple(fc.constantFrom(...REGION_COMPARISONS), value)
      .map(([op, value]) => ({ kind: "compare" as const, parameter, op, value })),
    fc.tuple(value, value)
      .map(([a, b]) => ({ kind: "between" as const, parameter, low: Math.min(a, b), high: Math.max(a, b) })),
  );
}

const stratum = fc.tuple(
  fc.constantFrom({}, { history: "young" }),
  fc.constantFrom({}, { intent: "debug" }),
  fc.constantFrom({}, { language: "c++" }, { language: 'a "b"' }),
  fc.constantFrom({}, { repo: "owner/name" }),
).map((parts): Record<string, string> => Object.assign({}, ...parts));

/** Claims in canonical order; their regions need not fit {@link SPACE}. */
export const claims: fc.Arbitrary<Claim> = fc.subarray(SPACE.map((p) => p.name), {
  minLength: 2,
  maxLength: 8,
})
  .chain((names) =>
    fc.tuple(
      fc.tuple(...names.sort().map(regionOf)),
      fc.constantFrom("worse" as const, "better" as const, "redundant" as const, "interacts" as const),
      fc.constantFrom("ndcg@10", "rr", "hit@1", "ndcg_exponential@5"),
      fc.constantFrom(undefined, 0.01, 1e-9),
      stratum,
    )
  ).map(([regions, sign, metric, threshold, stratum]) => ({
    regions,
    sign,
    metric,
    ...(threshold !== undefined && { threshold }),
    stratum,
  }));
