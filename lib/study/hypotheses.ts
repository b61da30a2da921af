/** Interaction claims of a study: written down first, tested then, and never the other way round. */
import { z } from "zod";
import { contentHash } from "../base/canonical.ts";
import { searchSpace } from "../formula/parameters.ts";
import { SPLITS } from "../records/case.ts";
import { Hypothesis } from "../records/hypothesis.ts";
import { VERDICTS } from "../records/insight.ts";
import { INSIGHTS, type RecordFile } from "../scratchpad/files.ts";
import { type Journal, openJournal } from "../scratchpad/journal.ts";
import { testedEvent } from "../scratchpad/merge.ts";
import { readRecords } from "../scratchpad/read.ts";
import type { ScratchpadState } from "../scratchpad/fold.ts";
import { checkRegistration, spaceHash } from "../sensitivity/claim_registry.ts";
import type { UnitDesign } from "../sensitivity/designs.ts";
import type { EvaluationOptions } from "../sensitivity/evaluation.ts";
import { jointEffect } from "../sensitivity/joint_effect.ts";
import type { Estimate } from "../sensitivity/resampling.ts";
import {
  conclude,
  type Finding,
  judge,
  testInteraction,
  type Verdict,
} from "../sensitivity/test_interaction.ts";
import type { SplitObjective } from "./objective.ts";

/** The registry of a study. */
export const HYPOTHESES: RecordFile<Hypothesis> = { name: "hypotheses.jsonl", schema: Hypothesis };

/** Effect worth a name where a claim names none: a hundredth of nDCG@10. */
export const DEFAULT_MARGIN = 0.01;

/** Background points of a factorial: what the other parameters are while these move. */
export const DEFAULT_BACKGROUNDS = 128;

const text = z.string().min(1);
const estimate = z.strictObject({
  value: z.number(),
  interval: z.strictObject({ low: z.number(), high: z.number(), level: z.number() }),
});

const FoundOn = z.strictObject({
  split: z.enum(SPLITS),
  n_cases: z.int().min(0),
  n_commits: z.int().min(0),
  repositories: z.array(text),
  verdict: z.enum(VERDICTS),
  reason: text,
  /** What the factors do together beyond the sum of what each does alone; that sum; all of them at once */
  surplus: estimate,
  singles: estimate,
  joint: estimate,
  cells: z.strictObject({ none: z.number(), alone: z.array(z.number()), all: z.number() }),
  p_value: z.number(),
  minimal_detectable_effect: z.number(),
});
export type FoundOn = z.infer<typeof FoundOn>;

/** What one test of a registered claim found, a line of `hypothesis_tests.jsonl`. */
export const HypothesisTest = z.strictObject({
  record: z.literal("hypothesis_test/1"),
  /** Hash of all other fields: the same test again is the same line */
  id: text,
  /** Id of the claim in the registry */
  hypothesis: text,
  text,
  verdict: z.enum(VERDICTS),
  reason: text,
  margin: z.number().positive(),
  /** Larger of the p-values on discovery and replication; 1 without a replication */
  p_value: z.number(),
  /** Smallest surplus that every set of cases could have shown; null when nothing could be tested */
  minimal_detectable_effect: z.number().nullable(),
  /** Train first, then selection, then lockbox if it was asked for; empty when a stratum holds no case to test on */
  found: z.array(FoundOn),
  backgrounds: z.int(),
  seed: z.int(),
  evaluations: z.int(),
}).refine(({ id, ...rest }) => id === contentHash(rest), {
  path: ["id"],
  error: "the id must be the hash of all other fields: this test was changed after it was written",
});
export type HypothesisTest = z.infer<typeof HypothesisTest>;

export const HYPOTHESIS_TESTS: RecordFile<HypothesisTest> = {
  name: "hypothesis_tests.jsonl",
  schema: HypothesisTest,
};

