/** The training loop on a study: episodes until done, the best point kept, the judge called once at the end. */
import { join } from "node:path";
import { writeJson } from "../base/artefacts.ts";
import type { Model } from "../claude/model.ts";
import type { RecordMode } from "../claude/recorded.ts";
import type { Corpus } from "../corpus/corpus.ts";
import { Arena } from "../engine/arena.ts";
import { Engine } from "../engine/engine.ts";
import type { Formula } from "../formula/document.ts";
import { formulaHash } from "../formula/formula_hash.ts";
import { searchSpace } from "../formula/parameters.ts";
import { pairedDifferences } from "../metrics/paired.ts";
import type { CaseScore } from "../metrics/commits.ts";
import type { Control } from "../reasoning/controls.ts";
import { loadArenas } from "../reasoning/guard.ts";
import { reason } from "../reasoning/loop.ts";
import type { ReasonEvent } from "../reasoning/options.ts";
import { type Overtuning, overtuning } from "../reasoning/overtuning.ts";
import { FORMULAS } from "../reasoning/versions.ts";
import type { Episode } from "../records/episode.ts";
import { defaultPoint, type Point } from "../records/space.ts";
import { readFailures, readRecords, type ScratchpadState, specScratchpad } from "../scratchpad/mod.ts";
import type { StudyConfig } from "./config.ts";
import { developmentCorpora } from "./failures.ts";
import type { Trained } from "./facts.ts";

/** How a study is trained. */
export interface TrainOptions {
  /** folder of the episodes: the study's own, or one below it for a control */
  readonly dir: string;
  readonly model: Model;
  readonly episodes: number;
  readonly structural?: boolean;
  readonly control?: Control;
  readonly patience?: number;
  readonly recording?: RecordMode;
  readonly maxFailuresShown?: number;
  readonly signal: AbortSignal;
  readonly onEvent?: (event: ReasonEvent) => void;
  readonly onEpisode?: (episode: Episode) => void;
}

/**
 * Runs or resumes the episodes of a study, then writes `trained.json` and the spec's `scratchpad.json`.
 *
 * @throws the signal's reason when interrupted; finished episodes are on disk and the next run goes on after them
 */
export async function trainStudy(
  config: StudyConfig,
  corpora: readonly Corpus[],
  options: TrainOptions,
): Promise<Trained> {
  const { dir, model, episodes, control, signal } = options;
  const arenas = loadArenas(developmentCorpora(corpora), { mode: config.query, labels: config.labels });
  const run = reason({
    ...arenas,
    formula: config.formula,
    model,
    dir,
    study: config.name,
    episodes,
    seed: config.seed,
    signal,
    ...(options.structural === undefined ? {} : { structural: options.structural }),
    ...(control === undefined ? {} : { control }),
    ...(options.patience === undefined ? {} : { patience: options.patience }),
    ...(options.recording === undefined ? {} : { recording: options.recording }),
    ...(options.onEvent === undefined ? {} : { onEvent: options.onEvent }),
  });
  let step = await run.next();
  while (!step.done) {
    options.onEpisode?.(step.value);
    // The analyst never waits, and a Ctrl-C is heard only where the event loop turns.
    await new Promise((resolve) => setTimeout(resolve));
    signal.throwIfAborted();
    step = await run.next();
  }
  const trained = bestOf(config, dir, step.value);
  writeJson(join(dir, "trained.json"), trained);
  writeJson(join(dir, "scratchpad.json"), specScratchpad(step.value, readFailures(dir)));
  return trained;
}

function bestOf(config: StudyConfig, dir: string, state: ScratchpadState): Trained {
  const { best } = state;
  const n_episodes = state.episodes.length;
  if (best === null || best.episode === null) {
    return {
      record: "trained/1",
      formula: config.formula,
      params: defaultPoint(searchSpace(config.formula)),
      episode: null,
      n_episodes,
    };
  }
  return {
    record: "trained/1",
    formula: formulaOf(config, dir, best.formula),
    params: best.params,
    episode: best.episode,
    n_episodes,
  };
}

/** A formula a study has judged, by hash. */
export function formulaOf(config: StudyConfig, dir: string, hash: string): Formula {
  if (hash === formulaHash(config.formula)) return config.formula;
  const found = readRecords(dir, FORMULAS).find((f) => f.id === hash);
  if (!found) {
    throw new RangeError(
      `No formula with hash ${
        hash.slice(0, 12)
      } stands in ${dir}/${FORMULAS.name}: restore the file from a copy`,
    );
  }
  return found.formula;
}

/** Reads the overtuning meter of a trained point: the price of having chosen on selection cases. */
export function measureOvertuning(
  config: StudyConfig,
  corpora: readonly Corpus[],
  trained: Trained,
  looks: number,
): Overtuning {
  const differences = (split: "selection" | "test") => {
    const arena = Arena.load(developmentCorpora(corpora), {
      splits: [split],
      mode: config.query,
      labels: config.labels,
    });
    return pairedDifferences(
      scoresOf(arena, trained.formula, trained.params),
      scoresOf(arena, config.formula, defaultPoint(searchSpace(config.formula))),
    );
  };
  return overtuning({
    selection: differences("selection"),
    heldOut: differences("test"),
    looks,
    seed: config.seed,
  });
}

function scoresOf(arena: Arena, formula: Formula, point: Point): CaseScore[] {
  using engine = new Engine(arena, formula);
  const values = engine.evaluate(point);
  return arena.cases.map(({ case: { repo, commit, case_id } }, i) => ({
    repo,
    commit,
    case_id,
    value: values[i]!,
  }));
}
