/** How often a file changed lately, without a threshold. */
import { bend, BENT, GAMMA, type Signal } from "./signal.ts";

export default {
  kind: "elementwise",
  name: "popularity",
  description: "ln(1 + commits among the last 500) / ln(501), in [0, 1]",
  layer: "Extension",
  scope: "snapshot",
  coordinates: [GAMMA],
  feature: ({ snapshot }) => ({ kind: "codes", codes: snapshot.churn }),
  value: (commits, at) => bend(Math.min(1, Math.log1p(commits) / Math.log(501)), at),
  shape: BENT,
} satisfies Signal;
