/** Candidate rules: one move on one kind of case, kept where it helps there and not elsewhere. */
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

/** Most rules that may share a condition, and a parameter. */
const PER_CONDITION = 1, PER_PARAMETER = 3;

interface Candidate {
  readonly condition: string;
  readonly held: readonly boolean[];
  readonly step: ScoredStep;
  readonly inside: number;
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
  return chosen.map((candidate) => ({
    text: ruleText(candidate),
    episodes: evidence.episodesAbout([candidate.step.parameter], candidate.held),
  }));
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
    const gain = there.mean - Math.max(0, elsewhere.mean);
    return [{
      condition,
      held,
      step,
      inside: there.mean,
      outside: elsewhere.mean,
      commits: there.commits,
      strength: there.standardError > 0 && gain > 0 ? gain / there.standardError : 0,
    }];
  });
}

function ruleText({ condition, step, inside, outside, commits }: Candidate): string {
  const why = `on ${commits} train commits ${signed(inside)} nDCG@10, on the others ${signed(outside)}`;
  return printHeuristic(
    parseHeuristic(`if ${condition}: ${step.parameter} ${step.op} ${step.value} - ${why}`),
  );
}

/** A number with its sign and three decimals. */
export function signed(value: number): string {
  return (value < 0 ? "" : "+") + value.toFixed(3);
}