/** Writes claims into the registry; those that stand there stay as they are. @returns the records as registered, in order */
export function registerHypotheses(journal: Journal, claims: readonly Hypothesis[]): Hypothesis[] {
  const known = new Map(journal.read(HYPOTHESES).map((h) => [h.id, h]));
  const fresh = claims.filter((claim) => !known.has(claim.id));
  // The first who makes a claim is its origin; the same claim again adds nothing to be tested.
  journal.append(HYPOTHESES, ...new Map(fresh.map((claim) => [claim.id, claim])).values());
  const now = new Map(journal.read(HYPOTHESES).map((h) => [h.id, h]));
  return claims.map((claim) => now.get(claim.id)!);
}

/** Where a claim is tested. Objectives hold the claim's metric and stratum. */
export interface HypothesisGround {
  /** Train cases; undefined when the stratum has none */
  readonly discovery: SplitObjective | undefined;
  /** Selection cases */
  readonly replication: SplitObjective | undefined;
  /** Lockbox cases, when they were asked for */
  readonly lockbox?: SplitObjective | undefined;
}

/** Options of {@link testHypothesis}. */
export interface HypothesisOptions extends EvaluationOptions {
  readonly seed: number;
  /** Default {@link DEFAULT_BACKGROUNDS} */
  readonly backgrounds?: number;
  readonly resamples?: number;
  readonly unitDesign?: UnitDesign;
}

/**
 * Tests a claim that stands in the registry of a study's folder, and writes what it found.
 *
 * Discovery on train cases, replication on selection cases and, where given, on lockbox repositories, which must agree. A claim whose
 * stratum holds no case on train or on selection is undetermined: nothing was there to test it.
 * @throws {RangeError} for a claim that is not in the study's registry, was registered over another space, or whose registration no longer
 *   says what its text says
 */
export async function testHypothesis(
  dir: string,
  id: string,
  ground: HypothesisGround,
  options: HypothesisOptions,
): Promise<HypothesisTest> {
  const claim = readRecords(dir, HYPOTHESES).find((h) => h.id === id);
  if (claim === undefined) {
    throw new RangeError(`Cannot test the claim ${id.slice(0, 16)}: it is not registered; register it first`);
  }
  const { discovery, replication, lockbox } = ground;
  const margin = claim.threshold ?? DEFAULT_MARGIN, backgrounds = options.backgrounds ?? DEFAULT_BACKGROUNDS;
  const write = (
    rest: Omit<HypothesisTest, "record" | "id" | "hypothesis" | "text" | "margin" | "backgrounds" | "seed">,
  ) => {
    const body = {
      record: "hypothesis_test/1" as const,
      hypothesis: claim.id,
      text: claim.text,
      margin,
      backgrounds,
      seed: options.seed,
      ...rest,
    };
    const test: HypothesisTest = { ...body, id: contentHash(body) };
    // The study is locked for this line only: a test may take minutes, and others write too.
    using journal = openJournal(dir);
    journal.append(HYPOTHESIS_TESTS, test);
    return test;
  };
  const missing = discovery === undefined ? "train" : replication === undefined ? "selection" : undefined;
  if (discovery === undefined || replication === undefined) {
    return write({
      verdict: "undetermined",
      reason: `no ${missing} case lies in the claim's stratum: nothing could be tested`,
      p_value: 1,
      minimal_detectable_effect: null,
      found: [],
      evaluations: 0,
    });
  }
  const space = searchSpace(discovery.formula);
  if (spaceHash(space) !== claim.space_hash) {
    throw new RangeError(
      `Cannot test ${
        JSON.stringify(claim.text)
      }: it was registered over another search space; register it again in a study of this formula`,
    );
  }
  checkRegistration(claim, space);
  const common = { ...options, seed: `${options.seed}/${claim.id}`, backgrounds };
  const result = await testInteraction(
    space,
    discovery.outcome,
    { regions: claim.regions, sign: claim.sign },
    { ...common, margin, replicate: replication.outcome },
  );
  const findings: [SplitObjective, Finding][] = [[discovery, result.discovery], [
    replication,
    result.replication!,
  ]];
  let { verdict, reason }: { verdict: Verdict; reason: string } = result;
  if (lockbox !== undefined) {
    const effect = await jointEffect(space, lockbox.outcome, claim.regions, {
      ...common,
      seed: `${common.seed}/lockbox`,
    });
    const last = judge(effect, claim.sign, margin);
    findings.push([lockbox, last]);
    const again = conclude(result.discovery, last);
    if (again.verdict !== verdict) {
      reason = `${verdict} on selection (${reason}), ${again.verdict} on lockbox (${again.reason})`;
      verdict = "undetermined";
    }
  }
  const found = findings.map(([where, finding]) => foundOn(where, finding));
  return write({
    verdict,
    reason,
    p_value: Math.max(...found.map((f) => f.p_value)),
    minimal_detectable_effect: Math.max(...found.map((f) => f.minimal_detectable_effect)),
    found,
    evaluations: findings.reduce((n, [, { effect }]) => n + effect.evaluations, 0),
  });
}

