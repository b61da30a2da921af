/** Candidate rules: one move on one kind of case, which helps there more than elsewhere, and in repository after repository. */
import type { AnalystEvidence } from "./analyst_evidence.ts";
import { parseHeuristic, printHeuristic } from "./heuristic_rule.ts";
import type { RuleCandidate, RuleTable } from "./rule_table.ts";
import type { QuickMean } from "./scores.ts";

/** Fewest train commits a kind of case needs, inside and outside, before a rule is written for it. */
const FEWEST_COMMITS = 12;

/** A repository with fewer commits of the kind has no say; with fewer repositories that have one, no rule is written. */
const FEWEST_IN_REPOSITORY = 5, FEWEST_REPOSITORIES = 3;

/** How many rules are put forward, at most and, where any help at all, at least. */
const MOST_RULES = 8, WANTED_RULES = 6;

/** A rule as good as this many standard errors is put forward; weaker ones only to reach WANTED_RULES. */
const STRONG = 1.5;

/** Most rules that may share a condition, and a parameter. */
const PER_CONDITION = 1, PER_PARAMETER = 3;

/** A rule as it is put forward for some repositories. */
export interface WrittenRule {
  readonly candidate: RuleCandidate;
  /** Mean over repositories of the difference where it fires, and elsewhere */
  readonly inside: number;
  readonly outside: number;
  readonly commits: number;
  /** Standard errors over repositories by which the gain inside exceeds that outside */
  readonly strength: number;
}

/**
 * Puts rules forward from the train cases of some repositories, strongest first. Nothing of the others is looked at.
 *
 * A step that helps everywhere is tuning, not a rule, so the gain outside the condition is taken off the gain inside. The
 * standard error counts repositories, not commits: what holds in one of them only is no knowledge of the next one.
 * Equal strengths stand in the order of their conditions.
 */
export function writeRules(table: RuleTable, writers: ReadonlySet<string>): WrittenRule[] {
  const written = table.candidates.flatMap((candidate) => weigh(candidate, writers) ?? [])
    .sort((a, b) => b.strength - a.strength || (a.candidate.id < b.candidate.id ? -1 : 1));
  const chosen: WrittenRule[] = [];
  for (const rule of written) {
    if (chosen.length >= (rule.strength >= STRONG ? MOST_RULES : WANTED_RULES)) break;
    const sharing = (same: (other: RuleCandidate) => boolean) =>
      chosen.filter((other) => same(other.candidate)).length;
    const { condition, step } = rule.candidate;
    if (sharing((other) => other.condition === condition) >= PER_CONDITION) continue;
    if (sharing((other) => other.step.parameter === step.parameter) >= PER_PARAMETER) continue;
    if (sharing((other) => sameCases(other, rule.candidate)) > 0) continue;
    chosen.push(rule);
  }
  return chosen;
}

function weigh(candidate: RuleCandidate, writers: ReadonlySet<string>): WrittenRule | undefined {
  const inside = heard(candidate.inside, writers), outside = heard(candidate.outside, writers);
  const least = Math.min(FEWEST_REPOSITORIES, Math.ceil(writers.size / 2));
  if (inside.length < least || outside.length === 0) return undefined;
  const commits = total(inside);
  if (commits < FEWEST_COMMITS || total(outside) < FEWEST_COMMITS) return undefined;
  const mean = meanOf(inside.map((m) => m.mean)), elsewhere = meanOf(outside.map((m) => m.mean));
  if (mean <= 0 || inside.reduce((n, m) => n + Math.sign(m.mean), 0) <= 0) return undefined;
  const gain = mean - Math.max(0, elsewhere), error = standardError(inside);
  if (gain <= 0 || error === 0) return undefined;
  return { candidate, inside: mean, outside: elsewhere, commits, strength: gain / error };
}

const heard = (means: ReadonlyMap<string, QuickMean>, writers: ReadonlySet<string>): QuickMean[] =>
  [...means].flatMap(([repo, own]) => writers.has(repo) && own.commits >= FEWEST_IN_REPOSITORY ? [own] : []);
const total = (means: readonly QuickMean[]): number => means.reduce((n, { commits }) => n + commits, 0);
const meanOf = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

/** Of a mean over repositories: from how they differ, but never less than what chance within them makes of it. */
function standardError(means: readonly QuickMean[]): number {
  const n = means.length, middle = meanOf(means.map(({ mean }) => mean));
  const between = n < 2 ? 0 : means.reduce((s, { mean }) => s + (mean - middle) ** 2, 0) / (n - 1);
  const within = meanOf(means.map((m) => m.standardError ** 2));
  return Math.sqrt(Math.max(between, within) / n);
}

/** Two conditions that hold on the very same cases are one rule told twice. */
function sameCases(a: RuleCandidate, b: RuleCandidate): boolean {
  return a.step.parameter === b.step.parameter && a.held.every((held, i) => held === b.held[i]);
}

/** A rule in the heuristics language with what it was written from, and the episodes behind it. */
export function draftRule(
  evidence: AnalystEvidence,
  { candidate, inside, outside, commits }: WrittenRule,
): { text: string; episodes: string[] } {
  const { condition, step, held } = candidate;
  const why = `on ${commits} train commits ${signed(inside)} nDCG@10, elsewhere ${signed(outside)}`;
  return {
    text: printHeuristic(
      parseHeuristic(`if ${condition}: ${step.parameter} ${step.op} ${step.value} - ${why}`),
    ),
    episodes: evidence.episodesAbout([step.parameter], held),
  };
}

/** A number with its sign and three decimals. */
export function signed(value: number): string {
  return (value < 0 ? "" : "+") + value.toFixed(3);
}
