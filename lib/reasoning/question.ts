/** Puts an episode's evidence and memory to a reasoner and reads its answer. */
import { askFor } from "../claude/ask_for.ts";
import type { AttemptLimits } from "../claude/attempts.ts";
import { ClaudeError } from "../claude/errors.ts";
import type { CallJournal } from "../claude/journal.ts";
import type { Model } from "../claude/model.ts";
import { randomStream } from "../base/random.ts";
import { sha256 } from "../base/canonical.ts";
import { searchSpace } from "../formula/parameters.ts";
import type { CallRecord } from "../records/call.ts";
import type { Proposal } from "../records/proposal.ts";
import type { ScratchpadState } from "../scratchpad/fold.ts";
import type { AnalystInput } from "./analyst.ts";
import type { Candidate } from "./candidate.ts";
import { type Control, disguise } from "./controls.ts";
import type { Evidence } from "./evidence.ts";
import { recall } from "./memory.ts";
import { exampleReply, PROMPTS, writePrompt } from "./prompt.ts";
import { replySchema, toProposal } from "./reply.ts";
import type { EvidenceView } from "./view.ts";

/** What a question needs. */
export interface Question {
  readonly model: Model;
  readonly calls: CallJournal;
  readonly state: ScratchpadState;
  readonly index: number;
  readonly incumbent: Candidate;
  readonly evidence: Evidence;
  readonly seed: number | string;
  readonly structural?: boolean;
  readonly control?: Control;
  readonly promptTokens?: number;
  readonly attempts?: AttemptLimits;
  readonly signal?: AbortSignal;
  readonly onPrompt?: (bytes: number) => void;
}

/** What came of it: a proposal, or why there is none. */
export interface Answered {
  readonly proposal: Proposal | null;
  /** plain sentence; null beside a proposal */
  readonly failure: string | null;
  readonly prompt_hash: string;
  readonly calls: readonly string[];
  readonly insights_shown: readonly string[];
  /** the evidence as it was shown, in true names: what may be remembered of it */
  readonly remembered: EvidenceView;
}

/** How often a prompt may be halved when the model finds it too long. */
const SHRINKS = 2;

/**
 * Asks.
 *
 * @throws {ClaudeError} of a kind that stops or pauses a study; what fails this one question only comes back as `failure`
 */
export async function askReasoner(question: Question): Promise<Answered> {
  const { state, incumbent, evidence, index, seed, structural = true, control = "none", calls } = question;
  const memory = recall(state, incumbent.formula, incumbent.point);
  const truth = {
    evidence: evidence.view,
    memory: memory.view,
    space: searchSpace(incumbent.formula),
    point: incumbent.point,
    structural,
  };
  const mask = disguise(control, truth, randomStream(seed, `reasoning/control/${control}/${index}`));
  const labels = evidence.view.failures.map((f) => f.label);
  const caseIds = new Map(evidence.batch.map(({ failure }, i) => [labels[i]!, failure.case_id]));
  const example = exampleReply(mask.space, mask.point, labels);
  const schema = replySchema({ ...mask, formula: incumbent.formula, labels });
  let prompt_hash = "";
  for (let shrinks = 0;; shrinks++) {
    const written = writePrompt({
      ...mask,
      example,
      tokens: Math.floor((question.promptTokens ?? 24_000) / 2 ** shrinks),
    });
    prompt_hash = sha256(written.text);
    question.onPrompt?.(new TextEncoder().encode(written.text).length);
    const input: AnalystInput = {
      evidence: written.evidence,
      memory: written.memory,
      structural: mask.structural,
    };
    const done = (proposal: Proposal | null, failure: string | null): Answered => ({
      proposal,
      failure,
      prompt_hash,
      calls: callIds(calls, index),
      insights_shown: control === "no-history" ? [] : memory.shown,
      remembered: mask.remembered,
    });
    try {
      const answer = await askFor(
        question.model,
        { system: PROMPTS.system, prompt: written.text, label: `episode ${index}`, episode: index, input },
        schema,
        {
          ...question.attempts,
          journal: calls,
          refused: [example],
          ...(question.signal ? { signal: question.signal } : {}),
        },
      );
      return done(toProposal(mask.reveal(answer.value), caseIds), null);
    } catch (error) {
      if (!(error instanceof ClaudeError)) throw error;
      if (error.next === "shrink" && shrinks < SHRINKS) continue;
      if (error.next === "stop" || error.next === "pause") throw error;
      return done(null, error.message);
    }
  }
}

/** Ids of the attempts that led to an episode's answer, in order: the same whether or not a run before was interrupted. */
function callIds(calls: CallJournal, episode: number): string[] {
  return calls.since(episode).map(callId);
}

/** Names one attempt: the prompt's hash, how often it was asked in its episode, and the attempt. */
export function callId(record: CallRecord): string {
  return `${record.prompt_hash.slice(0, 16)}.${record.ordinal}.${record.attempt}`;
}