function foundOn(
  { split, cases, n_commits, repositories }: SplitObjective,
  { verdict, reason, effect }: Finding,
): FoundOn {
  const plain = ({ value, interval }: Estimate) => ({ value, interval: { ...interval } });
  return {
    split,
    n_cases: cases.length,
    n_commits,
    repositories: [...repositories],
    verdict,
    reason,
    surplus: plain(effect.surplus),
    singles: plain(effect.singles),
    joint: plain(effect.joint),
    cells: { none: effect.cells.none, alone: [...effect.cells.alone], all: effect.cells.all },
    p_value: effect.p_value,
    minimal_detectable_effect: effect.minimal_detectable_effect,
  };
}

/**
 * Says so when every set of cases shows an effect whose interval leaves out 0, all on one side, and the verdict is "refuted" only because
 * that effect is smaller than the margin; otherwise undefined.
 */
export function smallButReal({ verdict, found, margin }: HypothesisTest): string | undefined {
  const sides = found.map(({ surplus: { interval: { low, high } } }) => low > 0 ? 1 : high < 0 ? -1 : 0);
  if (verdict !== "refuted" || sides.length < 2 || sides[0] === 0 || sides.some((s) => s !== sides[0])) {
    return undefined;
  }
  const sizes = found.map((f) => `${f.surplus.value.toFixed(4)} on ${f.split}`).join(", ");
  return `There is an effect (${sizes}), the same way everywhere; it is refuted as one of at least ${margin}`;
}

/** Tells the scratchpad that a test decided on one of its insights. The effect is the replication's surplus. */
export function noteOnInsight(
  journal: Journal,
  state: ScratchpadState,
  insight: string,
  test: HypothesisTest,
  context: { readonly study: string; readonly metric: string },
): void {
  const found = test.found.at(-1);
  if (found === undefined) return;
  const { value, interval: { low, high, level } } = found.surplus;
  const order = journal.read(INSIGHTS)
    .filter((e) => e.episode === null && e.episode_index === state.episodes.length).length;
  journal.append(
    INSIGHTS,
    testedEvent(insight, {
      by: "hypothesis",
      id: test.hypothesis,
      verdict: test.verdict,
      effect: {
        metric: context.metric,
        mean: value,
        low: Math.min(low, value),
        high: Math.max(high, value),
        level,
        n_cases: found.n_cases,
        n_commits: found.n_commits,
        n_repos: found.repositories.length,
      },
    }, { study: context.study, episode: null, episode_index: state.episodes.length, order }),
  );
}

/** The latest test of each claim of a study, in the order of the registry. */
export function latestTests(dir: string): HypothesisTest[] {
  const latest = new Map(readRecords(dir, HYPOTHESIS_TESTS).map((t) => [t.hypothesis, t]));
  return readRecords(dir, HYPOTHESES).flatMap((h) => latest.get(h.id) ?? []);
}

/** How many claims were tested, and the texts of those supported. */
export function testedHypotheses(dir: string): { tested: number; supported: string[] } {
  const tests = latestTests(dir);
  return {
    tested: tests.length,
    supported: tests.filter((t) => t.verdict === "supported").map((t) => t.text),
  };
}
