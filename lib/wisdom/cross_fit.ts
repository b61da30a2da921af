/**
 * Rules of the analyst judged on repositories they were not written from, with every repository teaching and every one judging.
 *
 * Each repository is left out in turn, rules are written from the others, and what was written judges there and only there. A rule
 * that is written whenever one of several repositories is left out is judged on all of those. Every rule that was written at any
 * turn is reported and counts in the family its p-value is adjusted for, so choosing among the catalogue's many candidates is paid
 * for twice: none judges where it was chosen, and none is dropped unseen. The rules that come on are chosen anew at every turn
 * when the set of them is judged (`crossFittedDefaultOn`), from the repositories that are not left out: leave one out inside
 * leave one out.
 */
import type { Tested } from "../records/wisdom.ts";
import type { WisdomHeuristic } from "../records/wisdom.ts";
import type { AnalystEvidence } from "./analyst_evidence.ts";
import { draftRule, writeRules, type WrittenRule } from "./analyst_heuristics.ts";
import { compileHeuristics } from "./heuristic_compile.ts";
import type { RuleTable } from "./rule_table.ts";
import { untested } from "./tested.ts";
import { type DraftedHeuristic, judgeSet, type VerifyContext, verifyHeuristics } from "./verify.ts";

/** A rule and the repositories it was written without. */
interface Crossed {
  readonly rule: WrittenRule;
  readonly without: readonly string[];
}

/**
 * Every rule that some turn writes, those of all repositories together first.
 *
 * With a single repository there is one turn, which leaves nobody to write: the rules are written and judged by nobody.
 */
function crossRules(table: RuleTable, repositories: readonly string[]): Crossed[] {
  const all = writeRules(table, new Set(repositories));
  const turns = repositories.length < 2 ? [] : repositories.map((without) => ({
    without,
    rules: writeRules(table, new Set(repositories.filter((repo) => repo !== without))),
  }));
  const found = new Map<string, { rule: WrittenRule; without: string[] }>(
    all.map((rule) => [rule.candidate.id, { rule, without: [] }]),
  );
  for (const { without, rules } of turns) {
    for (const rule of rules) {
      const known = found.get(rule.candidate.id);
      if (known === undefined) found.set(rule.candidate.id, { rule, without: [without] });
      else known.without.push(without);
    }
  }
  return [...found.values()];
}

const drafted = (
  evidence: AnalystEvidence,
  repositories: readonly string[],
  { rule, without }: Crossed,
): DraftedHeuristic => ({
  ...draftRule(evidence, rule),
  origin: "analyst",
  written_from: [...repositories].sort(),
  judges: without,
});

/** The analyst's rules as drafts, each with the repositories that may judge it. */
export function crossFittedRules(evidence: AnalystEvidence, table: RuleTable): DraftedHeuristic[] {
  return crossRules(table, table.repositories).map((rule) => drafted(evidence, table.repositories, rule));
}

/**
 * All default-on rules together against none. Each repository's test cases are ranked under the rules that come on when it is left
 * out of writing and judging alike; the lockbox, where it was opened, under the rules that are on in the end.
 *
 * @param heuristics as judged in the end; those of them that are not the analyst's join every turn, since no repository wrote them
 */
export function crossFittedDefaultOn(
  context: VerifyContext,
  evidence: AnalystEvidence,
  table: RuleTable,
  heuristics: readonly WisdomHeuristic[],
  onProgress?: (done: number, total: number) => void,
): Tested {
  const on = heuristics.filter(({ default_on }) => default_on);
  if (table.repositories.length < 2) {
    return untested("there is no second repository the rules could be judged on");
  }
  const fixed = on.filter(({ origin }) => origin !== "analyst").map(({ text }) => text);
  const turns = new Map(table.repositories.map((without, i) => {
    evidence.signal?.throwIfAborted();
    const others = table.repositories.filter((repo) => repo !== without);
    const drafts = crossRules(table, others).map((rule) => drafted(evidence, others, rule));
    const chosen = verifyHeuristics(context, drafts, { only: new Set(others), quick: true })
      .filter(({ default_on }) => default_on).map(({ text }) => text);
    onProgress?.(i + 1, table.repositories.length);
    return [without, compileHeuristics([...fixed, ...chosen], context.space)];
  }));
  const last = compileHeuristics(on.map(({ text }) => text), context.space);
  const turnsOn = [...turns.values()].filter(({ rules }) => rules.length > 0).length;
  const tested = judgeSet(context, (repo) => turns.get(repo) ?? last);
  return {
    ...tested,
    reason:
      `${tested.reason}; with each repository left out in turn a rule comes on in ${turnsOn} of ${turns.size} turns`,
  };
}
