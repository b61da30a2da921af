/** Personalised PageRank on one layer of the snapshot. */
import type { LayerName } from "../records/snapshot.ts";
import { type Signal, WALK_COORDINATES } from "./signal.ts";

export default {
  kind: "walk",
  name: "pagerank",
  description:
    "stationary probability of a walk that restarts at the seed, chat files and shallow files; the spec's base score",
  layer: "Global",
  coordinates: WALK_COORDINATES,
  choices: {
    layer: ["references", "references_idf", "imports", "cochange", "semantic"],
    direction: ["directed", "undirected"],
  },
  layers: (
    choice,
  ) => [{ layer: choice["layer"] as LayerName, undirected: choice["direction"] === "undirected" }],
} satisfies Signal;
