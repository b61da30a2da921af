/** Every rule of one condition and one move, with what the move does where the condition holds and where it does not, by repository. */
import { type AnalystEvidence, heldIn } from "./analyst_evidence.ts";
import type { QuickMean } from "./scores.ts";
import type { ScoredStep } from "./single_steps.ts";
import { RULE_CONDITIONS } from "./strata.ts";

/** A rule that may be put forward. */
export interface RuleCandidate {
  /** Condition and move: two candidates with the same id are the same rule */
  readonly id: string;
  readonly condition: string;
  readonly held: readonly boolean[];
  readonly step: ScoredStep;
  /** Difference from the tuned point over train commits, by repository */
  readonly inside: ReadonlyMap<string, QuickMean>;
  readonly outside: ReadonlyMap<string, QuickMean>;
}

/** All candidates, made once: choosing among them for some repositories then costs nothing. */
export interface RuleTable {
  readonly candidates: readonly RuleCandidate[];
  /** Sorted */
  readonly repositories: readonly string[];
}

/** Tabulates every condition of `RULE_CONDITIONS` with every single step, over the evidence's train cases. */
export function tabulateRules(evidence: AnalystEvidence): RuleTable {
  const { scores: { arena }, steps, tuned } = evidence, plain = evidence.scores.at(tuned);
  const repositories = [...new Set(arena.cases.map(({ case: c }) => c.repo))].sort();
  const numbers = new Map<string, number>(), repoOf: number[] = [];
  const commitOf = Int32Array.from(arena.cases, ({ case: c }) => {
    const key = `${c.repo}@${c.commit}`;
    let number = numbers.get(key);
    if (number === undefined) {
      numbers.set(key, number = numbers.size);
      repoOf.push(repositories.indexOf(c.repo));
    }
    return number;
  });
  const sums = new Float64Array(repoOf.length), counts = new Uint32Array(repoOf.length);
  const means = (values: Float64Array, held: readonly boolean[], want: boolean): Map<string, QuickMean> => {
    sums.fill(0);
    counts.fill(0);
    held.forEach((holds, i) => {
      if (holds !== want) return;
      sums[commitOf[i]!]! += values[i]! - plain[i]!;
      counts[commitOf[i]!]!++;
    });
    const own: number[][] = repositories.map(() => []);
    counts.forEach((n, commit) => n > 0 && own[repoOf[commit]!]!.push(sums[commit]! / n));
    return new Map(own.flatMap((list, r) => list.length === 0 ? [] : [[repositories[r]!, meanOf(list)]]));
  };
  const candidates = RULE_CONDITIONS.flatMap((condition) => {
    const held = heldIn(evidence, condition, false);
    if (held.every(Boolean) || !held.some(Boolean)) return [];
    return steps.map((step): RuleCandidate => ({
      id: `${condition}: ${step.parameter} ${step.op} ${step.value}`,
      condition,
      held,
      step,
      inside: means(step.values, held, true),
      outside: means(step.values, held, false),
    }));
  });
  return { candidates, repositories };
}

function meanOf(values: readonly number[]): QuickMean {
  const n = values.length, mean = values.reduce((a, b) => a + b, 0) / n;
  const variance = n < 2 ? 0 : values.reduce((s, v) => s + (v - mean) * (v - mean), 0) / (n - 1) / n;
  return { mean, standardError: Math.sqrt(variance), commits: n };
}
