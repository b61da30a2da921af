/** `deno task reason`: reasoning episodes over failures, without the final look at test cases. */
import { readScratchpad } from "../scratchpad/mod.ts";
import { type Command, runCommand } from "./command.ts";
import { MODEL_OPTIONS } from "./models.ts";
import { withManifest } from "./run.ts";
import { corporaOf, STUDY_OPTIONS, studyOf } from "./study_options.ts";
import { EPISODE_OPTIONS, runEpisodes } from "./training.ts";

export const REASON: Command = {
  name: "reason",
  summary:
    "Runs reasoning episodes: failures are explained, a change is proposed, and kept only if it wins on cases it was not made from.",
  options: { ...STUDY_OPTIONS, ...EPISODE_OPTIONS, ...MODEL_OPTIONS },
  examples: [
    "deno task reason --study my-project",
    "deno task reason --study my-project --agent claude --episodes 20 --max-usd 2",
    "deno task reason --study my-project --control permuted",
  ],
  notes:
    "Sees train and selection cases only. --agent claude uses the claude command line you are logged in to: it gets the failed rankings " +
    "(paths, commit subjects, scores), no file contents, no tools, and an empty working folder. Stop it at any time; the same command goes on.",
};

if (import.meta.main) {
  await runCommand(REASON, async (invocation) => {
    const config = await studyOf(invocation);
    return await withManifest(config, invocation, { splits: ["train", "selection"] }, async () => {
      const corpora = await corporaOf(config, invocation);
      const { trained, chosen, control, dir } = await runEpisodes(invocation, config, corpora);
      const { episodes } = readScratchpad(dir);
      const counts = Object.fromEntries(
        [...Map.groupBy(episodes, (e) => e.decision)].map(([d, es]) => [d, es.length]),
      );
      return {
        json: {
          study: config.name,
          agent: chosen.agent,
          control,
          decisions: counts,
          params: trained.params,
          formula: trained.formula,
        },
        text: `${episodes.length} episodes: ${
          Object.entries(counts).map(([d, n]) => `${n} ${d}`).join(", ")
        }\n` +
          `see how it does on test cases: deno task train --study ${config.name}`,
      };
    });
  });
}
