/** Which sentences the numbers allow: each claim with the condition it has to meet, and what was found. */
import { randomStream } from "../base/random.ts";
import type { Split } from "../records/case.ts";
import type { ArmTest } from "./arm_tests.ts";
import { isCandidateReasoner } from "./arms.ts";
import { REFERENCE_ARMS } from "./preregistration.ts";
import type { Comparison } from "./comparison.ts";
import { incumbentAt } from "./curves.ts";
import type { ArmRuns } from "./seed_tables.ts";

/** One row of the decision table. */
export interface Decision {
  readonly claim: string;
  readonly only_if: string;
  /** "not tested" where the evidence was not made */
  readonly answer: "allowed" | "not allowed" | "not tested";
  readonly why: string;
}

/** How many times fewer evaluations a reasoner needed than the reference for the same train score. */
export interface SpeedUp {
  readonly arm: string;
  /** θ-evaluations at which the reasoner's score is taken */
  readonly at: number;
  /** Ratio with its interval over seeds; the reference's evaluations count as its whole budget + 1 where it never gets there */
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
  /** Share of resamples in which the reference never got there */
  readonly never: number;
}

/** What other stages of the study found, for the rows that a comparison alone cannot answer. */
export interface OtherEvidence {
  /** Claims on interactions: tested ones and supported ones */
  readonly hypotheses?: { readonly tested: number; readonly supported: readonly string[] };
}

const number = (x: number) => `${x >= 0 ? "+" : ""}${x.toFixed(4)}`;
const interval = ({ low, high }: { low: number; high: number }) => `[${number(low)}, ${number(high)}]`;

/** Fills in the decision table. Source: the reference on optimisers, §7.3. */
export function decide(
  comparison: Comparison,
  detectable: Readonly<Partial<Record<Split, number | null>>>,
  speedUps: readonly SpeedUp[] = [],
  other: OtherEvidence = {},
): Decision[] {
  return [
    tuningHelped(comparison, detectable),
    reasoningHelped(comparison),
    reasoningBeatsClassical(comparison, speedUps),
    interactions(other),
    {
      claim: "This heuristic works",
      only_if: "its ablation gains on repositories that were not used to write it",
      answer: "not tested",
      why: "no heuristic enters this comparison: see deno task distill",
    },
    {
      claim: "This needs a change of structure",
      only_if: "tuning provably cannot do it and the edited formula wins on the lockbox",
      answer: "not tested",
      why: "arms move parameters only: see deno task structure and deno task formula",
    },
  ];
}

function tuningHelped(
  { curves, registration, splits }: Comparison,
  detectable: Readonly<Partial<Record<Split, number | null>>>,
): Decision {
  const row = {
    claim: "Tuning helped",
    only_if:
      "on lockbox repositories the gain over the defaults excludes 0 and reaches what the cases can detect",
  };
  const split = splits.some((s) => s.split === "lockbox") ? "lockbox" : undefined;
  const best = curves.filter((c) => c.split === "test" && c.checkpoint === registration.budget)
    .reduce<typeof curves[number] | undefined>(
      (a, b) => a === undefined || b.train > a.train ? b : a,
      undefined,
    );
  if (split === undefined || best === undefined) {
    return { ...row, answer: "not tested", why: "this study has no lockbox repository" };
  }
  const { gain } = curves.find((c) =>
    c.split === split && c.arm === best.arm && c.checkpoint === registration.budget
  )!;
  const floor = detectable[split] ?? Infinity;
  return {
    ...row,
    answer: gain.low > 0 && gain.estimate >= floor ? "allowed" : "not allowed",
    why: `${best.arm}, best on train after ${registration.budget} evaluations: ${number(gain.estimate)} ${
      interval(gain)
    }; detectable ${floor === Infinity ? "nothing" : floor.toFixed(4)}`,
  };
}

function reasoningHelped({ pairs, registration }: Comparison): Decision {
  const row = {
    claim: "Reasoning helped",
    only_if:
      "it beats itself without history and itself with permuted evidence at equal budget, both intervals excluding 0",
  };
  const own = pairs.filter((p) => p.split === "test" && p.arm === "analyst");
  if (own.length < 2) {
    return { ...row, answer: "not tested", why: "the analyst or one of its two controls did not run" };
  }
  return {
    ...row,
    answer: own.every((p) => p.difference.low > 0) ? "allowed" : "not allowed",
    why: `at ${registration.primary_budget} evaluations: ${
      own.map((p) => `analyst less ${p.against} ${number(p.difference.estimate)} ${interval(p.difference)}`)
        .join("; ")
    }`,
  };
}

