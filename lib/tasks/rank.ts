/** `deno task rank`: the files of a working tree that matter for a query, each with its reasons, and a map that fits a budget. */
import { parseArgs } from "node:util";
import { resolve } from "node:path";
import { INTENTS } from "../records/intent.ts";
import type { RankQuestion } from "../wisdom/rank_answer.ts";
import type { Command, Invocation, Outcome } from "./command.ts";

export const RANK: Command = {
  name: "rank",
  summary:
    "Ranks the files of a working tree for a query and says why; with --tokens it prints a map of their definitions.",
  options: {
    repo: { type: "string", value: "PATH", help: "working tree or bare repository (.)" },
    focus: {
      type: "string",
      value: "EXPR",
      help: 'what you look for: "auth & parser", "auth -> db", "auth @ 2", "auth % recent"',
    },
    chat: { type: "string", multiple: true, value: "FILE", help: "file open in your session" },
    "seed-file": { type: "string", value: "FILE", help: "file you stand in; it is not ranked" },
    preset: { type: "string", value: "NAME", help: "a preset of the wisdom instead of its tuned point" },
    wisdom: { type: "string", value: "VERSION|FILE|spec", help: "which wisdom to use (the newest release)" },
    intent: { type: "string", value: INTENTS.join("|"), help: "what you are after (explore)" },
    tokens: {
      type: "string",
      value: "N",
      help: "print a map of at most N estimated tokens instead of the list",
    },
    top: { type: "string", value: "N", help: "files listed (20)" },
    serve: {
      type: "boolean",
      help: "stay open for an editor: a JSON question a line in, an answer a line out",
    },
  },
  examples: [
    'deno task rank --repo ../my-project --focus "parse_config | settings"',
    "deno task rank --repo . --seed-file lib/base/lexer.ts --chat lib/focus/parse_focus.ts",
    'deno task rank --repo . --focus "journal @ 1" --tokens 1024 --json',
    `echo '{"id":1,"focus":"journal","top":3}' | deno task -q rank --repo . --serve`,
  ],
  notes:
    'Focus, tightest first: "a @ 2" what lies within two links, "a % recent|churned|tests|source|lang:py|path:src/**" filters, "a -> b" files between, "a & b" both, "a | b" either; parentheses group, quotes ask for that very name. Names match across case and spelling. data/languages.md has it in full.\n' +
    "Uncommitted files count as they stand on the disk. The first look at a repository reads its history and parses its files; later ones take what did not change from the cache.\n" +
    'With --serve the process greets with one line (protocol, repo, head, files, presets) and then answers each line of stdin with one line of stdout until stdin ends. A question has any of id, focus, seed_file, chat, preset, intent, tokens, top; "refresh": false answers from the files as last seen, without asking git what changed. An answer has the question\'s id and what --json prints, or error.message and, for a focus outside its grammar, error.column.',
};

type Values = Invocation["values"];
type Watch = Partial<Pick<Invocation, "signal" | "progress">>;

/** Ranks as the options say. @param now_s Unix seconds */
export async function rank(values: Values, now_s: number, watch: Watch = {}): Promise<Outcome> {
  const repo = resolve(String(values["repo"] ?? "."));
  // Git is asked first, by the few modules that takes; the rest is loaded while it answers.
  const tree = listed(repo);
  const [{ openWorkIndex }, { WorkSnapshot }, { answerRanking }, { loadWisdom }] = await Promise.all([
    import("../corpus/work_index.ts"),
    import("../corpus/work_snapshot.ts"),
    import("../wisdom/rank_answer.ts"),
    import("../wisdom/releases.ts"),
  ]);
  const [index, wisdom] = await Promise.all([
    openWorkIndex(repo, { tree, ...indexWatch(watch) }),
    loadWisdom(values["wisdom"] as string | undefined),
  ]);
  return answerRanking(new WorkSnapshot(index, now_s), wisdom, questionOf(values));
}

