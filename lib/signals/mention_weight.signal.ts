/** How strongly a message points at a file, rare names counting more. */
import { bend, BENT, GAMMA, type Signal } from "./signal.ts";

export default {
  kind: "elementwise",
  name: "mention_weight",
  description:
    "sum over names of the message that the file defines of 1 / definers, at most 1; or the strength of a file mention",
  layer: "Extension",
  scope: "query",
  needs: "message",
  coordinates: [GAMMA],
  choices: { of: ["identifiers", "files"] },
  feature: ({ query }, choice) => ({
    kind: "sparse",
    ...(choice["of"] === "files" ? query.sparse.message_files : query.sparse.message_identifiers),
  }),
  value: (x, at) => bend(Math.min(1, x), at),
  shape: BENT,
} satisfies Signal;
