/** Gathers the evidence of one episode: a sample at the incumbent, what moves and edits would do to it, five failures taken apart. */
import { carryPoint } from "../formula/carry.ts";
import type { Formula } from "../formula/document.ts";
import { searchSpace } from "../formula/parameters.ts";
import { printFormula } from "../formula/print.ts";
import type { QueryMode } from "../records/snapshot.ts";
import type { Point } from "../records/space.ts";
import { attributePair, findFlips } from "./attribute.ts";
import { type BatchCandidate, batchCandidates, type BatchOptions, chooseBatch } from "./batch.ts";
import { bundleSteps, type MeasuredBundle } from "./bundles.ts";
import { listEdits } from "./catalogue.ts";
import { type Effect, effectOf, type Standing, standOf } from "./effect.ts";
import { collectFailures, failureKinds } from "./failures.ts";
import { castVotes, type Vote } from "./gradient.ts";
import type { PairCertificate } from "./certify.ts";
import { judgeMovability, type Movability } from "./movability.ts";
import type { Panel } from "./panel.ts";
import type { EffectView, EvidenceView, FailureView, OptionView } from "./view.ts";

/** A structural edit with what it does to the sample. */
export interface MeasuredOption {
  readonly what: string;
  readonly edits: OptionView["edits"];
  readonly effect: Effect;
}

/** Everything measured on a sample at one incumbent: the same for every episode that starts there with the same sample. */
export interface Survey {
  readonly standing: Standing;
  readonly candidates: readonly BatchCandidate[];
  readonly votes: readonly Vote[];
  readonly dead: readonly string[];
  readonly bundles: readonly MeasuredBundle[];
  readonly options: readonly MeasuredOption[];
  readonly movability: Movability;
  /** cases scored for it */
  readonly case_evaluations: number;
}

/** Options of {@link survey}. */
export interface SurveyOptions {
  readonly study: string;
  readonly mode: QueryMode;
  /** whether structural edits are measured and offered. Default true */
  readonly structural?: boolean;
  /** proofs about stuck failures; default: none are sought */
  readonly certificate?: PairCertificate;
}

/** Surveys a panel at an incumbent. */
export function survey(panel: Panel, formula: Formula, point: Point, options: SurveyOptions): Survey {
  const standing = standOf(panel, formula, point);
  const { votes, dead, case_evaluations: voted } = castVotes(standing);
  const isFailed = (place: number) => failureKinds(standing, place).length > 0;
  const movability = judgeMovability(standing, votes, (c) => isFailed(c.place), options.certificate);
  const bundles = bundleSteps(standing, votes);
  const edits = options.structural === false ? [] : listEdits(formula, options.mode);
  const measured = edits.map(({ what, edits, formula: edited }): MeasuredOption => ({
    what,
    edits,
    effect: effectOf(standing, edited, carryPoint(formula, edited, point)),
  }));
  return {
    standing,
    candidates: batchCandidates(standing, collectFailures(standing, options), movability),
    votes,
    dead,
    bundles: bundles.bundles,
    options: measured,
    movability,
    case_evaluations: panel.size * (1 + measured.length) + voted + movability.case_evaluations +
      bundles.case_evaluations,
  };
}

/** The evidence of an episode, what it shows and what it cost beyond its survey. */
export interface Evidence {
  readonly view: EvidenceView;
  readonly batch: readonly BatchCandidate[];
  readonly case_evaluations: number;
}

/** Pairs a failure is shown with, flips a pair is. */
const LIMITS = { pairs: 3, flips: 3, files: 10 } as const;

/** Chooses the batch of an episode, takes its pairs apart and writes everything as a reasoner may see it. */
export function gatherEvidence(surveyed: Survey, options: BatchOptions): Evidence {
  const { standing, movability } = surveyed;
  const { panel, formula, point } = standing;
  const batch = chooseBatch(surveyed.candidates, options);
  let asked = 0;
  const failures = batch.map(({ place, failure, movable }, i): FailureView => {
    const c = panel.cases[place]!, { files } = c.group.snapshot;
    const pairs = standing.failed[place]!.slice(0, LIMITS.pairs);
    const search = findFlips(c, formula, point, pairs, (name) => !surveyed.dead.includes(name));
    asked += search.evaluations;
    return {
      label: `F${i + 1}`,
      repo: failure.repo_name,
      files: failure.repo_file_count,
      intent: failure.intent,
      subject: failure.commit_context,
      query: failure.query,
      seed_file: failure.seed_file,
      ndcg: failure.ndcg,
      expected: failure.expected_top.slice(0, LIMITS.files),
      ranked_first: failure.actual_top,
      movable,
      pairs: pairs.map((pair, k) => {
        const { gap, parts, carriers } = attributePair(c, formula, point, pair);
        const row = failure.pairs[k]!;
        return {
          missed: files[pair.target]!,
          missed_rank: row.missed_rank!,
          distractor: files[pair.other]!,
          distractor_rank: row.distractor_rank,
          gap,
          parts: parts.filter((part) => Math.abs(part.log_ratio) > 1e-6),
          carriers,
          flips: search.flips[k]!.slice(0, LIMITS.flips).map(({ param, to, how }) => {
            asked += panel.size;
            const { fixes, breaks } = effectOf(standing, formula, { ...point, [param]: to });
            return { param, to, how, fixes, breaks };
          }),
        };
      }),
    };
  });
  const show = (effect: Effect): EffectView => ({
    delta: effect.delta,
    se: effect.se,
    fixes: effect.fixes,
    breaks: effect.breaks,
    repos_better: effect.repos_better,
    repos_worse: effect.repos_worse,
    helps: batch.flatMap(({ place }, i) => effect.gains[place]! > 0 ? [`F${i + 1}`] : []),
  });
  const byDelta = (a: EffectView, b: EffectView) => b.delta - a.delta;
  const view: EvidenceView = {
    sample: {
      cases: panel.size,
      commits: new Set(panel.cases.map(({ own }) => `${own.case.repo} ${own.case.commit}`)).size,
      repos: new Set(panel.cases.map(({ own }) => own.case.repo)).size,
      mean_ndcg: panel.mean(standing.values),
      failures: surveyed.candidates.length,
      stuck: movability.stuck.length,
      stuck_checked: movability.proofs.checked,
      stuck_proven: movability.proofs.proven.length,
    },
    formula: printFormula(formula),
    parameters: searchSpace(formula).map(({ name, default: start, low, high, scale, description }) => ({
      name,
      value: point[name]!,
      default: start,
      low,
      high,
      scale,
      description,
    })),
    failures,
    votes: surveyed.votes.map(({ param, direction, magnitude, to, effect }) => ({
      param,
      direction,
      magnitude,
      to,
      ...show(effect),
      by_intent: effect.by_intent,
    })).sort(byDelta),
    dead: surveyed.dead,
    bundles: surveyed.bundles.map(({ steps, effect }) => ({ steps, ...show(effect) })).sort(byDelta),
    options: surveyed.options.map(({ what, edits, effect }): OptionView => ({
      what,
      edits,
      ...show(effect),
      unsticks: movability.stuck.filter((place) => effect.gains[place]! > 0).length,
    })).sort(byDelta),
  };
  return { view, batch, case_evaluations: asked };
}
