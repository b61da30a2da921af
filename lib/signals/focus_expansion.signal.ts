/** Nearness to the seed in the reference graph. */
import { coordinate, type Signal } from "./signal.ts";

/** 0 beyond the radius and for the unreached, so a boost of it can raise a neighbour and never lower one. */
export default {
  kind: "elementwise",
  name: "focus_expansion",
  description:
    "decay to the power of the hops from the seed in the undirected reference graph, 0 beyond max_hops",
  layer: "Expansion",
  scope: "query",
  coordinates: [
    coordinate("decay", "factor a hop", { default: 0.5, low: 0.05, high: 0.95 }),
    coordinate("max_hops", "radius, in hops", { default: 2, low: 1, high: 5, integer: true }),
  ],
  feature: ({ query }) => ({ kind: "codes", codes: query.hops }),
  value: (hops, at) => hops < 1 || hops > at["max_hops"]! ? 0 : Math.pow(at["decay"]!, hops),
  shape: { monotone: true },
} satisfies Signal;
