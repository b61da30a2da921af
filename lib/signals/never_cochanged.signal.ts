/** Whether history says nothing of a file and the seed together. */
import type { Signal } from "./signal.ts";

/** As a factor it strikes what is known, which is how a search aims at never-co-changed pairs alone. */
export default {
  kind: "elementwise",
  name: "never_cochanged",
  description: "1 for a file that has never changed together with the seed, in the whole ancestry, else 0",
  layer: "Extension",
  scope: "query",
  coordinates: [],
  feature: ({ query }) => ({ kind: "sparse", ...query.sparse.jaccard }),
  value: (x) => x > 0 ? 0 : 1,
  shape: { monotone: true, feature: "falling" },
} satisfies Signal;
