/** `deno task advise`: what the wisdom says of a repository: the preset, the rules that apply, the warnings that fire, and why. */
import { resolve } from "node:path";
import { openWorkIndex } from "../corpus/work_index.ts";
import { WorkSnapshot } from "../corpus/work_snapshot.ts";
import { adviseOn, describeAdvice, NO_QUERY } from "../wisdom/advice.ts";
import { INTENTS } from "../records/case.ts";
import { findWisdom } from "../wisdom/releases.ts";
import { type Command, oneOf, runCommand } from "./command.ts";

export const ADVISE: Command = {
  name: "advise",
  summary:
    "Says what the wisdom holds for a repository: preset, rules that apply, warnings that fire, each with its reason.",
  options: {
    repo: { type: "string", value: "PATH", help: "working tree or bare repository (.)" },
    preset: { type: "string", value: "NAME", help: "the preset you mean to use (the tuned point)" },
    wisdom: { type: "string", value: "VERSION|FILE|spec", help: "which wisdom to ask (the newest release)" },
    "seed-file": { type: "string", value: "FILE", help: "file you stand in, for rules that ask about it" },
    intent: { type: "string", value: INTENTS.join("|"), help: "what you are after (explore)" },
  },
  examples: [
    "deno task advise --repo ../my-project",
    "deno task advise --repo . --preset debugging --intent debug --json",
  ],
  notes: "The language of rules and warnings, with every fact they may ask, stands in data/languages.md.",
};

if (import.meta.main) {
  await runCommand(ADVISE, async ({ values, progress, signal }) => {
    const index = await openWorkIndex(resolve(String(values["repo"] ?? ".")), {
      signal,
      onProgress: (stage, done, total) => progress.step(stage, done, total),
    });
    const work = new WorkSnapshot(index, Date.now() / 1000);
    const advice = adviseOn(work, findWisdom(values["wisdom"] as string | undefined), {
      ...NO_QUERY,
      intent: oneOf(values, "intent", INTENTS, "explore"),
      ...(values["seed-file"] === undefined ? {} : { seedFile: String(values["seed-file"]) }),
      ...(values["preset"] === undefined ? {} : { preset: String(values["preset"]) }),
    });
    return { json: { ...advice }, text: describeAdvice(advice) };
  });
}
