/** How often a file changed lately, above a threshold. */
import { coordinate, type Signal } from "./signal.ts";

/** ripmap divides by 5 and lets the boost grow past its "max"; the spec calls it a maximum, so here it is one. */
export default {
  kind: "elementwise",
  name: "churn",
  description: "ln(1 + max(0, commits - threshold)) / 5 over the last 500 commits, at most 1",
  layer: "Temporal",
  scope: "snapshot",
  coordinates: [
    coordinate("threshold", "commits before a file counts as busy", { default: 10, low: 0, high: 100 }),
  ],
  feature: ({ snapshot }) => ({ kind: "codes", codes: snapshot.churn }),
  value: (commits, at) => Math.min(1, Math.log1p(Math.max(0, commits - at["threshold"]!)) / 5),
  shape: { monotone: true, feature: "rising" },
} satisfies Signal;
