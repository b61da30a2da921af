/** What `reason`, `train` and `demo` share: running episodes with their progress, and saying how they went. */
import { type Control, CONTROLS } from "../reasoning/controls.ts";
import type { Episode } from "../records/episode.ts";
import { describeRecovery } from "../scratchpad/mod.ts";
import type { Corpus } from "../corpus/corpus.ts";
import { type StudyConfig, studyDir } from "../study/config.ts";
import type { Trained } from "../study/facts.ts";
import { trainStudy } from "../study/train.ts";
import { type Invocation, oneOf, type Option, wholeNumber } from "./command.ts";
import { chooseModel, type ChosenModel, controlDir } from "./models.ts";

/** Options of the episodes. */
export const EPISODE_OPTIONS: Readonly<Record<string, Option>> = {
  episodes: {
    type: "string",
    value: "N",
    help: "episodes the study has in all, earlier runs included (12; demo: 8)",
  },
  "parameters-only": { type: "boolean", help: "leave the formula's structure alone" },
  control: {
    type: "string",
    value: CONTROLS.join("|"),
    help: "corrupt one kind of evidence, to see what it was worth; such a run has a folder of its own (none)",
  },
};

/** How a run of episodes ended. */
export interface Training {
  readonly trained: Trained;
  readonly chosen: ChosenModel;
  readonly control: Control;
  readonly dir: string;
}

/** Runs the episodes an invocation asks for. */
export async function runEpisodes(
  invocation: Invocation,
  config: StudyConfig,
  corpora: readonly Corpus[],
  fallback = 12,
): Promise<Training> {
  const { values, progress, signal } = invocation;
  const episodes = wholeNumber(values, "episodes", fallback);
  const control = oneOf(values, "control", CONTROLS, "none");
  const dir = controlDir(studyDir(config.name), control);
  const chosen = chooseModel(invocation, config, dir);
  const trained = await trainStudy(config, corpora, {
    dir,
    model: chosen.model,
    recording: chosen.recording,
    episodes,
    structural: values["parameters-only"] !== true,
    control,
    signal,
    onEvent: (event) => {
      if (event.event === "opened") {
        for (const recovery of event.recovered) progress.say(describeRecovery(recovery));
        if (event.episodes > 0) progress.say(`going on after ${event.episodes} episodes`);
      } else if (event.event === "asking") {
        progress.step(`episode ${event.index}: asking ${chosen.agent}, prompt bytes`, event.prompt_bytes, 0);
      } else if (event.event === "judging") {
        progress.step(`episode ${event.index}: judging on fresh cases`, 0, 0);
      }
    },
    onEpisode: (episode) => progress.say(episodeLine(episode)),
  });
  return { trained, chosen, control, dir };
}

/** One episode in one line. */
export function episodeLine(e: Episode): string {
  const what = e.proposal === null ? e.reasons[0]! : [
    ...e.proposal.changes.map((c) =>
      `${c.param} ${c.direction === "increase" ? "up" : "down"} (${c.magnitude})`
    ),
    ...(e.proposal.structural_edits ? [`structure: ${e.proposal.structural_edits.rationale}`] : []),
  ].join(", ") || `no change: ${e.proposal.no_change_reason}`;
  const s = e.measured.selection;
  const measured = s ? `  selection ${signed(s.mean)} [${signed(s.low)}, ${signed(s.high)}]` : "";
  return `episode ${String(e.index).padStart(2)}  ${e.decision.padEnd(8)}${measured}  ${what}`;
}

const signed = (x: number) => (x >= 0 ? "+" : "") + x.toFixed(3);
