/** The kinds of cases wisdom is sorted by: strata people would pick a preset for, and conditions rules are tried on. */
import { parseHeuristic } from "./heuristic_rule.ts";
import { holds } from "./heuristic_condition_holds.ts";
import type { Condition } from "./heuristic_condition.ts";
import { type Facts, readFacts } from "./heuristic_vocabulary.ts";

/** A stratum that may have a preset. */
export interface PresetStratum {
  readonly name: string;
  /** In the condition language of heuristics */
  readonly condition: string;
  /** When to use it, in words */
  readonly description: string;
}

/** Strata a person can tell before asking: the repository they stand in, what they are about to do, where they start. */
export const PRESET_STRATA: readonly PresetStratum[] = [
  {
    name: "monorepo",
    condition: "repo.file_count >= 1000",
    description: "large trees of a thousand source files or more",
  },
  {
    name: "small",
    condition: "repo.file_count < 100",
    description: "small repositories of under a hundred source files",
  },
  {
    name: "young",
    condition: "history.is_young",
    description: "repositories whose history has only begun: half a year or two hundred commits",
  },
  { name: "debugging", condition: "intent == debug", description: "chasing a fault" },
  { name: "extending", condition: "intent == extend", description: "adding a feature" },
  {
    name: "refactoring",
    condition: "intent == refactor",
    description: "changing code without changing what it does",
  },
  { name: "exploring", condition: "intent == explore", description: "work that names no purpose" },
  { name: "testing", condition: "seed.is_test", description: "starting from a test" },
  {
    name: "quiet_file",
    condition: "seed.churn <= 2",
    description: "starting from a file the history hardly knows",
  },
];

/** Conditions a single-parameter rule is tried on: what a tool can see for itself, without being told an intent. */
export const RULE_CONDITIONS: readonly string[] = [
  "repo.file_count < 50",
  "repo.file_count < 100",
  "repo.file_count >= 200",
  "repo.file_count >= 1000",
  "repo.commit_count < 500",
  "repo.contributors <= 3",
  "repo.median_depth >= 3",
  "repo.test_share >= 0.3",
  "history.is_young",
  "history.median_change_size >= 3",
  "seed.is_test",
  "not seed.is_test",
  "not seed.has_history",
  "seed.churn <= 2",
  "seed.churn >= 30",
  "seed.degree == 0",
  "seed.degree >= 20",
  "seed.depth >= 4",
  "session.chat_files == 0",
  "session.chat_files > 0",
  "query.mentions_file",
  "query.mentions_symbol",
  "intent == debug",
  "intent == extend",
];

/** Reads a condition of the heuristics language by itself. @throws {LanguageError} pointing at the column */
export function parseCondition(text: string): Condition {
  // A condition is no sentence of its own; the adjustment after it is never used.
  return parseHeuristic(`if ${text}: anything *= 1`, { language: "the condition" }).condition;
}

/** Which of some situations a condition holds in: one boolean each. */
export function heldBy(condition: string, situations: readonly Facts[]): boolean[] {
  const parsed = parseCondition(condition);
  return situations.map((facts) => holds(parsed, readFacts(facts)));
}
