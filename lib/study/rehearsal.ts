/**
 * One episode in slow motion: each step of the loop by itself, for looking at. Nothing is written and nothing is remembered.
 *
 * It is the first episode of a study: from the defaults, with an empty memory. `reasoning/loop.ts` is the real thing.
 */
import { type Answer, askFor } from "../claude/ask_for.ts";
import type { Model } from "../claude/model.ts";
import { searchSpace } from "../formula/parameters.ts";
import { judge, type Judgement } from "../reasoning/acceptance.ts";
import { applyProposal, type Candidate, candidateOf } from "../reasoning/candidate.ts";
import { orderCertificate } from "../reasoning/certify.ts";
import { type Evidence, gatherEvidence, type Survey, survey } from "../reasoning/evidence.ts";
import { loadArenas } from "../reasoning/guard.ts";
import { splitBlocks } from "../reasoning/incumbent.ts";
import { recall } from "../reasoning/memory.ts";
import { dealBlocks, Panel } from "../reasoning/panel.ts";
import { exampleReply, PROMPTS, writePrompt, type WrittenPrompt } from "../reasoning/prompt.ts";
import { type Reply, replySchema, toProposal } from "../reasoning/reply.ts";
import { Scorer } from "../reasoning/scorer.ts";
import type { Proposal } from "../records/proposal.ts";
import { defaultPoint } from "../records/space.ts";
import { foldScratchpad } from "../scratchpad/fold.ts";
import { developmentCorpora } from "./failures.ts";
import type { OpenStudy } from "./open.ts";

/** Cases of a block, blocks wanted at the least, and cases of the sample evidence is drawn from: those of the loop. */
const BLOCK_CASES = 40, LEAST_BLOCKS = 5, EVIDENCE_CASES = 240;

/** An episode before its question is asked. */
export interface Rehearsal {
  readonly incumbent: Candidate;
  readonly surveyed: Survey;
  readonly evidence: Evidence;
  /** the prompt, and exactly what it shows */
  readonly prompt: WrittenPrompt;
  /** ids of the shown cases by their label in the prompt */
  readonly caseIds: ReadonlyMap<string, string>;
  readonly seed: number;
  readonly turn: number;
  /** train cases the evidence was not drawn from, in the order of the race */
  readonly fresh: readonly Scorer[];
  readonly selection: Panel;
}

/**
 * Gathers evidence and writes the prompt.
 *
 * @param turn another number draws another five failures
 * @throws {RangeError} when there are too few cases, or none fails
 */
export function prepareRehearsal({ config, corpora }: OpenStudy, turn = 0): Rehearsal {
  const { formula, seed, name, query } = config;
  const { train, selection } = loadArenas(developmentCorpora(corpora), { mode: query });
  const cases = Math.max(1, Math.min(BLOCK_CASES, Math.floor(train.cases.length / (2 * LEAST_BLOCKS))));
  const { sample, fresh } = splitBlocks(dealBlocks(train, { cases, seed }), {
    seed,
    stretch: 0,
    turn,
    cases: EVIDENCE_CASES,
  });
  const incumbent = candidateOf(formula, defaultPoint(searchSpace(formula)));
  const surveyed = survey(new Panel(sample), formula, incumbent.point, {
    study: name,
    mode: query,
    certificate: orderCertificate(query),
  });
  if (surveyed.candidates.length === 0) {
    throw new RangeError(`Nothing to reason about: no sampled train case of ${name} fails`);
  }
  const evidence = gatherEvidence(surveyed, { seed, turn, shown: new Set() });
  const labels = evidence.view.failures.map(({ label }) => label);
  const prompt = writePrompt({
    evidence: evidence.view,
    memory: recall(emptyMemory(), formula, incumbent.point).view,
    example: exampleReply(searchSpace(formula), incumbent.point, labels),
    structural: true,
  });
  const caseIds = new Map(evidence.batch.map(({ failure }, i) => [labels[i]!, failure.case_id]));
  return {
    incumbent,
    surveyed,
    evidence,
    prompt,
    caseIds,
    seed,
    turn,
    fresh,
    selection: new Panel([new Scorer(selection)]),
  };
}

/**
 * Asks a model and checks its reply; an unusable one is asked again with what was wrong.
 *
 * @throws {ClaudeError} when there is no usable reply
 */
export function askRehearsed(rehearsal: Rehearsal, model: Model): Promise<Answer<Reply>> {
  const { prompt } = rehearsal;
  const input = { evidence: prompt.evidence, memory: prompt.memory, structural: true };
  return askFor(
    model,
    { system: PROMPTS.system, prompt: prompt.text, label: "rehearsal", episode: 0, input },
    rehearsedSchema(rehearsal),
    { refused: [rehearsedExample(rehearsal)] },
  );
}

/** What a reply has to be: try anything on it with `safeParse`. */
export function rehearsedSchema(
  { incumbent: { formula, point }, caseIds }: Rehearsal,
): ReturnType<typeof replySchema> {
  return replySchema({ formula, space: searchSpace(formula), point, labels: [...caseIds.keys()] });
}

/** The made-up reply that the prompt shows as an example; a model that repeats it is refused. */
export function rehearsedExample({ incumbent: { formula, point }, caseIds }: Rehearsal): Reply {
  return exampleReply(searchSpace(formula), point, [...caseIds.keys()]);
}

/** What a reply comes to. */
export interface RehearsedVerdict {
  readonly proposal: Proposal;
  /** undefined when the reply changes nothing */
  readonly candidate: Candidate | undefined;
  /** undefined without a candidate */
  readonly judgement: Judgement | undefined;
}

/** Applies a reply and judges it: a race on fresh train cases, then, if it won, one look at selection cases. */
export function judgeRehearsed(rehearsal: Rehearsal, reply: Reply): RehearsedVerdict {
  const { incumbent, caseIds, fresh, selection, seed, turn } = rehearsal;
  const proposal = toProposal(reply, caseIds);
  if (proposal.no_change_reason !== null) return { proposal, candidate: undefined, judgement: undefined };
  const candidate = applyProposal(incumbent, proposal, "rehearsed");
  if (candidate === undefined) return { proposal, candidate, judgement: undefined };
  return {
    proposal,
    candidate,
    judgement: judge({ state: emptyMemory(), incumbent, candidate, fresh, selection, seed, turn }),
  };
}

const emptyMemory = () => foldScratchpad({ episodes: [], insights: [] });
