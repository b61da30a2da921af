/** The interactions behind warnings, tested on one half of the repositories and again on the other. */
import type { Point } from "../records/space.ts";
import type { WisdomWarning } from "../records/wisdom.ts";
import type { InsightState } from "../scratchpad/mod.ts";
import { compileClaim } from "../sensitivity/claim_registry.ts";
import type { Outcome } from "../sensitivity/evaluation.ts";
import { testInteraction } from "../sensitivity/test_interaction.ts";
import { shortId } from "./analyst_notes.ts";
import type { Bench } from "./bench.ts";
import type { Draft } from "./draft.ts";
import { parseWarning, printWarning } from "./heuristic_warning.ts";
import type { VerifyContext } from "./verify.ts";

/** Smallest interaction worth the name where a claim names none: nDCG@10. */
export const WARNING_MARGIN = 0.01;

/** How warnings are tested. */
export interface WarningTests {
  /** Background points of each factorial; 0: do not test, cite what the scratchpad knows */
  readonly backgrounds: number;
  readonly writers: ReadonlySet<string>;
  readonly insights: readonly InsightState[];
  readonly origin: (warning: Draft["warnings"][number]) => WisdomWarning["origin"];
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

/** Warnings with their claim's verdict; the text's cite says it too. */
export async function verifyWarnings(
  context: VerifyContext,
  drafted: Draft["warnings"],
  tests: WarningTests,
): Promise<WisdomWarning[]> {
  const warnings: WisdomWarning[] = [];
  for (const [i, draft] of drafted.entries()) {
    tests.signal?.throwIfAborted();
    const insight = tests.insights.find(({ id }) => id === draft.claim);
    const found = insight === undefined ? await testClaim(context, draft.claim, tests) : citeInsight(insight);
    const { condition, message } = parseWarning(draft.text, { space: context.space });
    const cite = `${found.cites.kind} ${shortId(found.cites.id)}, ${found.status}`;
    warnings.push({
      text: printWarning({ condition, message, cite }),
      origin: tests.origin(draft),
      episodes: draft.episodes,
      ...found,
    });
    tests.onProgress?.(i + 1, drafted.length);
  }
  return warnings;
}

type Found = Pick<WisdomWarning, "cites" | "status" | "reason" | "effect">;

function citeInsight({ id, status, tests }: InsightState): Found {
  const last = tests.at(-1);
  return {
    cites: { kind: "insight", id, claim: null },
    status,
    reason: last === undefined
      ? "claimed in an episode and never tested"
      : `its last test says ${last.verdict}`,
    effect: last?.effect ?? null,
  };
}

async function testClaim(context: VerifyContext, text: string, tests: WarningTests): Promise<Found> {
  const claim = compileClaim(text, context.space);
  const cites = { kind: "hypothesis", id: claim.id, claim: claim.text } as const;
  if (tests.backgrounds === 0) {
    return { cites, status: "untested", reason: "registered, not tested yet", effect: null };
  }
  const bench = context.benches.train;
  const held = strataOf(bench, claim.stratum);
  const inside = (write: boolean) => (i: number) =>
    held[i]! && tests.writers.has(bench.arena.cases[i]!.case.repo) === write;
  const discovery = commitMeans(bench, inside(true)), replication = commitMeans(bench, inside(false));
  const first = discovery.commits >= 2 ? discovery : replication;
  if (first.commits < 2) {
    return { cites, status: "untested", reason: "no train case is of the kind it speaks of", effect: null };
  }
  const second = first === discovery && replication.commits >= 2 ? replication : undefined;
  const result = await testInteraction(context.space, first.objective, claim, {
    margin: claim.threshold ?? WARNING_MARGIN,
    seed: `${context.seed}/${claim.id}`,
    backgrounds: tests.backgrounds,
    resamples: 500,
    ...(second ? { replicate: second.objective } : {}),
    ...(tests.signal ? { signal: tests.signal } : {}),
  });
  const { value, interval } = result.discovery.effect.surplus;
  return {
    cites,
    status: result.verdict,
    reason: `${result.reason}; ${result.discovery.reason}`,
    effect: {
      metric: "ndcg@10",
      mean: value,
      low: Math.min(interval.low, value),
      high: Math.max(interval.high, value),
      level: interval.level,
      n_cases: first.cases,
      n_commits: first.commits,
      n_repos: first.repos,
    },
  };
}

/** Which cases belong to a claim's stratum, by their facts as the asker states them. */
function strataOf(bench: Bench, stratum: Readonly<Record<string, string>>): boolean[] {
  return bench.stated.map((facts, i) =>
    Object.entries(stratum).every(([key, value]) => {
      switch (key) {
        case "history":
          return facts["history.is_young"] === (value === "young");
        case "intent":
          return facts.intent === value;
        case "language":
          return facts["repo.language"] === value;
        case "seed":
          return facts["seed.is_test"] === (value === "test");
        case "repo":
          return bench.arena.cases[i]!.case.repo === value;
        case "size": {
          const files = facts["repo.file_count"];
          return value === (files < 200 ? "small" : files < 1000 ? "medium" : "large");
        }
        default:
          return false;
      }
    })
  );
}

/** An objective whose clusters are the commits of some cases, each worth the same. */
function commitMeans(bench: Bench, keep: (index: number) => boolean) {
  const kept = bench.arena.cases.filter(({ index }) => keep(index));
  const groups = [...Map.groupBy(kept, ({ case: c }) => `${c.repo}@${c.commit}`).values()];
  return {
    cases: kept.length,
    commits: groups.length,
    repos: new Set(kept.map(({ case: c }) => c.repo)).size,
    objective: (point: Point): Outcome => {
      const values = bench.scores.at(point);
      const perCluster = Float64Array.from(
        groups,
        (group) => group.reduce((sum, { index }) => sum + values[index]!, 0) / group.length,
      );
      return { mean: perCluster.reduce((a, b) => a + b, 0) / perCluster.length, perCluster };
    },
  };
}
