/** Nearness in the folder tree. */
import { DENSE_LEVELS } from "../records/snapshot.ts";
import { bend, BENT, GAMMA, type Signal } from "./signal.ts";

export default {
  kind: "elementwise",
  name: "path_proximity",
  description: "(1 + shared leading folders) / (1 + folders of the deeper path): 1 in the seed's own folder",
  layer: "Extension",
  scope: "query",
  coordinates: [GAMMA],
  feature: ({ query }) => ({ kind: "codes", codes: query.dense.path_proximity, scale: DENSE_LEVELS }),
  value: bend,
  shape: BENT,
} satisfies Signal;
