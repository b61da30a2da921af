/** Whether a file defines a name the message uses. */
import type { Signal } from "./signal.ts";

export default {
  kind: "elementwise",
  name: "mentioned_identifier",
  description: "1 for a file that defines a name the message uses, exactly and with its case, else 0",
  layer: "Short-range",
  scope: "query",
  needs: "message",
  coordinates: [],
  feature: ({ query }) => ({ kind: "sparse", ...query.sparse.message_identifiers }),
  value: (x) => x > 0 ? 1 : 0,
} satisfies Signal;
