/** How often the seed changed together with a file's folder. */
import type { SparseName } from "../records/snapshot.ts";
import { bend, BENT, GAMMA, type Signal } from "./signal.ts";

const folderOf = (path: string) => path.slice(0, path.lastIndexOf("/") + 1);

/** The file itself is left out, so that the signal says something of files that never changed with the seed, and nothing twice of others. */
export default {
  kind: "elementwise",
  name: "folder_coupling",
  description:
    "co-change of the seed with the other files of the file's folder: their sum relative to the largest, or their mean, in [0, 1]",
  layer: "Extension",
  scope: "query",
  coordinates: [GAMMA],
  choices: { over: ["sum", "mean"], measure: ["decayed_200", "confidence"] },
  feature: ({ snapshot, query }, choice) => {
    const { files } = snapshot, { index, values } = query.sparse[choice["measure"] as SparseName];
    const own = new Float64Array(files.length),
      sums = new Map<string, number>(),
      sizes = new Map<string, number>();
    index.forEach((file, k) => own[file] = values[k]!);
    const folders = files.map(folderOf);
    folders.forEach((folder, i) => {
      if (i === query.seed) return;
      sums.set(folder, (sums.get(folder) ?? 0) + own[i]!);
      sizes.set(folder, (sizes.get(folder) ?? 0) + 1);
    });
    const raw = folders.map((folder, i) => {
      if (i === query.seed) return 0;
      const others = Math.max(0, sums.get(folder)! - own[i]!), n = sizes.get(folder)! - 1;
      return choice["over"] === "mean" ? (n > 0 ? others / n : 0) : others;
    });
    const most = choice["over"] === "mean" ? 1 : raw.reduce((m, v) => Math.max(m, v), 0);
    const kept = raw.flatMap((v, i) => v > 0 ? [i] : []);
    return {
      kind: "sparse",
      index: Uint32Array.from(kept),
      values: Float32Array.from(kept, (i) => Math.min(1, raw[i]! / most)),
    };
  },
  value: bend,
  shape: BENT,
} satisfies Signal;