async function listed(repo: string) {
  const [{ readWorkTree }, { isSourcePath }] = await Promise.all([
    import("../repo/work_tree.ts"),
    import("../repo/languages.ts"),
  ]);
  return await readWorkTree(repo, isSourcePath);
}

function indexWatch({ signal, progress }: Watch) {
  return {
    ...(signal ? { signal } : {}),
    onProgress: (stage: string, done: number, total: number) => progress?.step(stage, done, total),
  };
}

function questionOf(values: Values): RankQuestion {
  return {
    focus: values["focus"] as string | undefined,
    seed_file: values["seed-file"] as string | undefined,
    chat: values["chat"] as string[] | undefined,
    preset: values["preset"] as string | undefined,
    intent: values["intent"] as string | undefined,
    tokens: numberOf(values, "tokens"),
    top: numberOf(values, "top"),
  };
}

function numberOf(values: Values, name: string): number | undefined {
  if (values[name] === undefined) return undefined;
  const value = Number(values[name]);
  if (!Number.isInteger(value) || value < 1) {
    throw new RangeError(`--${name} is ${String(values[name])}: a whole number of at least 1 is wanted`);
  }
  return value;
}

/** Answers lines of stdin until it ends. */
async function serve(values: Values, watch: Watch): Promise<void> {
  const [{ RankSession }, { loadWisdom }] = await Promise.all([
    import("../wisdom/rank_session.ts"),
    import("../wisdom/releases.ts"),
  ]);
  const idle = ["focus", "seed-file", "chat", "preset", "intent", "tokens", "top"].filter((name) =>
    name in values
  );
  if (idle.length > 0) {
    throw new RangeError(
      `--${idle[0]} cannot stand with --serve: say it in each question, as in {"focus":"parser"}`,
    );
  }
  const session = await RankSession.open(
    resolve(String(values["repo"] ?? ".")),
    await loadWisdom(values["wisdom"] as string | undefined),
    { ...indexWatch(watch), now: () => Date.now() / 1000 },
  );
  const { stdin, stdout } = await import("node:process");
  const { createInterface } = await import("node:readline");
  const say = (answer: object) => stdout.write(JSON.stringify(answer) + "\n");
  say(session.greeting());
  for await (const line of createInterface({ input: stdin })) {
    if (line.trim() !== "") say(await session.answer(line));
  }
}

/** The options as the task frame would read them, or undefined where the frame is needed: help, a mistake. */
function quickValues(args: readonly string[]): Values | undefined {
  const options = Object.fromEntries(
    Object.entries({ ...RANK.options, json: { type: "boolean" as const, help: "" } })
      .map((
        [name, { type, ...rest }],
      ) => [name, { type, multiple: "multiple" in rest && rest.multiple === true }]),
  );
  try {
    return parseArgs({ args: [...args], options }).values as Values;
  } catch {
    // The frame reads the line again and says what is wrong with it.
    return undefined;
  }
}

if (import.meta.main) {
  // The frame knows every error of the kit and takes longer to load than a warm answer takes to give.
  const values = quickValues(Deno.args);
  let outcome: Outcome | undefined;
  try {
    if (values !== undefined && !values["serve"]) outcome = await rank(values, Date.now() / 1000);
  } catch {
    outcome = undefined;
  }
  if (outcome !== undefined) {
    console.log(values!["json"] ? JSON.stringify(outcome.json) : outcome.text);
    Deno.exit(0);
  }
  const [{ runCommand, UsageError }, { LanguageError }] = await Promise.all([
    import("./command.ts"),
    import("../base/language_error.ts"),
  ]);
  await runCommand(RANK, async (invocation) => {
    try {
      if (invocation.values["serve"]) {
        await serve(invocation.values, invocation);
        Deno.exit(0);
      }
      return await rank(invocation.values, Date.now() / 1000, invocation);
    } catch (error) {
      throw error instanceof LanguageError ? new UsageError(error.message, { cause: error }) : error;
    }
  });
}
