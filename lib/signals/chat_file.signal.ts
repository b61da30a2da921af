/** Whether the author touched a file earlier in the same session. */
import type { Signal } from "./signal.ts";

export default {
  kind: "elementwise",
  name: "chat_file",
  description: "1 for a file the same author touched earlier in the same working session, else 0",
  layer: "Short-range",
  scope: "query",
  coordinates: [],
  feature: ({ query }) => ({ kind: "sparse", ...query.sparse.chat }),
  value: (x) => x > 0 ? 1 : 0,
} satisfies Signal;
