/** A test and its source. */
import type { Signal } from "./signal.ts";

export default {
  kind: "elementwise",
  name: "test_pair",
  description: "1 where one of seed and file is a test and their names share a stem, else 0",
  layer: "Extension",
  scope: "query",
  coordinates: [],
  feature: ({ query }) => ({ kind: "sparse", ...query.sparse.test_pair }),
  value: (x) => x > 0 ? 1 : 0,
} satisfies Signal;
