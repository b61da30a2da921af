/** BM25 between the seed and a file. */
import { DENSE_LEVELS } from "../records/snapshot.ts";
import { bend, BENT, GAMMA, type Signal } from "./signal.ts";

export default {
  kind: "elementwise",
  name: "text_similarity",
  description:
    "BM25 of the seed's most telling identifier words, or of its path words, against a file; 1 for the best file",
  layer: "Extension",
  scope: "query",
  coordinates: [GAMMA],
  choices: { of: ["identifiers", "paths"] },
  feature: ({ query }, choice) => ({
    kind: "codes",
    scale: DENSE_LEVELS,
    codes: choice["of"] === "paths" ? query.dense.bm25_paths : query.dense.bm25_identifiers,
  }),
  value: bend,
  shape: BENT,
} satisfies Signal;
