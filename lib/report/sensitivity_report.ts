/** Sensitivity as a report: what is dead, what moves the score alone, what only together. */
import * as Plot from "@observablehq/plot";
import type { SearchSpace } from "../records/space.ts";
import { toUnit } from "../records/space.ts";
import { type Power, powerText } from "../study/power_line.ts";
import type { SensitivityFacts } from "../study/sensitivity.ts";
import { type Figure, figure } from "./figure.ts";
import { CATEGORIES, NEUTRAL_RULE } from "./palette.ts";
import { type Block, listView, type Report } from "./report.ts";
import { table } from "./table.ts";

/** What the report is made from: `sensitivity.json`. */
export interface SensitivityReportFacts {
  readonly facts: SensitivityFacts;
  readonly space: SearchSpace;
  readonly power: readonly Power[];
  readonly provenance: Readonly<Record<string, string>>;
}

const four = (x: number) => x.toFixed(4);
const within = ({ low, high }: { low: number; high: number }) => `${four(low)} to ${four(high)}`;

/** Makes the report. */
export function sensitivityReport({ facts, space, power, provenance }: SensitivityReportFacts): Report {
  const { indices, fanova, pairs } = facts;
  return {
    title: "Sensitivity of the formula's parameters",
    lead: sensitivityAnswer(facts),
    sections: [
      {
        title: "Power first",
        blocks: [
          listView(powerText(power).split("\n")),
          `Along the curves below, changes of the mean under ${
            four(facts.detectable)
          } could be chance (half of the median 95 % interval over commits).`,
        ],
      },
      {
        title: "Live, dead and exactly redundant",
        blocks: [
          "Live: some value moves some commit. Dead: none of the values tried, from any of five base points, moves anything.",
          table(
            facts.live.toSorted((a, b) => b.largest_change - a.largest_change).map((p) => ({
              parameter: p.name,
              live: p.live ? "live" : "dead",
              "largest change": p.largest_change,
            })),
            { digits: 4 },
          ),
          ...invarianceBlocks(facts),
        ],
      },
      {
        title: "One at a time, around the defaults",
        blocks: [
          "What a curve shows holds at the defaults only; what needs two parameters to move is invisible to it.",
          curvesFigure(facts, space),
          table(
            facts.curves.toSorted((a, b) => b.swing - a.swing).map((curve) => {
              const at = curve.points.find((p) => p.x === curve.best)!;
              return {
                parameter: curve.name,
                swing: curve.swing,
                best: curve.best,
                "change there": at.change,
                "95 % interval": at.interval ? within(at.interval) : "",
              };
            }),
            { digits: 4 },
          ),
        ],
      },
      {
        title: "Sobol indices",
        blocks: [
          `Shares of the variance of nDCG@10 over the whole space (mean ${
            four(indices.mean)
          }, standard deviation ${
            four(Math.sqrt(indices.variance))
          }), ${indices.evaluations} evaluations. First order: alone. Total: with all its interactions.`,
          indicesFigure(facts),
          table(
            indices.parameters.toSorted((a, b) => b.total.value - a.total.value).map((p) => ({
              parameter: p.name,
              first: p.first.value,
              "95 %": within(p.first.interval),
              total: p.total.value,
              "total 95 %": within(p.total.interval),
            })),
            { digits: 4 },
          ),
          table(
            indices.pairs.toSorted((a, b) => Math.abs(b.second.value) - Math.abs(a.second.value)).slice(0, 12)
              .map(
                (p) => ({
                  pair: p.names.join(" & "),
                  second: p.second.value,
                  "95 %": within(p.second.interval),
                  "excludes 0": p.second.interval.low > 0 || p.second.interval.high < 0 ? "yes" : "no",
                }),
              ),
            {
              digits: 4,
              title: `The 12 largest of ${indices.pairs.length} second orders`,
              caption: `With ${indices.pairs.length} intervals at 95 %, about ${
                Math.round(indices.pairs.length * 0.05)
              } leave out 0 by chance.`,
            },
          ),
        ],
      },
      {
        title: "Functional ANOVA",
        blocks: [
          `A forest of ${fanova.trees} trees on ${fanova.rows} space-filling points foretells unseen points with R² ${
            fanova.r_squared.toFixed(2)
          }. Pairs are held against forests of an additive function with the same curves and noise.`,
          table(
            fanova.parameters.toSorted((a, b) => b.first.value - a.first.value).map((p) => ({
              parameter: p.name,
              share: p.first.value,
              "95 % over trees": within(p.first.interval),
            })),
            { digits: 4 },
          ),
          table(
            pairs.toSorted((a, b) => a.p_adjusted - b.p_adjusted || b.share - a.share).slice(0, 12).map((
              p,
            ) => ({
              pair: p.names.join(" & "),
              share: p.share,
              "95th percentile without interaction": p.null_high,
              p: p.p_value,
              "p (all pairs)": p.p_adjusted,
            })),
            { digits: 4, title: `The 12 clearest of ${pairs.length} pairs` },
          ),
        ],
      },
      {
        title: "Limits",
        blocks: [listView([
          "Parameters count as independent and uniform on their own scales over their whole bounds: another range gives other shares.",
          "Shares say how much varies, not whether the best point is found; a parameter of little share may still be worth setting.",
          "Measured on train cases of these repositories.",
        ])],
      },
    ],
    provenance,
  };
}

