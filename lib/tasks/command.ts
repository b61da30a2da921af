/** The frame of every task: options, help, errors in one sentence, exit codes, Ctrl-C. */
import { parseArgs } from "node:util";
import { outputFault } from "./outputs.ts";
import { type Progress, stderrProgress } from "./progress.ts";
import { folderFault, isDiskFull, isUserError } from "./user_errors.ts";

/** One option of a task. */
export interface Option {
  readonly type: "string" | "boolean";
  readonly multiple?: boolean;
  /** placeholder in the help: "PATH" */
  readonly value?: string;
  /** the option names a file or a folder the task writes: whether it can be is looked at before the task begins */
  readonly writes?: "file" | "folder";
  readonly help: string;
}

/** A task as its help shows it. */
export interface Command {
  /** name as in `deno task NAME` */
  readonly name: string;
  /** one sentence: what it does */
  readonly summary: string;
  readonly positional?: string;
  readonly options: Readonly<Record<string, Option>>;
  /** command lines worth copying */
  readonly examples: readonly string[];
  /** further paragraphs of the help */
  readonly notes?: string;
}

/** What a task's body gets. */
export interface Invocation {
  readonly values: Readonly<Record<string, string | boolean | string[] | undefined>>;
  readonly positionals: readonly string[];
  readonly progress: Progress;
  /** aborted on Ctrl-C */
  readonly signal: AbortSignal;
  /** name and arguments, for the manifest */
  readonly line: readonly string[];
  /** runs work that holds the event loop: meanwhile Ctrl-C, which nobody would hear, ends the process at once with exit code 130 */
  readonly blocking: <T>(work: () => T) => T;
}

/** What a task gives back: one JSON object for `--json`, and text for people. */
export interface Outcome {
  readonly json: Readonly<Record<string, unknown>>;
  readonly text: string;
  /** default 0 */
  readonly exitCode?: number;
}

/** A command line that cannot be meant: exit code 2 and the way to the help. */
export class UsageError extends Error {
  override name = "UsageError";
}

const COMMON: Readonly<Record<string, Option>> = {
  json: { type: "boolean", help: "print one JSON object on stdout; logs and progress stay on stderr" },
  help: { type: "boolean", help: "print this" },
};

/** Columns of the help, and the widest option that has its words beside it; those of a wider one stand below. */
const HELP_WIDTH = 100, OPTION_WIDTH = 34;

/** Writes a command's help. */
export function helpText(command: Command): string {
  const options = Object.entries({ ...command.options, ...COMMON });
  const left = options.map(([name, o]) => `--${name}${o.value ? ` ${o.value}` : ""}`);
  const width = Math.max(...left.map((l) => l.length).filter((n) => n <= OPTION_WIDTH));
  const indent = " ".repeat(width + 4);
  const lines = options.map(([, o], i) => {
    const rows = wrapped(`${o.help}${o.multiple ? " (may repeat)" : ""}`, HELP_WIDTH - indent.length);
    const beside = left[i]!.length <= OPTION_WIDTH;
    return `  ${left[i]!.padEnd(width)}${beside ? "  " : `\n${indent}`}${rows.join(`\n${indent}`)}`;
  });
  const usage = `deno task ${command.name}${command.positional ? ` ${command.positional}` : ""} [options]`;
  const paragraphs = [
    wrapped(command.summary, HELP_WIDTH).join("\n"),
    `Usage: ${usage}`,
    lines.join("\n"),
    ...(command.notes ?? "").split("\n").filter((line) => line !== "").map((line) =>
      wrapped(line, HELP_WIDTH).join("\n")
    ),
    `Examples:\n${command.examples.map((e) => `  ${e}`).join("\n")}`,
  ];
  return paragraphs.join("\n\n") + "\n";
}

/** Breaks a sentence between words into rows of at most so many columns; a longer word has a row of its own. */
function wrapped(text: string, columns: number): string[] {
  const rows: string[] = [];
  for (const word of text.split(" ")) {
    const row = rows.at(-1);
    if (row !== undefined && row.length + 1 + word.length <= columns) {
      rows[rows.length - 1] = `${row} ${word}`;
    } else rows.push(word);
  }
  return rows;
}

/** Runs a task and ends the process with its exit code: 0 done, 1 failed, 2 wrong command line, 130 interrupted. */
export async function runCommand(
  command: Command,
  body: (invocation: Invocation) => Promise<Outcome>,
): Promise<never> {
  Deno.exit(await invoke(command, Deno.args, body));
}

