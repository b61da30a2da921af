/** Verdicts on interaction claims as a report: what was said, what was found, what could have been seen. */
import * as Plot from "@observablehq/plot";
import type { Hypothesis } from "../records/hypothesis.ts";
import type { Heatmap } from "../sensitivity/heatmap.ts";
import { type HypothesisTest, smallButReal } from "../study/hypotheses.ts";
import { type Power, powerText } from "../study/power_line.ts";
import { type Figure, figure } from "./figure.ts";
import { inkOn, NEUTRAL_RULE } from "./palette.ts";
import { type Block, listView, type Report } from "./report.ts";
import { table } from "./table.ts";

/** One claim with its test. */
export interface TestedClaim {
  readonly hypothesis: Hypothesis;
  readonly test: HypothesisTest;
  /** Holm's p over all claims of the report */
  readonly p_holm: number;
  /** The two parameters on a grid, the others at their defaults, on train; absent for claims on more, and where nothing was tested */
  readonly map?: Heatmap | undefined;
}

/** What the report is made from. */
export interface HypothesisReportFacts {
  readonly claims: readonly TestedClaim[];
  readonly power: readonly Power[];
  readonly provenance: Readonly<Record<string, string>>;
}

const signed = (x: number) => `${x >= 0 ? "+" : "−"}${Math.abs(x).toFixed(4)}`;

/** Makes the report. */
export function hypothesisReport({ claims, power, provenance }: HypothesisReportFacts): Report {
  return {
    title: "Interaction claims and their verdicts",
    lead: hypothesisAnswer(claims.map((c) => c.test)),
    sections: [
      {
        title: "Power first",
        blocks: [
          listView(powerText(power).split("\n")),
          table(
            claims.map(({ test }) => ({
              claim: test.text,
              margin: test.margin,
              "smallest effect it could have seen": test.minimal_detectable_effect,
            })),
            { digits: 4 },
          ),
        ],
      },
      {
        title: "Verdicts",
        blocks: [
          "Every claim stood in the registry before it was tested. Surplus: what the parameters do together beyond the sum of what each does " +
          "alone. Discovery on train cases, replication on cases of later commits; supported needs both, refuted rules out every effect " +
          "of the claimed sign that reaches the margin.",
          table(
            claims.map(({ test, hypothesis, p_holm }) => ({
              claim: test.text,
              "said by": hypothesis.source,
              verdict: test.verdict,
              ...Object.fromEntries(
                test.found.map((f) => [
                  `surplus on ${f.split}`,
                  `${signed(f.surplus.value)} [${signed(f.surplus.interval.low)}, ${
                    signed(f.surplus.interval.high)
                  }]`,
                ]),
              ),
              "p (Holm)": p_holm,
              why: test.reason,
            })),
            { digits: 4 },
          ),
          ...(claims.some((c) => c.test.found.length > 0) ? [surplusFigure(claims)] : []),
        ],
      },
      ...claims.map((claim) => ({ title: claim.test.text, blocks: claimBlocks(claim) })),
    ],
    provenance,
  };
}

/** The answer in one sentence. Claims that share the commonest verdict are counted, the others named. */
export function hypothesisAnswer(tests: readonly HypothesisTest[]): string {
  const margins = [...new Set(tests.map((t) => t.margin))].sort((a, b) => a - b).join(" or ");
  const groups = (["supported", "refuted", "undetermined"] as const).map((verdict) => ({
    verdict,
    found: tests.filter((t) => t.verdict === verdict),
  }));
  const most = Math.max(...groups.map(({ found }) => found.length));
  const parts = groups.map(({ verdict, found }) =>
    found.length === 0 || found.length === most && most > 1
      ? `${found.length} ${verdict}`
      : `${found.length} ${verdict} (${found.map((t) => t.text).join("; ")})`
  );
  return `Of ${tests.length} ${
    tests.length === 1 ? "claim" : "claims"
  }, held to an effect of ${margins} in the metric: ${parts.join(", ")}.`;
}

