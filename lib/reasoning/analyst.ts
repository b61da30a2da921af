/**
 * The embedded reasoner: reads the same evidence as any other, and answers in the same words.
 *
 * It is deterministic and knows nothing the prompt does not say. It takes the measured steps, bundles and edits, discounts each by its
 * own uncertainty and by what it breaks, leaves out what was turned down from here, and proposes the best of the rest.
 */
import { functionModel } from "../claude/function_model.ts";
import type { Model, ModelRequest } from "../claude/model.ts";
import type { Reply } from "./reply.ts";
import type { EffectView, EvidenceView, MemoryView, OptionView, StepView } from "./view.ts";

/** What the analyst reads: handed over as the request's `input`. */
export interface AnalystInput {
  readonly evidence: EvidenceView;
  readonly memory: MemoryView;
  readonly structural: boolean;
}

/** Changes with the analyst's answers; part of a recording's key. */
const VERSION = "2";

/** The analyst as a model. It costs nothing and starts nothing. */
export function analystModel(): Model {
  return functionModel("analyst", (request: ModelRequest) => reasonFrom(request.input as AnalystInput), {
    version: VERSION,
  });
}

/** Something the analyst may propose. */
interface Idea extends EffectView {
  readonly steps: readonly StepView[];
  readonly option: OptionView | null;
}

/** Standard errors taken off a measured gain before ideas are compared: the best of many looks better than it is. */
const CAUTION = 1;
/** Share of a measured gain that is forecast for other cases before any forecast was scored, and how many scored ones that counts for. */
const SHRINKAGE = 0.6, PRIOR = 4;
/** How much of an idea's worth is lost when its like was turned down from here. */
const LIKENESS = 0.7;
/** Least discounted gain worth a question to the selection split. */
const WORTH = 0.0005;

/** Answers from evidence and memory. */
export function reasonFrom({ evidence, memory, structural }: AnalystInput): Reply {
  const turned = memory.tried.filter((t) => t.same_start && t.decision !== "accepted");
  const turnedKeys = new Set(turned.map((t) => keyOf(t.steps, t.edits)));
  const worthOf = (idea: Idea) => {
    const plain = plainWorth(idea);
    if (plain <= 0) return plain;
    const words = wordsOf(idea.steps, idea.option?.edits ?? []);
    const likeness = Math.max(0, ...turned.map((t) => overlap(words, wordsOf(t.steps, t.edits))));
    return plain * (1 - LIKENESS * likeness);
  };
  const ideas: Idea[] = [
    ...evidence.votes.map((vote) => ({ ...vote, steps: [stepOf(vote)], option: null })),
    ...evidence.bundles.map((bundle) => ({ ...bundle, option: null })),
    ...(structural ? evidence.options.map((option) => ({ ...option, steps: [], option })) : []),
  ].filter((idea) => idea.delta > 0 && !turnedKeys.has(keyOf(idea.steps, idea.option?.edits ?? [])));
  const best = ideas.reduce<Idea | undefined>(
    (a, b) => a === undefined || worthOf(b) > worthOf(a) ? b : a,
    undefined,
  );
  const claims = interactionClaims(evidence);
  const common = {
    param_interactions: claims,
    structural_insights: structuralInsights(evidence),
    diagnosis: diagnose(evidence),
  };
  if (best === undefined || worthOf(best) < WORTH) {
    return {
      ...common,
      proposed_changes: [],
      structural_edits: null,
      forecast: { sign: 0, delta_ndcg: 0, cases_flipped: [], confidence: 0.5 },
      confidence: 0.5,
      no_change_reason: best === undefined
        ? "No measured step, bundle or edit that was not turned down from here raises the sample's mean."
        : `The best idea left gains ${number(best.delta)} with a standard error of ${
          number(best.se)
        }: too little to tell from none.`,
    };
  }
  const record = recordOf(memory);
  const confidence = confidenceOf(best, record);
  return {
    ...common,
    proposed_changes: best.steps.map((step) => ({ ...step, rationale: rationaleOf(step, evidence) })),
    structural_edits: best.option && {
      edits: best.option.edits.map((edit) => JSON.stringify(edit)),
      rationale:
        `${sentence(best.option.what)} On the sample it gains ${
          number(best.delta)
        }, fixes ${best.fixes} pairs, breaks ` +
        `${best.breaks} and helps ${best.option.unsticks} failures that no single step helps.`,
    },
    forecast: {
      sign: 1,
      delta_ndcg: Math.max(1e-6, Math.min(1, best.delta * record.slope)),
      cases_flipped: [...best.helps],
      confidence,
    },
    confidence,
    no_change_reason: null,
  };
}

/** Gain less its uncertainty; of equal gains the one that breaks less and moves less is better. */
function plainWorth(idea: Idea): number {
  const simplicity = 1e-6 * (idea.fixes - idea.breaks) - 1e-5 * idea.steps.length;
  return idea.delta - CAUTION * idea.se + simplicity;
}

/** What an idea is about, whatever its size: parameters with their direction, nodes and signals of its edits. */
function wordsOf(steps: readonly StepView[], edits: readonly unknown[]): ReadonlySet<string> {
  const named = edits.flatMap((edit) => {
    const { id, term } = edit as { id?: string; term?: { term?: { signal?: string } } };
    return [id ?? term?.term?.signal ?? JSON.stringify(edit)];
  });
  return new Set([...steps.map((s) => `${s.param} ${s.direction}`), ...named]);
}

