/** `deno task failures`: train cases the ranker gets wrong, with what a reasoner needs to ask why. */
import { FAILURES, openJournal } from "../scratchpad/mod.ts";
import { studyDir } from "../study/config.ts";
import { trainFailures } from "../study/failures.ts";
import { type Command, runCommand, wholeNumber } from "./command.ts";
import { PARAMS_OPTION, readPoint } from "./formula_options.ts";
import { withManifest } from "./run.ts";
import { corporaOf, formulaOfStudy, STUDY_OPTIONS, studyOf } from "./study_options.ts";

export const FAILURES_COMMAND: Command = {
  name: "failures",
  summary: "Collects train cases with nDCG@10 below 0.5, or with an expected file ranked under a distractor.",
  options: {
    ...STUDY_OPTIONS,
    params: PARAMS_OPTION,
    "per-stratum": {
      type: "string",
      value: "N",
      help: "failures kept of each repository and intent, worst first (25)",
    },
  },
  examples: ["deno task failures --study my-project", "deno task failures --repo . --per-stratum 5 --json"],
  notes: "Only train cases are looked at: what a reasoner sees must not be what judges it.",
};

if (import.meta.main) {
  await runCommand(FAILURES_COMMAND, async (invocation) => {
    const perStratum = wholeNumber(invocation.values, "per-stratum", 25);
    // Read before a study is made: what cannot be meant leaves nothing behind.
    const point = readPoint(
      formulaOfStudy(invocation),
      invocation.values["params"] as string | undefined,
      "failures are those of the study's own formula; another one's are those of a new study, made with --repo and --formula",
    );
    const config = await studyOf(invocation);
    return await withManifest(config, invocation, { splits: ["train"], point }, async () => {
      const corpora = await corporaOf(config, invocation);
      const failures = trainFailures(config, corpora, { formula: config.formula, point, perStratum });
      {
        using journal = openJournal(studyDir(config.name));
        journal.append(FAILURES, ...failures);
      }
      const strata = [...Map.groupBy(failures, (f) => `${f.repo_name}, ${f.intent}`)].map(([stratum, fs]) => {
        const mean = fs.reduce((sum, f) => sum + f.ndcg, 0) / fs.length;
        return { stratum, failures: fs.length, mean_ndcg: mean };
      });
      const text = strata.map((s) =>
        `${String(s.failures).padStart(4)}  nDCG@10 ${s.mean_ndcg.toFixed(3)}  ${s.stratum}`
      ).join("\n");
      return {
        json: { study: config.name, failures: failures.length, strata },
        text: `${failures.length} failures written to results/${config.name}/failures.jsonl\n${text}`,
      };
    });
  });
}
