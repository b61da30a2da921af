/** BM25 between the message and a file. */
import { DENSE_LEVELS } from "../records/snapshot.ts";
import { bend, BENT, GAMMA, type Signal } from "./signal.ts";

export default {
  kind: "elementwise",
  name: "message_similarity",
  description:
    "BM25 of the message's words against a file's path words or identifier words; 1 for the best file",
  layer: "Extension",
  scope: "query",
  needs: "message",
  coordinates: [GAMMA],
  choices: { of: ["paths", "identifiers"] },
  feature: ({ query }, choice) => ({
    kind: "codes",
    scale: DENSE_LEVELS,
    codes: choice["of"] === "paths" ? query.dense.message_bm25_paths : query.dense.message_bm25_identifiers,
  }),
  value: bend,
  shape: BENT,
} satisfies Signal;
