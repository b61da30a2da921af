/**
 * A reasoner as an arm among samplers: the same space, the same purse, the same train cases, points only.
 *
 * Edits of the formula are closed here, because a formula with other parameters is no point of the space that all arms share.
 */
import { join } from "node:path";
import { randomStream, shuffled } from "../base/random.ts";
import { askFor } from "../claude/ask_for.ts";
import { ClaudeError } from "../claude/errors.ts";
import { CallJournal } from "../claude/journal.ts";
import type { Model } from "../claude/model.ts";
import { recorded } from "../claude/recorded.ts";
import type { Formula } from "../formula/document.ts";
import { searchSpace } from "../formula/parameters.ts";
import type { QueryMode } from "../records/snapshot.ts";
import { type Point, pointHash, stepParameter } from "../records/space.ts";
import { type AnalystInput, analystModel } from "../reasoning/analyst.ts";
import { type Control, disguise } from "../reasoning/controls.ts";
import { gatherEvidence, type Survey, survey } from "../reasoning/evidence.ts";
import type { TrainArena } from "../reasoning/guard.ts";
import { dealBlocks, Panel } from "../reasoning/panel.ts";
import { exampleReply, PROMPTS, writePrompt } from "../reasoning/prompt.ts";
import { type Reply, replySchema } from "../reasoning/reply.ts";
import type { StepView, TriedView } from "../reasoning/view.ts";
import type { BudgetedEvaluator } from "../search/budget.ts";
import { proposalSampler, type Proposer } from "../search/proposal_sampler.ts";
import type { AsyncSampler } from "../search/sampler.ts";
import type { ArmInput, ReasonerArm, ReasonerMaker } from "./arms.ts";

/** Blocks of whole commits that evidence is drawn from at a time; another sample after so many turns. */
const SAMPLE_BLOCKS = 3, STRETCH = 4;

/** Cases of a block: at most 40, and few enough that a survey of some 160 moves costs about six evaluations of the train split. */
const blockCases = (train: number) => Math.min(40, Math.max(8, Math.round(train / 75)));

/** What reasoner arms need beside their purse. */
export interface ReasonerSetting {
  readonly train: TrainArena;
  readonly formula: Formula;
  readonly mode: QueryMode;
  readonly study: string;
  /** Who answers in the arm "claude" */
  readonly model?: Model;
  readonly signal?: AbortSignal;
}

/** Makes reasoner arms over a study's train cases. @throws {RangeError} for the arm "claude" without a model */
export function reasonerMaker(setting: ReasonerSetting): ReasonerMaker {
  return (arm, input) => {
    const model = arm === "claude" ? setting.model : analystModel();
    if (model === undefined) {
      throw new RangeError("The arm claude has nobody to ask: give a model, or leave the arm out");
    }
    const proposer = reasonerProposer({
      ...setting,
      ...input,
      model,
      control: controlOf(arm),
      embedded: arm !== "claude",
    });
    const { space, seed, budget } = input;
    return arm === "hybrid"
      ? proposalSampler({ name: arm, space, seed, budget, proposer, base: "cma_es", share: 0.3, warmup: 10 })
      : reasonerAlone(arm, input, proposer);
  };
}

function reasonerAlone(
  arm: ReasonerArm,
  { space, seed, budget }: ArmInput,
  proposer: Proposer,
): AsyncSampler {
  return proposalSampler({ name: arm, space, seed, budget, proposer, base: "random", share: 1, warmup: 1 });
}

function controlOf(arm: ReasonerArm): Control {
  return arm === "analyst_permuted" ? "permuted" : arm === "analyst_no_history" ? "no-history" : "none";
}

/** Options of {@link reasonerProposer}. */
export interface ProposerOptions extends Omit<ReasonerSetting, "model"> {
  readonly model: Model;
  /** An embedded reasoner is no model call, and nothing of it is recorded */
  readonly embedded: boolean;
  readonly control: Control;
  readonly seed: number;
  readonly evaluator: BudgetedEvaluator;
  readonly dir: string;
}

interface Tried {
  readonly steps: readonly StepView[];
  readonly from: string;
  readonly to: string;
  readonly before: number | null;
  /** gain on train that was foretold */
  readonly forecast: number;
}

/**
 * Proposes one point a turn: surveys a sample of train cases at the incumbent, shows the evidence and what was tried, and takes the
 * steps of the reply.
 *
 * **Price.** Every case scored for evidence is paid for: θ-evaluations of as many cases as the whole train split, rounded up. Calls of a
 * model are charged with their tokens and money.
 * **Samples.** Three blocks of 8 to 40 cases, others after four turns, after every new incumbent and after every reply without a
 * change; with the control "no-history" on every turn, since one that forgets would repeat itself.
 * A reply without a change fails the turn with the reason given.
 */
