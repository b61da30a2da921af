/** How often a file changed together with the seed, as of the parent. */
import type { SparseName } from "../records/snapshot.ts";
import { bend, BENT, GAMMA, type Signal } from "./signal.ts";

export default {
  kind: "elementwise",
  name: "coupling",
  description:
    "co-change with the seed in [0, 1]: Jaccard, confidence (ROSE), or Jaccard decayed over so many commits",
  layer: "Medium-range",
  scope: "query",
  coordinates: [GAMMA],
  choices: { measure: ["jaccard_500", "jaccard", "confidence", "decayed_50", "decayed_200", "decayed_800"] },
  feature: ({ query }, choice) => ({ kind: "sparse", ...query.sparse[choice["measure"] as SparseName] }),
  value: bend,
  shape: BENT,
} satisfies Signal;