/** Shared words over all words of two ideas, in [0, 1]. */
function overlap(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const shared = [...a].filter((word) => b.has(word)).length, all = a.size + b.size - shared;
  return all === 0 ? 0 : shared / all;
}

/** What became of earlier forecasts: how many of those measured came true in sign, and what part of the size forecast was found. */
interface ForecastPast {
  readonly n: number;
  readonly hits: number;
  /** factor of a measured gain, starting at {@link SHRINKAGE} */
  readonly slope: number;
}

function recordOf({ tried }: MemoryView): ForecastPast {
  const measured = tried.filter((t) => t.delta !== null && t.forecast > 0);
  const square = measured.reduce((sum, t) => sum + t.forecast ** 2, 0);
  const cross = measured.reduce((sum, t) => sum + t.forecast * t.delta!, 0);
  const prior = PRIOR * square / Math.max(1, measured.length);
  const found = square === 0 ? 1 : (cross + prior) / (square + prior);
  return {
    n: measured.length,
    hits: measured.filter((t) => t.delta! > 0).length,
    slope: SHRINKAGE * Math.min(1.5, Math.max(0.1, found)),
  };
}

/** Probability that the sign holds elsewhere: a logistic of the gain in standard errors as the prior of a record of hits and misses. */
function confidenceOf({ delta, se }: EffectView, { n, hits }: ForecastPast): number {
  const prior = Math.min(0.9, 1 / (1 + Math.exp(-delta / Math.max(se, 1e-6))));
  return Math.round((hits + PRIOR * prior) / (n + PRIOR) * 100) / 100;
}

function stepOf({ param, direction, magnitude }: StepView): StepView {
  return { param, direction, magnitude };
}

/** Proposals are the same when they take the same steps and edits, in whatever order the steps stand. */
function keyOf(steps: readonly StepView[], edits: readonly unknown[]): string {
  const words = steps.map((s) => `${s.param} ${s.direction} ${s.magnitude}`).sort();
  return JSON.stringify([words, edits]);
}

const number = (value: number) => value.toFixed(4);
const sentence = (text: string) => `${text[0]!.toUpperCase()}${text.slice(1).split(":")[0]}.`;

function rationaleOf(step: StepView, { votes, failures }: EvidenceView): string {
  const vote = votes.find((v) =>
    v.param === step.param && v.direction === step.direction && v.magnitude === step.magnitude
  );
  if (vote === undefined) return "measured together with the other steps only";
  const flips = failures.filter((f) =>
    f.pairs.some((p) => p.flips.some((flip) => flip.param === step.param))
  );
  return `alone it changes the sample's mean by ${number(vote.delta)} (se ${
    number(vote.se)
  }), fixes ${vote.fixes} pairs and breaks ` +
    `${vote.breaks}${
      flips.length > 0 ? `; it can turn a pair of ${flips.map((f) => f.label).join(", ")}` : ""
    }`;
}

function diagnose({ failures, sample }: EvidenceView): string {
  const lines = failures.map((f) => {
    const [pair] = f.pairs;
    if (pair === undefined) {
      return `${f.label}: its relevant files stand low with no irrelevant file above them.`;
    }
    const what = pair.carriers.length > 0 ? pair.carriers.join(" and ") : "no factor, a tie";
    return `${f.label}: rank ${pair.missed_rank} under rank ${pair.distractor_rank}, held down by ${what} (gap ${
      pair.gap.toFixed(2)
    })${f.movable ? "" : "; no single step helps it"}.`;
  });
  return [
    ...lines,
    `Of ${sample.failures} failures in the sample, ${sample.stuck} are helped by no single step; ${sample.stuck_proven} of ${sample.stuck_checked} ` +
    `of these that were checked are proven beyond every point.`,
  ].join(" ");
}

/** Parameters whose best steps do less together than apart: a claim to be tested, not a finding. */
function interactionClaims({ bundles, votes }: EvidenceView): string[] {
  const claims = new Set<string>();
  for (const { steps, delta } of bundles) {
    if (steps.length !== 2) continue;
    const alone = steps.map((s) =>
      votes.find((v) => v.param === s.param && v.direction === s.direction && v.magnitude === s.magnitude)
        ?.delta ?? 0
    );
    const sum = alone.reduce((a, b) => a + b, 0);
    if (Math.abs(delta - sum) < 0.002) continue;
    const [a, b] = steps.map((s) => `${s.direction === "increase" ? "high" : "low"} ${s.param}`).sort();
    claims.add(`${a} & ${b} => ${delta > sum ? "better" : "redundant"}`);
  }
  return [...claims].slice(0, 4);
}

function structuralInsights({ options, sample }: EvidenceView): string[] {
  const insights: string[] = [];
  if (sample.stuck_proven > 0) {
    insights.push(
      "Some failures are proven beyond every point of this formula's space: only an edit can help them",
    );
  }
  const [best] = options.filter((o) => o.unsticks > 0 && o.delta > CAUTION * o.se);
  if (best !== undefined && sample.stuck > 0) {
    const what = best.what.split(":")[0];
    insights.push(`Tuning single parameters leaves failures that an edit helps: ${what}`.slice(0, 400));
  }
  return insights;
}
