/** `deno task rank`: the files of a working tree that matter for a query, each with its reasons, and a map that fits a budget. */
import { parseArgs } from "node:util";
import { relative, resolve } from "node:path";
import { LanguageError } from "../base/language_error.ts";
import { INTENTS } from "../records/case.ts";
import { openWorkIndex } from "../corpus/work_index.ts";
import type { RankedFile, RankedTree, RankRequest } from "../wisdom/rank_tree.ts";
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
  },
  examples: [
    'deno task rank --repo ../my-project --focus "parse_config | settings"',
    "deno task rank --repo . --seed-file lib/base/lexer.ts --chat lib/focus/parse_focus.ts",
    'deno task rank --repo . --focus "journal @ 1" --tokens 1024 --json',
  ],
  notes:
    "Uncommitted files count as they stand on the disk. The first look at a repository reads its history and parses its files; later ones take what did not change from the cache.",
};

/** Files listed unless --top says otherwise. */
const TOP = 20;

type Values = Invocation["values"];

/** Ranks as the options say. @param now_s Unix seconds */
export async function rank(
  values: Values,
  now_s: number,
  watch: Partial<Pick<Invocation, "signal" | "progress">> = {},
): Promise<Outcome> {
  const repo = resolve(String(values["repo"] ?? "."));
  // The rest is loaded while git answers.
  const [index, { WorkSnapshot }, { rankTree }, { findWisdom }, { shownPath, tagMap }] = await Promise.all([
    openWorkIndex(repo, {
      ...(watch.signal ? { signal: watch.signal } : {}),
      onProgress: (stage, done, total) => watch.progress?.step(stage, done, total),
    }),
    import("../corpus/work_snapshot.ts"),
    import("../wisdom/rank_tree.ts"),
    import("../wisdom/releases.ts"),
    import("../wisdom/tag_map.ts"),
  ]);
  const work = new WorkSnapshot(index, now_s);
  const wisdom = findWisdom(values["wisdom"] as string | undefined);
  // A path from the shell may start where the user stands instead of at the root of the tree.
  const known = new Set(work.snapshot.files);
  const inTree = (file: string) => known.has(file) ? file : relative(repo, resolve(file));
  const request: RankRequest = {
    ...(values["focus"] === undefined ? {} : { focus: String(values["focus"]) }),
    ...(values["seed-file"] === undefined ? {} : { seedFile: inTree(String(values["seed-file"])) }),
    chat: ((values["chat"] ?? []) as string[]).map(inTree),
    ...(values["preset"] === undefined ? {} : { preset: String(values["preset"]) }),
    ...(values["intent"] === undefined ? {} : { intent: intentNamed(String(values["intent"])) }),
  };
  const ranked = rankTree(work, wisdom, request);
  const budget = numberOf(values, "tokens"), top = numberOf(values, "top") ?? TOP;
  const map = budget === undefined ? undefined : tagMap(work, ranked.files, budget);
  const { configuration } = ranked;
  return {
    json: {
      repo,
      head: index.tree.head,
      files_ranked: ranked.files.length,
      uncommitted: index.tree.changed.size,
      wisdom: wisdom.name,
      preset: configuration.preset?.name ?? null,
      rules: configuration.fired,
      warnings: configuration.warnings.map(({ warning, because }) => ({ text: warning.text, because })),
      anchors: ranked.anchors,
      focus: ranked.terms,
      files: ranked.files.slice(0, top),
      ...(map === undefined ? {} : { map }),
    },
    text: map === undefined ? describeRanking(ranked, top, shownPath) : map.text,
  };
}

function intentNamed(text: string): (typeof INTENTS)[number] {
  const found = INTENTS.find((intent) => intent === text);
  if (found === undefined) {
    throw new RangeError(`--intent is ${JSON.stringify(text)}: one of ${INTENTS.join(", ")} is wanted`);
  }
  return found;
}

function numberOf(values: Values, name: string): number | undefined {
  if (values[name] === undefined) return undefined;
  const value = Number(values[name]);
  if (!Number.isInteger(value) || value < 1) {
    throw new RangeError(`--${name} is ${String(values[name])}: a whole number of at least 1 is wanted`);
  }
  return value;
}

/** A ranking for a terminal: one line a file, with the parts that lift or lower it most. */
function describeRanking(
  { files, terms, configuration }: RankedTree,
  top: number,
  shown: (path: string) => string,
): string {
  const lost = terms.filter((term) => term.files === 0).map((term) =>
    `nothing fits ${JSON.stringify(term.text)}`
  );
  const lines = files.slice(0, top).map((file) =>
    `${String(file.rank).padStart(4)}  ${shown(file.file)}${file.open ? "  (open)" : ""}\n        ${
      reasonsOf(file)
    }`
  );
  const rules = configuration.fired.map((text) => `rule: ${text}`);
  const warnings = configuration.warnings.map(({ warning }) => `warning: ${warning.text}`);
  return [...lost, ...lines, ...rules, ...warnings].join("\n");
}

/** Most parts a line shows. */
const REASONS = 4;

function reasonsOf({ parts, focus, score }: RankedFile): string {
  const telling = Object.entries(parts).filter(([, value]) =>
    Math.abs(Math.log(Math.max(value, 1e-12))) > 0.01
  )
    .sort((a, b) => Math.abs(Math.log(Math.max(b[1], 1e-12))) - Math.abs(Math.log(Math.max(a[1], 1e-12))));
  const shown = telling.slice(0, REASONS).map(([id, value]) => `${id} ${value.toPrecision(3)}`);
  return [`score ${score.toPrecision(3)}`, ...(focus > 0 ? [`focus ${focus.toFixed(2)}`] : []), ...shown]
    .join(", ");
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
    if (values !== undefined) outcome = await rank(values, Date.now() / 1000);
  } catch {
    outcome = undefined;
  }
  if (outcome !== undefined) {
    console.log(values!["json"] ? JSON.stringify(outcome.json) : outcome.text);
    Deno.exit(0);
  }
  const { runCommand, UsageError } = await import("./command.ts");
  await runCommand(RANK, async (invocation) => {
    try {
      return await rank(invocation.values, Date.now() / 1000, invocation);
    } catch (error) {
      throw error instanceof LanguageError ? new UsageError(error.message, { cause: error }) : error;
    }
  });
}
