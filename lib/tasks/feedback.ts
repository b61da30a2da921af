/** `deno task feedback`: a ranking that failed you becomes a training case. Paths only, shown before anything is written. */
import { resolve } from "node:path";
import { LanguageError } from "../base/language_error.ts";
import { openWorkIndex } from "../corpus/work_index.ts";
import { WorkSnapshot } from "../corpus/work_snapshot.ts";
import { openRepository } from "../repo/git.ts";
import { appendFeedback, feedbackFile, fileFeedback } from "../wisdom/feedback.ts";
import { rankTree } from "../wisdom/rank_tree.ts";
import { findWisdom } from "../wisdom/releases.ts";
import { type Command, runCommand, UsageError } from "./command.ts";

export const FEEDBACK: Command = {
  name: "feedback",
  summary:
    "Files a ranking that failed you as a case for the next training corpus: what you asked and the files you needed.",
  options: {
    repo: { type: "string", value: "PATH", help: "the repository you asked in (.)" },
    query: { type: "string", value: "EXPR", help: "what you looked for, as given to deno task rank --focus" },
    "seed-file": { type: "string", value: "FILE", help: "the file you stood in" },
    chat: { type: "string", multiple: true, value: "FILE", help: "file that was open" },
    expected: { type: "string", multiple: true, value: "FILE", help: "file that should have ranked high" },
    wisdom: {
      type: "string",
      value: "VERSION|FILE|spec",
      help: "the wisdom that ranked (the newest release)",
    },
    yes: { type: "boolean", help: "write it; without this it is only shown" },
  },
  examples: [
    'deno task feedback --repo . --query "journal & lock" --expected lib/scratchpad/lock.ts',
    "deno task feedback --repo . --seed-file lib/base/lexer.ts --expected lib/focus/parse_focus.ts --yes",
  ],
  notes:
    "Only paths, your query, the repository's name and its commit are kept, in results/feedback/feedback.jsonl on this machine. " +
    "A new study takes what was filed for its repositories with deno task extract|train --repo PATH --feedback. " +
    "The case stands at the checked-out commit, counts double, and belongs to the train split: it can teach and never judges.",
};

/** Does something whose faults in the query are faults of the command line. */
function asUsage<T>(body: () => T): T {
  try {
    return body();
  } catch (error) {
    throw error instanceof LanguageError ? new UsageError(error.message, { cause: error }) : error;
  }
}

if (import.meta.main) {
  await runCommand(FEEDBACK, async ({ values, progress, signal }) => {
    const expected = (values["expected"] ?? []) as string[], chat = (values["chat"] ?? []) as string[];
    if (expected.length === 0) {
      throw new UsageError("no --expected: name the files that should have ranked high");
    }
    const dir = resolve(String(values["repo"] ?? "."));
    const { name } = await openRepository(dir);
    const index = await openWorkIndex(dir, {
      signal,
      onProgress: (stage, done, total) => progress.step(stage, done, total),
    });
    const work = new WorkSnapshot(index, Date.now() / 1000);
    const query = String(values["query"] ?? ""), seedFile = values["seed-file"] as string | undefined;
    const wisdom = findWisdom(values["wisdom"] as string | undefined);
    const ranked = asUsage(() =>
      rankTree(work, wisdom, {
        ...(query === "" ? {} : { focus: query }),
        ...(seedFile === undefined ? {} : { seedFile }),
        chat,
      })
    );
    const unknown = expected.filter((file) => !work.snapshot.files.includes(file));
    if (unknown.length > 0) {
      throw new RangeError(
        `${unknown.join(", ")}: no source file of ${name}; give paths from the root of the tree`,
      );
    }
    const feedback = fileFeedback({
      repo: name,
      commit: index.tree.head,
      query,
      ...(seedFile === undefined ? {} : { seedFile }),
      chat,
      expected,
    }, ranked);
    const shown = JSON.stringify(feedback, null, 2);
    if (values["yes"] !== true) {
      return {
        json: { feedback, written: false },
        text: `${shown}\n\nthis would be written to ${feedbackFile()}; nothing else leaves the repository. ` +
          `Give --yes to write it`,
      };
    }
    const fresh = appendFeedback(feedback);
    return {
      json: { feedback, written: fresh },
      text: `${shown}\n\n${fresh ? "written to" : "was there already:"} ${feedbackFile()}`,
    };
  });
}
