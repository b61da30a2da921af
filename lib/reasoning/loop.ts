/**
 * The loop: evidence, question, reply, judgement, memory; again, until the episodes are done.
 *
 * Everything an episode does follows from the committed episodes before it, the seed and the reply. It is committed by one line, written
 * last. So a study that was killed goes on as if it had not been, and under replay gives the same bytes.
 */
import { join } from "node:path";
import { canonicalJson } from "../base/canonical.ts";
import { ClaudeError } from "../claude/errors.ts";
import { CallJournal } from "../claude/journal.ts";
import { recorded } from "../claude/recorded.ts";
import { searchSpace } from "../formula/parameters.ts";
import type { Episode } from "../records/episode.ts";
import { defaultPoint } from "../records/space.ts";
import { EPISODES, INSIGHTS } from "../scratchpad/files.ts";
import { foldScratchpad, type ScratchpadState } from "../scratchpad/fold.ts";
import { type Journal, openJournal } from "../scratchpad/journal.ts";
import { BEYOND } from "./beyond.ts";
import { type Candidate, candidateOf } from "./candidate.ts";
import { orderCertificate } from "./certify.ts";
import { conclude } from "./conclude.ts";
import { gatherEvidence, type Survey, survey } from "./evidence.ts";
import { incumbentOf, splitBlocks, stretchStart } from "./incumbent.ts";
import type { ReasonOptions } from "./options.ts";
import { dealBlocks, Panel } from "./panel.ts";
import { askReasoner } from "./question.ts";
import { Scorer } from "./scorer.ts";
import { writeTickets } from "./tickets.ts";
import { keepFormula } from "./versions.ts";

/** Cases of a block, and blocks wanted at the least. */
const BLOCK_CASES = 40, LEAST_BLOCKS = 5;

/**
 * Runs a study of reasoning, or goes on with the one in its folder, and yields each new episode once it is committed.
 *
 * A reply that cannot be used, or a failure of one call, is a failed episode; the study goes on. Nothing of an interrupted episode counts.
 * It ends early when no case of the sample fails, or when patience is over.
 * @returns the state of the study at its end: its best point, never merely its last
 * @throws {ClaudeError} when the model cannot go on (no login, a limit, a ceiling, cancelled): run again to resume
 * @throws {RangeError} for too few cases, or a folder that holds a study with another start
 * @throws {LockedError} while another process writes the study
 */
export async function* reason(options: ReasonOptions): AsyncGenerator<Episode, ScratchpadState> {
  const { dir, study, seed, train, acceptance } = options;
  const { blocks, selection } = prepare(options);
  using journal = openJournal(dir, options.disk ? { disk: options.disk } : {});
  const calls = new CallJournal(dir);
  const model = recorded(options.model, {
    folder: join(dir, "cassettes"),
    mode: options.recording ?? "record",
  });
  const start = candidateOf(options.formula, options.point ?? defaultPoint(searchSpace(options.formula)));
  let state = fold(journal);
  checkStart(state, start, options);
  keepFormula(journal, start.formula);
  // A run that died between an episode and its tickets left these behind.
  writeTickets(dir, state, journal.read(BEYOND));
  options.onEvent?.({ event: "opened", episodes: state.episodes.length, recovered: journal.recovered });
  let kept: { stretch: number; surveyed: Survey } | undefined;
  while (state.episodes.length < options.episodes && !isOutOfPatience(state, options.patience)) {
    stopIfAborted(options);
    const index = state.episodes.length, stretch = stretchStart(state.episodes);
    const { candidate: incumbent, parent } = incumbentOf(journal, state.episodes, start);
    const { sample, fresh } = splitBlocks(blocks, {
      seed,
      stretch,
      turn: index,
      cases: options.evidenceCases ?? 240,
    });
    if (kept?.stretch !== stretch) {
      const surveyed = survey(new Panel(sample), incumbent.formula, incumbent.point, {
        study,
        mode: train.mode,
        structural: options.structural ?? true,
        certificate: options.certificate ?? orderCertificate(train.mode),
      });
      kept = { stretch, surveyed };
    }
    const { surveyed } = kept;
    if (surveyed.candidates.length === 0) break;
    const shown = new Set(state.episodes.flatMap((e) => e.failures.map((f) => f.case_id)));
    const evidence = gatherEvidence(surveyed, { seed, turn: index, shown });
    options.onEvent?.({ event: "surveyed", index, evidence: evidence.view });
    const answered = await askReasoner({
      ...options,
      model,
      calls,
      state,
      index,
      incumbent,
      evidence,
      onPrompt: (prompt_bytes) => options.onEvent?.({ event: "asking", index, prompt_bytes }),
    });
    stopIfAborted(options);
    options.onEvent?.({ event: "judging", index });
    const episode = conclude({
      journal,
      state,
      study,
      agent: options.model.name,
      seed,
      index,
      parent,
      incumbent,
      surveyed,
      paysSurvey: stretch === index,
      evidence,
      answered,
      fresh,
      selection,
      ...(acceptance ? { acceptance } : {}),
    });
    state = fold(journal);
    writeTickets(dir, state, journal.read(BEYOND));
    options.onEvent?.({ event: "decided", episode });
    yield episode;
  }
  return state;
}

function prepare({ train, selection, seed }: ReasonOptions): { blocks: Scorer[]; selection: Panel } {
  if (train.mode !== selection.mode) {
    throw new RangeError(
      `Cannot reason: train is in ${train.mode} mode and selection in ${selection.mode} mode; load both alike`,
    );
  }
  const commits = Map.groupBy(selection.groups, (g) => g.snapshot.repo);
  if (![...commits.values()].some((groups) => groups.length >= 2)) {
    throw new RangeError(
      `Cannot reason: ${selection.groups.length} selection commits of ${commits.size} repositories allow no interval; two of one are wanted`,
    );
  }
  const cases = Math.max(1, Math.min(BLOCK_CASES, Math.floor(train.cases.length / (2 * LEAST_BLOCKS))));
  const blocks = dealBlocks(train, { cases, seed });
  if (blocks.length < LEAST_BLOCKS) {
    throw new RangeError(
      `Cannot reason on ${train.groups.length} train commits: ${LEAST_BLOCKS} at least are wanted; add commits or repositories`,
    );
  }
  return { blocks, selection: new Panel([new Scorer(selection)]) };
}

function fold(journal: Journal): ScratchpadState {
  return foldScratchpad({ episodes: journal.read(EPISODES), insights: journal.read(INSIGHTS) });
}

function checkStart(
  { episodes: [first] }: ScratchpadState,
  start: Candidate,
  { dir, study }: ReasonOptions,
): void {
  if (first === undefined) return;
  const same = first.study === study && first.formula_before === start.hash &&
    canonicalJson(first.params_before) === canonicalJson(start.point);
  if (!same) {
    throw new RangeError(
      `Cannot go on with the study in ${dir}: it is ${first.study} and began at another formula or point; give this run another --study`,
    );
  }
}

function isOutOfPatience({ episodes }: ScratchpadState, patience = Infinity): boolean {
  const lastWin = episodes.findLastIndex((e) => e.decision === "accepted");
  return episodes.length - 1 - lastWin >= patience;
}

function stopIfAborted({ signal, model }: ReasonOptions): void {
  if (signal?.aborted) throw new ClaudeError("cancelled", { program: model.name });
}