/** As {@link runCommand}, with the arguments given and the exit code returned. */
export async function invoke(
  command: Command,
  args: readonly string[],
  body: (invocation: Invocation) => Promise<Outcome>,
): Promise<number> {
  const progress = stderrProgress();
  const interrupt = new AbortController();
  const onSignal = () => {
    if (interrupt.signal.aborted) Deno.exit(130);
    progress.say("stopping after the step in hand; press Ctrl-C again to stop at once");
    interrupt.abort(new DOMException("interrupted", "AbortError"));
  };
  const signals: readonly Deno.Signal[] = Deno.build.os === "windows" ? ["SIGINT"] : ["SIGINT", "SIGTERM"];
  const listen = () => signals.forEach((s) => Deno.addSignalListener(s, onSignal));
  const unlisten = () => signals.forEach((s) => Deno.removeSignalListener(s, onSignal));
  listen();
  try {
    const { values, positionals } = parse(command, args);
    if (values["help"]) {
      console.log(helpText(command));
      return 0;
    }
    const outcome = await body({
      values,
      positionals,
      progress,
      signal: interrupt.signal,
      line: [command.name, ...args],
      blocking: (work) => {
        unlisten();
        try {
          return work();
        } finally {
          listen();
        }
      },
    });
    progress.close();
    console.log(values["json"] ? JSON.stringify(outcome.json) : outcome.text);
    return outcome.exitCode ?? 0;
  } catch (error) {
    progress.close();
    if (interrupt.signal.aborted) {
      progress.say("interrupted; nothing is lost: run the same command again to go on");
      return 130;
    }
    const usage = error instanceof UsageError ? error.message : folderFault(error);
    if (usage !== undefined) {
      progress.say(`${usage}\nSee: deno task ${command.name} --help`);
      return 2;
    }
    if (isDiskFull(error)) {
      progress.say(`the disk is full: make room and run the same command again (${error.message})`);
    } else if (isUserError(error)) progress.say(error.message);
    else progress.say(error instanceof Error ? error.stack ?? error.message : String(error));
    return 1;
  } finally {
    unlisten();
  }
}

/**
 * Reads a command line.
 * @throws {UsageError} for an unknown option, an argument too many, or a place to write to that cannot be one
 */
export function parse(
  command: Command,
  args: readonly string[],
): { values: Invocation["values"]; positionals: string[] } {
  const options = Object.fromEntries(
    Object.entries({ ...command.options, ...COMMON }).map((
      [name, { type, multiple = false }],
    ) => [name, { type, multiple }]),
  );
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: command.positional !== undefined,
      options,
    });
    // "STUDY…" and "[FORMULA ...]" take any number.
    if (positionals.length > 1 && !/…|\.\.\./.test(command.positional!)) {
      throw new UsageError(`Unexpected argument '${positionals[1]}': one ${command.positional} is wanted`);
    }
    for (const [name, { writes }] of Object.entries(command.options)) {
      const fault = writes && outputFault(values[name] as string | undefined, writes);
      if (fault) throw new UsageError(`--${name}: ${fault}`);
    }
    return { values: values as Invocation["values"], positionals };
  } catch (cause) {
    if (cause instanceof UsageError) throw cause;
    throw new UsageError((cause as Error).message.replace(/\. To specify.*$/s, ""), { cause });
  }
}

/** Reads a whole-number option. @throws {UsageError} unless it is an integer of at least `least` */
export function wholeNumber(values: Invocation["values"], name: string, fallback: number, least = 1): number {
  const text = values[name];
  if (text === undefined) return fallback;
  const value = text === "" ? NaN : Number(text);
  if (!Number.isSafeInteger(value) || value < least) {
    throw new UsageError(
      `--${name} is ${JSON.stringify(text)}: a whole number of at least ${least} is wanted`,
    );
  }
  return value;
}

/** Reads an option that names one of a few things. @throws {UsageError} for any other */
export function oneOf<T extends string>(
  values: Invocation["values"],
  name: string,
  choices: readonly T[],
  fallback: T,
): T {
  const text = values[name];
  if (text === undefined) return fallback;
  if (!choices.includes(text as T)) {
    throw new UsageError(`--${name} is ${JSON.stringify(text)}: one of ${choices.join(", ")} is wanted`);
  }
  return text as T;
}
