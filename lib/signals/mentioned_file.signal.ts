/** Whether the message names a file. */
import type { Signal } from "./signal.ts";

export default {
  kind: "elementwise",
  name: "mentioned_file",
  description: "1 for a file the message names by path, file name or stem, else 0",
  layer: "Short-range",
  scope: "query",
  needs: "message",
  coordinates: [],
  feature: ({ query }) => ({ kind: "sparse", ...query.sparse.message_files }),
  value: (x) => x > 0 ? 1 : 0,
} satisfies Signal;
