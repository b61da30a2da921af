/** `deno task extract`: repositories to training cases and snapshots. */
import { join } from "node:path";
import { writeTextAtomic } from "../base/artefacts.ts";
import { canonicalJson } from "../base/canonical.ts";
import { SPLITS } from "../records/case.ts";
import { studyDir } from "../study/config.ts";
import { countFiled, filedSentence } from "../study/filed.ts";
import { type Command, runCommand } from "./command.ts";
import { withManifest } from "./run.ts";
import { corporaOf, STUDY_OPTIONS, studyOf } from "./study_options.ts";

export const EXTRACT: Command = {
  name: "extract",
  summary:
    "Makes training cases from git history: each teaching commit's files take turns as the seed, the others should be found.",
  options: STUDY_OPTIONS,
  examples: [
    "deno task extract --repo ../my-project",
    "deno task extract --corpus quick --study quick",
    "deno task extract --repo https://github.com/owner/name --max-commits 1000 --json",
  ],
  notes:
    "Everything but the labels is as of the parent commit. Running it again opens what was extracted before.",
};

if (import.meta.main) {
  await runCommand(EXTRACT, async (invocation) => {
    const config = await studyOf(invocation);
    const dir = studyDir(config.name);
    return await withManifest(config, invocation, { splits: SPLITS }, async () => {
      const corpora = await corporaOf(config, invocation);
      // The study keeps its own copy of the cases: files are the truth, the cache can be deleted.
      writeTextAtomic(
        join(dir, "cases.jsonl"),
        corpora.flatMap((c) => c.cases.map((one) => canonicalJson(one) + "\n")).join(""),
      );
      const repositories = corpora.map(({ meta, cases }) => ({
        repo: meta.repo,
        head: meta.head,
        role: meta.role,
        commits: meta.n_commits,
        window: meta.n_window,
        teaching: meta.n_teaching,
        cases: meta.n_cases,
        case_files: meta.n_case_files,
        splits: Object.fromEntries(SPLITS.map((s) => [s, cases.filter((c) => c.split === s).length])),
        dropped: meta.dropped,
        blobs: meta.blobs,
        added_share: meta.n_changed === 0 ? 0 : meta.n_added / meta.n_changed,
      }));
      const text = repositories.map((r) => {
        const dropped = Object.entries(r.dropped).filter(([, n]) => n > 0).map(([why, n]) =>
          `${why.replaceAll("_", " ")} ${n}`
        ).join(", ");
        const unread = Object.entries(r.blobs).filter(([how]) => how !== "ok").map(([how, n]) =>
          `${how.replaceAll("_", " ")} ${n}`
        ).join(", ");
        const splits = Object.entries(r.splits).filter(([, n]) => n > 0).map(([s, n]) => `${s} ${n}`).join(
          ", ",
        );
        if (r.role === "feedback") {
          return `${r.repo}, filed rankings: ${r.cases} cases from ${r.window} (${splits})\n  dropped: ${
            dropped || "nothing"
          }`;
        }
        return `${r.repo}: ${r.cases} cases from ${r.teaching} of ${r.window} commits (${splits})\n  dropped: ${
          dropped || "nothing"
        }` +
          (unread === "" ? "" : `\n  files without tags: ${unread}`) +
          `\n  ${(100 * r.added_share).toFixed(1)} % of changed files were new: no ranking could find them`;
      }).join("\n");
      const filed = countFiled(corpora.flatMap((c) => c.cases));
      return {
        json: { study: config.name, repositories, filed },
        text: [text, filedSentence(filed), `study: results/${config.name}`].filter((line) => line !== "")
          .join("\n"),
      };
    });
  });
}
