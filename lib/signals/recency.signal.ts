/** How lately a file was touched. */
import { NEVER_DAYS } from "../records/snapshot.ts";
import { coordinate, type Signal } from "./signal.ts";

/** Half-lives after which 2^-x is 0 in double precision: the smallest number above 0 is 2^-1074. */
const VANISHED = 1080;

/** Days of which the powers are made one by one; ages are whole days. */
const STEP = 64;

/** The spec's table says half-life; ripmap's code uses e^(-days / decay). We follow the spec: one half-life halves it. */
export default {
  kind: "elementwise",
  name: "recency",
  description:
    "2^(-days / half_life) since the last touching commit, in [0, 1]; option author: since the same author's",
  layer: "Temporal",
  scope: "snapshot",
  coordinates: [
    coordinate("half_life", "days in which recency halves", {
      default: 30,
      low: 0.5,
      high: 365,
      scale: "log",
    }),
  ],
  choices: { by: ["anyone", "author"] },
  feature: ({ snapshot }, choice) => ({
    kind: "codes",
    codes: choice["by"] === "author" ? snapshot.author_days : snapshot.days,
  }),
  // A power that underflows takes ten times as long as one that does not, and look-up tables ask for days nobody lived to see.
  value: (days, at) =>
    days >= NEVER_DAYS || days > VANISHED * at["half_life"]! ? 0 : Math.pow(2, -days / at["half_life"]!),
  // 2^-(64 b + r)/h is a product of two powers, and there are few of either.
  values: (days, at, into) => {
    const halfLife = at["half_life"]!, last = Math.min(NEVER_DAYS - 1, VANISHED * halfLife);
    const rest = Float64Array.from({ length: STEP }, (_, r) => Math.pow(2, -r / halfLife));
    let block = -1, power = 0;
    for (let i = 0; i < days.length; i++) {
      const own = days[i]!, steps = Math.floor(own / STEP);
      if (steps !== block) [block, power] = [steps, Math.pow(2, -STEP * steps / halfLife)];
      into[i] = own > last ? 0 : power * rest[own - STEP * steps]!;
    }
  },
  shape: { monotone: true, feature: "falling" },
} satisfies Signal;
