/** Whether a file has the seed's extension. */
import type { Signal } from "./signal.ts";

export default {
  kind: "elementwise",
  name: "same_kind",
  description: "1 for a file with the seed's extension, else 0",
  layer: "Extension",
  scope: "query",
  coordinates: [],
  feature: ({ snapshot, query }) => {
    const extension = (path: string) => path.slice(path.lastIndexOf(".") + 1);
    const own = extension(snapshot.files[query.seed]!);
    return {
      kind: "codes",
      codes: Uint8Array.from(snapshot.files, (file) => extension(file) === own ? 1 : 0),
    };
  },
  value: (x) => x,
} satisfies Signal;
