/** Puts an interaction claim to the test: a factorial with an interval, a replication, a verdict. */
import type { SearchSpace } from "../records/space.ts";
import type { Objective } from "./evaluation.ts";
import type { Region } from "./factorial.ts";
import { type JointEffect, jointEffect, type JointEffectOptions } from "./joint_effect.ts";

/**
 * What a combination is said to do, the metric being one where more is better.
 *
 * - "worse", "better": together the factors lose (gain) more than the sum of what each does alone.
 * - "interacts": together they do something else than that sum, either way.
 * - "redundant": together they do less than that sum, whichever way the single effects point: one can stand in for the
 *   other.
 */
export type InteractionSign = "worse" | "better" | "redundant" | "interacts";

/** A claim, compiled: two or more parameters with the part of their range that it speaks of. */
export interface InteractionClaim {
  readonly regions: readonly Region[];
  readonly sign: InteractionSign;
}

export type Verdict = "supported" | "refuted" | "undetermined";

/** What one set of repositories says. */
export interface Finding {
  readonly verdict: Verdict;
  /** One sentence with the numbers that decided */
  readonly reason: string;
  readonly effect: JointEffect;
}

/** What the test concludes from discovery and replication. */
export interface InteractionResult {
  readonly verdict: Verdict;
  readonly reason: string;
  readonly discovery: Finding;
  /** Absent when there was no second objective; then "supported" is out of reach */
  readonly replication?: Finding;
  readonly margin: number;
  /** Smallest surplus that discovery and replication could both have seen with the wanted power */
  readonly minimal_detectable_effect: number;
  /** The larger of the two p-values (both must reject), 1 without a replication; for Holm over a registry */
  readonly p_value: number;
  readonly evaluations: number;
}

/** Options of {@link testInteraction}. */
export interface InteractionOptions extends JointEffectOptions {
  /** Smallest effect worth a name, in the metric's unit, above 0. Without one no claim could ever be refuted. */
  readonly margin: number;
  /** The same metric on held-out repositories; fresh background points are drawn for it */
  readonly replicate?: Objective | undefined;
}

/**
 * Tests a claim on one objective and again on held-out repositories.
 *
 * One set *supports* it when the interval of the surplus excludes 0 on the claimed side and the estimate reaches the
 * margin; *refutes* it when the interval excludes every effect of the claimed sign that reaches the margin; else leaves
 * it undetermined. A redundancy also needs single effects whose interval excludes 0. The claim is supported when both
 * sets support it with the same sign, refuted when at least one refutes and none supports, else undetermined.
 * Progress starts again at the replication.
 * @throws {RangeError} unless margin > 0, and as {@link jointEffect} does
 */
export async function testInteraction(
  space: SearchSpace,
  objective: Objective,
  claim: InteractionClaim,
  options: InteractionOptions,
): Promise<InteractionResult> {
  const { margin, replicate } = options;
  if (!(margin > 0 && margin < Infinity)) {
    throw new RangeError(
      `Cannot test a claim with margin ${margin}: the smallest effect worth a name is wanted, above 0`,
    );
  }
  const discovery = judge(await jointEffect(space, objective, claim.regions, options), claim.sign, margin);
  const replication = replicate === undefined ? undefined : judge(
    await jointEffect(space, replicate, claim.regions, { ...options, seed: `${options.seed}/replication` }),
    claim.sign,
    margin,
  );
  const effects = [discovery, ...(replication ? [replication] : [])].map((finding) => finding.effect);
  return {
    ...conclude(discovery, replication),
    discovery,
    ...(replication && { replication }),
    margin,
    minimal_detectable_effect: Math.max(...effects.map((e) => e.minimal_detectable_effect)),
    p_value: replication ? Math.max(...effects.map((e) => e.p_value)) : 1,
    evaluations: effects.reduce((sum, e) => sum + e.evaluations, 0),
  };
}

/** What one joint effect says about a claimed sign, as {@link testInteraction} defines it. */
export function judge(effect: JointEffect, sign: InteractionSign, margin: number): Finding {
  const { value, interval: { low, high, level } } = effect.surplus;
  const said = `surplus ${show(value)} [${show(low)}, ${show(high)}] at ${level * 100} %`;
  const say = (verdict: Verdict, reason: string): Finding => ({
    verdict,
    reason: `${said}: ${reason}`,
    effect,
  });
  if (sign === "redundant") {
    const singles = effect.singles.interval;
    if (singles.low <= 0 && singles.high >= 0) {
      return say("undetermined", "the single effects do not differ from 0, so nothing could be redundant");
    }
  }
  const claimed = sign === "better"
    ? 1
    : sign === "worse"
    ? -1
    : sign === "redundant"
    ? -Math.sign(effect.singles.value)
    : Math.sign(value);
  const nearest = Math.min(claimed * low, claimed * high), farthest = Math.max(claimed * low, claimed * high);
  const bound = sign === "interacts" ? Math.max(-low, high) : farthest;
  if (bound < margin) return say("refuted", `no effect of the claimed sign reaches the margin ${margin}`);
  if (nearest > 0 && claimed * value >= margin) {
    return say("supported", `0 lies outside on the claimed side and the margin ${margin} is reached`);
  }
  return say(
    "undetermined",
    `an effect of ${show(effect.minimal_detectable_effect)} could have been seen, the margin is ${margin}`,
  );
}

/** Joins the findings of two sets of repositories. */
export function conclude(discovery: Finding, replication?: Finding): { verdict: Verdict; reason: string } {
  const found = [discovery, ...(replication ? [replication] : [])];
  const all = (verdict: Verdict) => found.every((f) => f.verdict === verdict);
  const some = (verdict: Verdict) => found.some((f) => f.verdict === verdict);
  if (some("refuted") && !some("supported")) {
    return { verdict: "refuted", reason: "refuted on at least one set of repositories, supported on none" };
  }
  if (replication === undefined) {
    return {
      verdict: "undetermined",
      reason: discovery.verdict === "supported"
        ? "supported, but not replicated: give held-out repositories"
        : discovery.reason,
    };
  }
  if (all("supported")) {
    const same = Math.sign(discovery.effect.surplus.value) === Math.sign(replication.effect.surplus.value);
    return same
      ? { verdict: "supported", reason: "supported, and replicated on held-out repositories" }
      : { verdict: "undetermined", reason: "the sign turns on held-out repositories" };
  }
  return {
    verdict: "undetermined",
    reason: `discovery is ${discovery.verdict}, replication ${replication.verdict}`,
  };
}

function show(value: number): string {
  return value.toPrecision(3);
}