/** The answer in a sentence or two. */
export function sensitivityAnswer({ live, indices, pairs, invariances }: SensitivityFacts): string {
  const dead = live.filter((p) => !p.live).map((p) => p.name);
  const first = indices.parameters.toSorted((a, b) => b.total.value - a.total.value).slice(0, 3)
    .map((p) => `${p.name} (${(100 * p.total.value).toFixed(0)} %)`);
  const sure = pairs.filter((p) => p.p_adjusted <= 0.05);
  const broken = invariances.filter((i) => i.verdict === "broken");
  return `${live.length - dead.length} of ${live.length} parameters are live${
    dead.length > 0 ? `; dead: ${dead.join(", ")}` : ""
  }. Most of the variance has ${first.join(", ")} in it (total order). ${
    sure.length > 0
      ? `${sure.length} of ${pairs.length} pairs do more than a sum could show: ${
        sure.map((p) => p.names.join(" & ")).join(", ")
      }`
      : `None of ${pairs.length} pairs does more than a sum could show`
  }.${broken.length > 0 ? ` Broken invariance: ${broken.map((i) => i.name).join("; ")}.` : ""}`;
}

function invarianceBlocks({ invariances }: SensitivityFacts): Block[] {
  if (invariances.length === 0) return [];
  return [
    table(
      invariances.map((i) => ({
        invariance: i.name,
        verdict: i.verdict,
        compared: i.checked,
        broken: i.broken,
        "left the space": i.skipped,
      })),
      {
        title: "Exact invariances, case by case",
        caption: "One that holds takes a dimension off the search.",
      },
    ),
  ];
}

function curvesFigure({ curves, base }: SensitivityFacts, space: SearchSpace): Figure {
  const columns = 4, shown = curves.toSorted((a, b) => b.swing - a.swing);
  const rows = shown.flatMap((curve, i) => {
    const p = space.find((q) => q.name === curve.name)!;
    return curve.points.map((point) => ({
      fx: i % columns,
      fy: Math.floor(i / columns),
      u: toUnit(p, point.x),
      change: point.change,
      low: point.interval?.low ?? point.change,
      high: point.interval?.high ?? point.change,
      own: point.x === base[curve.name],
    }));
  });
  const labels = shown.map((curve, i) => ({
    name: curve.name,
    fx: i % columns,
    fy: Math.floor(i / columns),
  }));
  const top = shown[0];
  return figure({
    width: 780,
    height: 120 * Math.ceil(shown.length / columns) + 50,
    marginTop: 34,
    x: { label: "position in the range", domain: [0, 1], ticks: [0, 0.5, 1], tickFormat: String },
    y: {
      label: "change of nDCG@10",
      grid: true,
      ticks: 3,
      nice: true,
      domain: [Math.min(...rows.map((r) => r.low)), Math.max(...rows.map((r) => r.high))],
    },
    fx: { axis: null, padding: 0.15 },
    fy: { axis: null, padding: 0.25 },
    marks: [
      Plot.ruleY([0], { stroke: NEUTRAL_RULE }),
      Plot.areaY(rows, {
        x: "u",
        y1: "low",
        y2: "high",
        fx: "fx",
        fy: "fy",
        fill: CATEGORIES[0]!,
        fillOpacity: 0.18,
      }),
      Plot.line(rows, { x: "u", y: "change", fx: "fx", fy: "fy", stroke: CATEGORIES[0]! }),
      Plot.dot(rows.filter((r) => r.own), {
        x: "u",
        y: "change",
        fx: "fx",
        fy: "fy",
        fill: CATEGORIES[1]!,
        r: 3,
      }),
      Plot.text(labels, {
        fx: "fx",
        fy: "fy",
        text: "name",
        frameAnchor: "top-left",
        lineAnchor: "bottom",
        dy: -3,
      }),
    ],
  }, {
    alt: `Change of nDCG@10 along each parameter with the others at their defaults; ${
      top === undefined ? "none" : `${top.name} swings most, by ${top.swing.toFixed(3)}`
    }.`,
    caption: "Dot: the default. Band: 95 % interval over commits, paired with the defaults.",
  });
}

function indicesFigure({ indices }: SensitivityFacts): Figure {
  const order = indices.parameters.toSorted((a, b) => b.total.value - a.total.value);
  const rows = order.flatMap((p) => [
    { name: p.name, kind: "first", value: p.first.value, ...p.first.interval },
    { name: p.name, kind: "total", value: p.total.value, ...p.total.interval },
  ]);
  const dy = (kind: string) => kind === "first" ? -3 : 3;
  const of = (kind: string) => rows.filter((r) => r.kind === kind);
  return figure({
    marginLeft: 180,
    height: 24 * order.length + 60,
    x: { label: "share of the variance", grid: true, nice: true, inset: 8 },
    y: { label: null, domain: order.map((p) => p.name), tickSize: 0, tickPadding: 8 },
    color: { legend: true, domain: ["first", "total"] },
    marks: [
      Plot.ruleX([0], { stroke: NEUTRAL_RULE }),
      ...["first", "total"].flatMap((kind) => [
        Plot.ruleY(of(kind), { y: "name", x1: "low", x2: "high", stroke: "kind", dy: dy(kind) }),
        Plot.dot(of(kind), { y: "name", x: "value", fill: "kind", r: 3, dy: dy(kind) }),
      ]),
    ],
  }, {
    alt: `First- and total-order Sobol indices: ${
      order.slice(0, 5).map((p) => `${p.name} ${p.first.value.toFixed(2)} and ${p.total.value.toFixed(2)}`)
        .join(", ")
    }.`,
  });
}
