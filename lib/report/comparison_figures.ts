/** Figures of a comparison: curves over the budget, gains at the primary one, profiles. */
import * as Plot from "@observablehq/plot";
import type { Split } from "../records/case.ts";
import type { Comparison } from "../study/comparison.ts";
import { type Figure, figure } from "./figure.ts";
import { CATEGORIES, NEUTRAL_RULE } from "./palette.ts";

const signed = (x: number) => `${x >= 0 ? "+" : "−"}${Math.abs(x).toFixed(3)}`;

/** One panel an arm, its own curve over those of all others. */
export function curveFigure(c: Comparison, split: Split, arms: readonly string[]): Figure {
  const columns = 4, own = c.curves.filter((p) => p.split === split);
  const place = (arm: string) => ({
    fx: arms.indexOf(arm) % columns,
    fy: Math.floor(arms.indexOf(arm) / columns),
  });
  const rows = own.map((p) => ({
    ...place(p.arm),
    arm: p.arm,
    n: p.checkpoint,
    value: p.score.estimate,
    low: p.score.low,
    high: p.score.high,
  }));
  const behind = arms.flatMap((arm) => rows.map((r) => ({ ...r, ...place(arm) })));
  const best = rows.filter((r) => r.n === c.registration.budget).reduce((a, b) => b.value > a.value ? b : a);
  return figure({
    width: 780,
    height: 160 * Math.ceil(arms.length / columns) + 50,
    marginTop: 34,
    x: {
      type: "log",
      label: "evaluations of all train cases",
      insetLeft: 4,
      insetRight: 10,
      ticks: [2, 12, 40, 400].filter((n) => n <= c.registration.budget),
      tickFormat: "d",
    },
    y: {
      label: `nDCG@10 on ${split} cases`,
      grid: true,
      ticks: 4,
      nice: true,
      domain: [Math.min(...rows.map((r) => r.low)), Math.max(...rows.map((r) => r.high))],
    },
    fx: { axis: null, padding: 0.12 },
    fy: { axis: null, padding: 0.22 },
    marks: [
      Plot.line(behind, {
        x: "n",
        y: "value",
        z: "arm",
        fx: "fx",
        fy: "fy",
        stroke: NEUTRAL_RULE,
        strokeWidth: 0.7,
      }),
      Plot.areaY(rows, {
        x: "n",
        y1: "low",
        y2: "high",
        z: "arm",
        fx: "fx",
        fy: "fy",
        fill: CATEGORIES[0]!,
        fillOpacity: 0.15,
      }),
      Plot.line(rows, {
        x: "n",
        y: "value",
        z: "arm",
        fx: "fx",
        fy: "fy",
        stroke: CATEGORIES[0]!,
        strokeWidth: 2,
      }),
      Plot.text(arms.map((arm) => ({ arm, ...place(arm) })), {
        fx: "fx",
        fy: "fy",
        text: "arm",
        frameAnchor: "top-left",
        lineAnchor: "bottom",
        dy: -4,
        fontWeight: 600,
      }),
    ],
  }, {
    alt:
      `nDCG@10 on ${split} cases over evaluations, one panel an arm; after ${c.registration.budget} evaluations ${best.arm} is highest with ${
        best.value.toFixed(3)
      }.`,
    title: "What each arm has found after so many evaluations",
    caption: "Blue: the arm, with its 95 % interval over commits and seeds. Grey: all other arms.",
  });
}

/** Gains over the defaults at the primary budget, with their intervals. */
export function gainFigure(c: Comparison, split: Split, arms: readonly string[]): Figure {
  const { primary_budget: primary } = c.registration;
  const rows = c.curves.filter((p) => p.split === split && p.checkpoint === primary).map((p) => ({
    arm: p.arm,
    gain: p.gain.estimate,
    low: p.gain.low,
    high: p.gain.high,
  }));
  return figure({
    marginLeft: 130,
    height: 22 * rows.length + 50,
    x: { label: "gain over the defaults", grid: true },
    y: { label: null, domain: [...arms] },
    marks: [
      Plot.ruleX([0], { stroke: NEUTRAL_RULE }),
      Plot.ruleY(rows, { y: "arm", x1: "low", x2: "high", stroke: CATEGORIES[0]!, strokeWidth: 2 }),
      Plot.dot(rows, { y: "arm", x: "gain", r: 4, fill: CATEGORIES[0]! }),
    ],
  }, {
    alt: `Gain in nDCG@10 over the defaults on ${split} cases at ${primary} evaluations: ${
      rows.map((r) => `${r.arm} ${signed(r.gain)}`).join(", ")
    }.`,
    caption: `At ${primary} evaluations, mean over seeds with its 95 % interval over commits and seeds.`,
  });
}

/** Performance profiles of some arms. */
export function profileFigure(c: Comparison, arms: readonly string[]): Figure {
  const lines = c.robust.filter((r) => arms.includes(r.arm)).flatMap((r) =>
    r.profile.map((share, i) => ({ arm: r.arm, share, threshold: c.thresholds[i]! }))
  );
  return figure({
    height: 280,
    x: { label: "gain over the defaults", grid: true },
    y: { label: "share of runs with at least that gain", grid: true, domain: [0, 1] },
    color: { legend: true, domain: [...arms] },
    marks: [
      Plot.ruleX([0], { stroke: NEUTRAL_RULE }),
      Plot.line(lines, {
        x: "threshold",
        y: "share",
        stroke: "arm",
        strokeWidth: 1.6,
      }),
    ],
  }, {
    alt:
      `Performance profiles of the arms with the highest interquartile mean at ${c.registration.primary_budget} evaluations: ${
        [...arms].join(", ")
      }.`,
    title: "How often a run gains how much",
    caption: "A curve further to the right is better at every level of luck.",
  });
}
