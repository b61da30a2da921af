/** Candidate rules: a few moves on one kind of case, the first of which helps there more than elsewhere. */
import { type AnalystEvidence, heldIn } from "./analyst_evidence.ts";
import type { Draft } from "./draft.ts";
import { parseHeuristic, printHeuristic } from "./heuristic_rule.ts";
import { quickDifference } from "./scores.ts";
import type { ScoredStep } from "./single_steps.ts";
import { RULE_CONDITIONS } from "./strata.ts";

/** Fewest train commits a kind of case needs, inside and outside, before a rule is written for it. */
const FEWEST_COMMITS = 12;

/** How many rules are put forward, at most and, where any help at all, at least. */
const MOST_RULES = 8, WANTED_RULES = 6;

/** A rule as good as this many standard errors is put forward; weaker ones only to reach WANTED_RULES. */
const STRONG = 1.5;

/** Most rules that may share a condition, and a first parameter. */
const PER_CONDITION = 1, PER_PARAMETER = 3;

/** Most moves of a rule, and how many of the best further steps are tried. */
const MOST_MOVES = 4, TRIED_MOVES = 6;

/** A further move must help by this many standard errors. */
const LEAST_STRENGTH = 1;

/** A repository with fewer commits of the kind has no say in whether a step helps in most of them. */
const FEWEST_IN_REPOSITORY = 5;

interface Candidate {
  readonly condition: string;
  readonly held: readonly boolean[];
  readonly step: ScoredStep;
  readonly outside: number;
  readonly commits: number;
  /** Standard errors by which the gain inside exceeds that outside, or 0 where that is negative */
  readonly strength: number;
}

/**
 * Puts rules forward, strongest first.
 *
 * A step that helps everywhere is tuning, not a rule, so the gain outside the condition is taken off the gain inside.
 */
export function proposeHeuristics(evidence: AnalystEvidence): Draft["heuristics"] {
  const candidates = RULE_CONDITIONS.flatMap((condition) => candidatesOf(evidence, condition))
    .sort((a, b) =>
      b.strength - a.strength || (a.condition < b.condition ? -1 : a.condition > b.condition ? 1 : 0)
    );
  const chosen: Candidate[] = [];
  for (const candidate of candidates) {
    if (chosen.length >= (candidate.strength >= STRONG ? MOST_RULES : WANTED_RULES)) break;
    const sharing = (same: (other: Candidate) => boolean) => chosen.filter(same).length;
    if (sharing((other) => other.condition === candidate.condition) >= PER_CONDITION) continue;
    if (sharing((other) => other.step.parameter === candidate.step.parameter) >= PER_PARAMETER) continue;
    if (sharing((other) => sameCases(other, candidate)) > 0) continue;
    chosen.push(candidate);
  }
  return chosen.map((candidate) => {
    const rule = withFurtherMoves(evidence, candidate);
    return {
      text: ruleText(candidate, rule),
      episodes: evidence.episodesAbout(rule.steps.map(({ parameter }) => parameter), candidate.held),
    };
  });
}

/** A candidate with the moves that still help once the ones before are made, and what they do together. */
interface Rule {
  readonly steps: readonly ScoredStep[];
  readonly inside: number;
}

function withFurtherMoves(evidence: AnalystEvidence, { held, step }: Candidate): Rule {
  const { scores, tuned, steps } = evidence, { arena } = scores, plain = scores.at(tuned);
  const inside = (i: number) => evidence.writers.has(arena.cases[i]!.case.repo) && held[i]!;
  const promising = steps.filter(({ parameter }) => parameter !== step.parameter)
    .map((other) => ({ other, gain: quickDifference(arena, other.values, plain, inside).mean }))
    .filter(({ gain }) => gain > 0).sort((a, b) => b.gain - a.gain).slice(0, TRIED_MOVES);
  const taken = [step];
  let values = step.values;
  for (const { other } of promising) {
    if (taken.length >= MOST_MOVES) break;
    if (taken.some(({ parameter }) => parameter === other.parameter)) continue;
    const moves = [...taken, other].map(({ parameter, to }) => [parameter, to]);
    const next = scores.at({ ...tuned, ...Object.fromEntries(moves) });
    const gain = quickDifference(arena, next, values, inside);
    if (gain.mean <= 0 || gain.mean < LEAST_STRENGTH * gain.standardError) continue;
    if (!helpsInMost(evidence, next, values, inside)) continue;
    taken.push(other);
    values = next;
  }
  return { steps: taken, inside: quickDifference(arena, values, plain, inside).mean };
}

/** Whether a change helps in more repositories than it hurts in, among those with enough cases of the kind. */
function helpsInMost(
  { scores: { arena }, writers }: AnalystEvidence,
  treated: Float64Array,
  plain: Float64Array,
  inside: (index: number) => boolean,
): boolean {
  let balance = 0;
  for (const repo of writers) {
    const own = quickDifference(
      arena,
      treated,
      plain,
      (i) => arena.cases[i]!.case.repo === repo && inside(i),
    );
    if (own.commits >= FEWEST_IN_REPOSITORY) balance += Math.sign(own.mean);
  }
  return balance > 0;
}

/** Two conditions that hold on the very same cases are one rule told twice. */
function sameCases(a: Candidate, b: Candidate): boolean {
  return a.step.parameter === b.step.parameter && a.held.every((held, i) => held === b.held[i]);
}

function candidatesOf(evidence: AnalystEvidence, condition: string): Candidate[] {
  const { scores, tuned, steps, writers } = evidence, { arena } = scores;
  const held = heldIn(evidence, condition, false), plain = scores.at(tuned);
  const written = arena.cases.map(({ case: c }) => writers.has(c.repo));
  const inside = (i: number) => written[i]! && held[i]!, outside = (i: number) => written[i]! && !held[i]!;
  return steps.flatMap((step): Candidate[] => {
    const there = quickDifference(arena, step.values, plain, inside);
    if (there.commits < FEWEST_COMMITS || there.mean <= 0) return [];
    const elsewhere = quickDifference(arena, step.values, plain, outside);
    if (elsewhere.commits < FEWEST_COMMITS) return [];
    if (!helpsInMost(evidence, step.values, plain, inside)) return [];
    const gain = there.mean - Math.max(0, elsewhere.mean);
    return [{
      condition,
      held,
      step,
      outside: elsewhere.mean,
      commits: there.commits,
      strength: there.standardError > 0 && gain > 0 ? gain / there.standardError : 0,
    }];
  });
}

function ruleText({ condition, outside, commits }: Candidate, { steps, inside }: Rule): string {
  const why = `on ${commits} train commits ${signed(inside)} nDCG@10, its first move elsewhere ${
    signed(outside)
  }`;
  const moves = steps.map(({ parameter, op, value }) => `${parameter} ${op} ${value}`).join(", ");
  return printHeuristic(parseHeuristic(`if ${condition}: ${moves} - ${why}`));
}

/** A number with its sign and three decimals. */
export function signed(value: number): string {
  return (value < 0 ? "" : "+") + value.toFixed(3);
}