export function reasonerProposer(options: ProposerOptions): Proposer {
  const { train, formula, mode, study, control, seed, evaluator, model, embedded } = options;
  const space = searchSpace(formula);
  const blocks = dealBlocks(train, { cases: blockCases(train.cases.length), seed });
  const calls = embedded ? undefined : new CallJournal(options.dir);
  const asked = embedded
    ? model
    : recorded(model, { folder: join(options.dir, "cassettes"), mode: "record" });
  const tried: Tried[] = [], shown = new Set<string>();
  let scored = 0, charged = 0, sample = 0;
  let current: { readonly at: string; readonly surveyed: Survey; turns: number } | undefined;

  function pay(cases: number): void {
    scored += cases;
    const due = Math.ceil(scored / train.cases.length) - charged;
    charged += due;
    evaluator.charge({ theta_evaluations: due });
  }

  function surveyAt(point: Point, at: string): Survey {
    if (current?.at !== at || current.turns >= STRETCH || control === "no-history") {
      const order = shuffled(randomStream(seed, `study/reasoner/sample/${sample++}`), blocks);
      const panel = new Panel(order.slice(0, Math.max(1, Math.min(SAMPLE_BLOCKS, blocks.length))));
      const surveyed = survey(panel, formula, point, { study, mode, structural: false });
      pay(surveyed.case_evaluations);
      current = { at, surveyed, turns: 0 };
    }
    current.turns++;
    return current.surveyed;
  }

  function remember(values: ReadonlyMap<string, number | null>, at: string): TriedView[] {
    return tried.map(({ steps, from, to, before, forecast }, i) => {
      const value = values.get(to) ?? null;
      const delta = value === null || before === null ? null : value - before;
      const accepted = delta !== null && delta > 0;
      return {
        episode: `turn ${i}`,
        decision: accepted ? "accepted" : "rejected",
        steps,
        edits: [],
        forecast,
        delta,
        reason: delta === null
          ? "it could not be scored"
          : `train ${delta >= 0 ? "+" : ""}${delta.toFixed(4)}`,
        same_start: from === at,
      };
    });
  }

  return async ({ trials, incumbent, turn }) => {
    const at = pointHash(incumbent);
    const values = new Map(trials.map((t) => [pointHash(t.point), t.value]));
    const surveyed = surveyAt(incumbent, at);
    const evidence = gatherEvidence(surveyed, { seed, turn, shown });
    pay(evidence.case_evaluations);
    evidence.batch.forEach(({ failure }) => shown.add(failure.case_id));
    const mask = disguise(control, {
      evidence: evidence.view,
      memory: { insights: [], tried: remember(values, at) },
      space,
      point: incumbent,
      structural: false,
    }, randomStream(seed, `study/reasoner/control/${turn}`));
    const reply = mask.reveal(await ask(mask, turn));
    if (reply.proposed_changes.length === 0) {
      current = undefined;
      throw new RangeError(`it proposes no change: ${reply.no_change_reason}`);
    }
    const steps = reply.proposed_changes.map(({ param, direction, magnitude }) => ({
      param,
      direction,
      magnitude,
    }));
    const point: Record<string, number> = { ...incumbent };
    for (const { param, direction, magnitude } of steps) {
      const spec = space.find((p) => p.name === param)!;
      point[param] = stepParameter(spec, point[param]!, direction, magnitude);
    }
    tried.push({
      steps,
      from: at,
      to: pointHash(point),
      before: values.get(at) ?? null,
      forecast: reply.forecast.delta_ndcg,
    });
    return { points: [point] };
  };

  async function ask(mask: ReturnType<typeof disguise>, turn: number): Promise<Reply> {
    const labels = mask.evidence.failures.map((f) => f.label);
    const example = exampleReply(mask.space, mask.point, labels);
    const written = writePrompt({ ...mask, example });
    const input: AnalystInput = { evidence: written.evidence, memory: written.memory, structural: false };
    const schema = replySchema({ ...mask, formula, labels });
    try {
      const answer = await askFor(
        asked,
        { system: PROMPTS.system, prompt: written.text, label: `turn ${turn}`, episode: turn, input },
        schema,
        {
          refused: [example],
          ...(calls === undefined ? {} : { journal: calls }),
          ...(options.signal ? { signal: options.signal } : {}),
        },
      );
      if (!embedded) charge(answer);
      return answer.value;
    } catch (error) {
      if (!(error instanceof ClaudeError)) throw error;
      if (!embedded) charge(error);
      // A model that cannot be asked at all ends the arm where it is; nothing is lost and it goes on when run again.
      if (error.next === "stop" || error.next === "pause") {
        throw Object.assign(new DOMException(error.message, "AbortError"), { cause: error });
      }
      throw error;
    }
  }

  function charge({ attempts }: { readonly attempts: ClaudeError["attempts"] }): void {
    evaluator.charge({
      model_calls: attempts.length,
      tokens: attempts.reduce((n, { tokens }) => n + tokens.input + tokens.output, 0),
      cost_usd: attempts.reduce((sum, { cost_usd }) => sum + (cost_usd ?? 0), 0),
    });
  }
}