function claimBlocks({ hypothesis, test, map }: TestedClaim): Block[] {
  const cells = test.found.map((f) => ({
    split: f.split,
    cases: f.n_cases,
    commits: f.n_commits,
    repositories: f.repositories.length,
    none: f.cells.none,
    ...Object.fromEntries(hypothesis.parameters.map((name, k) => [`only ${name}`, f.cells.alone[k]!])),
    all: f.cells.all,
    singles: `${signed(f.singles.value)} [${signed(f.singles.interval.low)}, ${
      signed(f.singles.interval.high)
    }]`,
  }));
  return [
    `${test.verdict}: ${test.reason}.`,
    ...(smallButReal(test) === undefined ? [] : [`${smallButReal(test)}.`]),
    ...(hypothesis.note === null ? [] : [`Why it is said: ${hypothesis.note}`]),
    ...(cells.length === 0 ? [] : [
      table(cells, {
        digits: 4,
        title: "Mean nDCG@10 with nobody, each alone, and all in the claim's region",
      }),
      listView(test.found.map((f) => `${f.split}: ${f.reason}`)),
    ]),
    ...(map === undefined ? [] : [mapFigure(map)]),
  ];
}

function surplusFigure(claims: readonly TestedClaim[]): Figure {
  const rows = claims.flatMap(({ test }, i) =>
    test.found.map((f, k) => ({
      claim: test.text,
      split: f.split,
      value: f.surplus.value,
      ...f.surplus.interval,
      dy: (k - (test.found.length - 1) / 2) * 7,
      margin: test.margin,
      i,
    }))
  );
  const margin = Math.min(...rows.map((r) => r.margin));
  const offsets = [...new Set(rows.map((r) => r.dy))];
  return figure({
    width: 760,
    marginLeft: 220,
    height: 64 * new Set(rows.map((r) => r.claim)).size + 70,
    x: { label: "surplus in nDCG@10", grid: true, nice: true, inset: 8 },
    y: { label: null, axis: null, domain: [...new Set(rows.map((r) => r.claim))] },
    color: { legend: true, domain: [...new Set(rows.map((r) => r.split))] },
    marks: [
      Plot.axisY({ label: null, tickFormat: broken, tickSize: 0, tickPadding: 8, lineHeight: 1.25 }),
      Plot.ruleX([-margin, margin], { stroke: NEUTRAL_RULE, strokeDasharray: "3,3" }),
      Plot.ruleX([0], { stroke: NEUTRAL_RULE }),
      ...offsets.flatMap((dy) => {
        const own = rows.filter((r) => r.dy === dy);
        return [
          Plot.ruleY(own, { y: "claim", x1: "low", x2: "high", stroke: "split", strokeWidth: 2, dy }),
          Plot.dot(own, { y: "claim", x: "value", fill: "split", r: 4, dy }),
        ];
      }),
    ],
  }, {
    alt: `Surplus of each claim with its 95 % interval: ${
      rows.map((r) => `${r.claim} on ${r.split} ${signed(r.value)}`).join("; ")
    }.`,
    caption: "Dashed: the margin, the smallest effect worth a name.",
  });
}

function mapFigure({ x, y, xs, ys, rows, best, base }: Heatmap): Figure {
  return figure({
    width: 520,
    height: 300,
    marginTop: 8,
    marginLeft: 70,
    marginBottom: 50,
    x: { type: "band", label: x, domain: [...xs], tickFormat: short, tickRotate: -40 },
    y: { type: "band", label: y, domain: [...ys].reverse(), tickFormat: short },
    color: { legend: true, label: "nDCG@10", type: "linear" },
    marks: [
      Plot.cell(rows, { x: "x", y: "y", fill: "value" }),
      Plot.text([{ x: base[x], y: base[y] }], {
        x: "x",
        y: "y",
        text: () => "default",
        fontSize: 9,
        fill: inkOn("#8a8a80"),
      }),
      Plot.text([best], {
        x: "x",
        y: "y",
        text: () => "best",
        fontSize: 9,
        fontWeight: 700,
        fill: inkOn("#e3bc3c"),
      }),
    ],
  }, {
    alt: `nDCG@10 on train over ${x} and ${y}, the others at their defaults; highest at ${
      short(best.x)
    } and ${short(best.y)} with ${best.value.toFixed(3)}.`,
  });
}

/** A claim on three lines: it is longer than any margin. */
const broken = (claim: string) => claim.replaceAll(" & ", " &\n").replace(" => ", "\n=> ");

const short = (value: number) => String(Number(value.toPrecision(3)));