function reasoningBeatsClassical(
  { tests, reference, registration }: Comparison,
  speedUps: readonly SpeedUp[],
): Decision {
  const row = {
    claim: "Reasoning beats classical search",
    only_if: `it beats the best of ${
      registration.reference_among.join(", ")
    } at ${registration.primary_budget} evaluations`,
  };
  if (!REFERENCE_ARMS.includes(reference)) {
    return {
      ...row,
      answer: "not tested",
      why: `none of ${REFERENCE_ARMS.join(", ")} ran: ${reference} is no stand-in`,
    };
  }
  const own = tests.filter((t) => t.split === "test" && isCandidateReasoner(t.arm));
  if (own.length === 0) return { ...row, answer: "not tested", why: "no reasoner ran" };
  const winners = own.filter((t) => t.verdict === "better");
  const say = (t: ArmTest) =>
    `${t.arm} ${number(t.difference.estimate)} ${interval(t.difference)}, Holm p ${t.p_holm.toPrecision(2)}`;
  const faster = speedUps.filter((s) => s.ratio > 1).map((s) =>
    `${s.arm} at ${s.at} evaluations stands where ${reference} stands after ${
      s.ratio.toFixed(1)
    } times as many [${s.low.toFixed(1)}, ${s.high.toFixed(1)}]${
      s.never > 0.025 ? " or never" : ""
    } (train, over seeds)`
  );
  return {
    ...row,
    answer: winners.length > 0 ? "allowed" : "not allowed",
    why: [`against ${reference}: ${own.map(say).join("; ")}`, ...faster].join(". "),
  };
}

function interactions({ hypotheses }: OtherEvidence): Decision {
  const row = {
    claim: "X interacts with Y",
    only_if: "the joint effect excludes 0 on a space-filling design and replicates on held-out cases",
  };
  if (hypotheses === undefined || hypotheses.tested === 0) {
    return {
      ...row,
      answer: "not tested",
      why: "no claim was tested in this study: see deno task hypothesis",
    };
  }
  const { tested, supported } = hypotheses;
  return {
    ...row,
    answer: supported.length > 0 ? "allowed" : "not allowed",
    why: supported.length > 0
      ? `of ${tested} claims tested: ${supported.join("; ")}`
      : `none of ${tested} claims tested was supported`,
  };
}

/**
 * How much longer the reference needed on train to reach what a reasoner had at a checkpoint, seeds resampled for each.
 *
 * @returns undefined when either arm is missing
 */
export function speedUp(
  arms: readonly ArmRuns[],
  options: {
    readonly arm: string;
    readonly reference: string;
    readonly at: number;
    readonly budget: number;
    readonly seed: number;
    readonly resamples?: number;
  },
): SpeedUp | undefined {
  const { at, budget, resamples = 1000 } = options;
  const find = (name: string) => arms.find(({ arm }) => arm === name)?.runs;
  const own = find(options.arm), other = find(options.reference);
  if (own === undefined || other === undefined || own.length === 0 || other.length === 0) return undefined;
  const scores = own.map(({ trials }) => incumbentAt(trials, at)?.value ?? -Infinity);
  const curves = other.map(({ trials }) => {
    const curve = new Float64Array(budget + 1).fill(-Infinity);
    for (const { value, spent } of trials) {
      if (value !== null && spent.theta_evaluations <= budget) {
        curve[spent.theta_evaluations] = Math.max(curve[spent.theta_evaluations]!, value);
      }
    }
    for (let i = 1; i <= budget; i++) curve[i] = Math.max(curve[i]!, curve[i - 1]!);
    return curve;
  });
  const needed = (a: readonly number[], b: readonly number[]): number => {
    const target = a.reduce((sum, i) => sum + scores[i]!, 0) / a.length;
    for (let n = 1; n <= budget; n++) {
      if (b.reduce((sum, i) => sum + curves[i]![n]!, 0) / b.length >= target) return n;
    }
    return budget + 1;
  };
  const random = randomStream(options.seed, `study/speed-up/${options.arm}`);
  const draw = (n: number) => Array.from({ length: n }, () => Math.floor(random() * n));
  const found = Float64Array.from(
    { length: resamples },
    () => needed(draw(scores.length), draw(curves.length)),
  ).sort();
  const all = (n: number) => Array.from({ length: n }, (_, i) => i);
  return {
    arm: options.arm,
    at,
    ratio: needed(all(scores.length), all(curves.length)) / at,
    low: found[Math.round(0.025 * (resamples - 1))]! / at,
    high: found[Math.round(0.975 * (resamples - 1))]! / at,
    never: found.filter((n) => n > budget).length / resamples,
  };
}
