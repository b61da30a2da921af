/** How many files use a file. */
import { DENSE_LEVELS } from "../records/snapshot.ts";
import { bend, BENT, GAMMA, type Signal } from "./signal.ts";

export default {
  kind: "elementwise",
  name: "hub",
  description:
    "ln(1 + files that refer to it) / ln(1 + files), in [0, 1]: near 1 for a hub; damp it with a negative exponent",
  layer: "Extension",
  scope: "snapshot",
  coordinates: [GAMMA],
  feature: ({ snapshot }) => {
    const degree = new Uint32Array(snapshot.files.length);
    for (const target of snapshot.layers.references.targets) degree[target]!++;
    const scale = Math.log1p(snapshot.files.length);
    return {
      kind: "codes",
      scale: DENSE_LEVELS,
      codes: Uint16Array.from(degree, (d) => Math.round(DENSE_LEVELS * Math.log1p(d) / scale)),
    };
  },
  value: bend,
  shape: BENT,
} satisfies Signal;
