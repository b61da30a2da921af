/** Command lines worth copying: those of every help, and of the README. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { writeJson } from "../../lib/base/artefacts.ts";
import { PROJECT_ROOT } from "../../lib/base/paths.ts";
import { readStudy, studyDir } from "../../lib/study/config.ts";
import { openStudyFor } from "../../lib/study/open.ts";
import { CERTIFY, certify } from "../../lib/tasks/certify.ts";
import { type Command, type Invocation, parse } from "../../lib/tasks/command.ts";
import { readTuned } from "../../lib/tasks/formula_options.ts";
import { formulaOfStudy, goesOn, studyOf } from "../../lib/tasks/study_options.ts";
import { inOwnFolder } from "../helpers/sample_study.ts";

/** Every task that has a help of the frame, by its name. */
async function commands(): Promise<Map<string, Command>> {
  const folder = join(PROJECT_ROOT, "lib", "tasks");
  const files = [...Deno.readDirSync(folder)].map((e) => join(folder, e.name))
    .concat(join(PROJECT_ROOT, "bench", "bench.ts"))
    .filter((file) => /: Command = \{/.test(Deno.readTextFileSync(file)));
  const found = new Map<string, Command>();
  for (const file of files) {
    for (const value of Object.values(await import(file) as Record<string, unknown>)) {
      if (isCommand(value)) found.set(value.name, value);
    }
  }
  return found;
}

function isCommand(value: unknown): value is Command {
  return typeof value === "object" && value !== null && "examples" in value && "options" in value;
}

/** Words of a line as a shell splits it, quotes taken off; what is piped in is left out. */
function shellWords(line: string): string[] {
  const words = [...line.matchAll(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g)]
    .map(([word]) => word.replace(/'([^']*)'|"([^"]*)"/g, "$1$2"));
  return words.slice(words.lastIndexOf("|") + 1);
}

/** Name and arguments of a `deno task` line; undefined for any other line. */
function taskLine(line: string): { name: string; args: string[] } | undefined {
  const words = shellWords(line.replace(/\s+#.*$/, "")), at = words.indexOf("task");
  if (at < 1 || !/^(?:deno|deno@[\d.]+)$/.test(words[at - 1] === "-q" ? words[at - 2]! : words[at - 1]!)) {
    return undefined;
  }
  const rest = words.slice(at + 1).filter((word, i) => i > 0 || word !== "-q");
  return { name: rest[0]!, args: rest.slice(1) };
}

/** Holds values against the choices their options show: "seed|message". */
function checkChoices({ options }: Command, values: Invocation["values"], line: string): void {
  for (const [name, { value = "" }] of Object.entries(options)) {
    if (!/^[a-z][\w-]*(?:\|[a-z][\w-]*)+$/.test(value) || values[name] === undefined) continue;
    for (const given of [values[name]].flat()) {
      assert.ok(value.split("|").includes(String(given)), `${line}: --${name} ${given}`);
    }
  }
}

const invocationOf = (values: Invocation["values"], line: readonly string[]): Invocation => ({
  values,
  positionals: [],
  progress: { step() {}, say() {}, close() {} },
  signal: new AbortController().signal,
  line,
  blocking: (work) => work(),
});

/** The sample's study under another name, searched and trained as far as options may ask. */
function copyStudy(from: string, name: string): void {
  const config = readStudy(from), dir = studyDir(name);
  writeJson(join(dir, "study.json"), { ...config, name });
  for (const file of ["structure.json", "trained.json"]) {
    writeJson(join(dir, file), { formula: config.formula, params: {} });
  }
}

const all = await commands();

Deno.test("every example of every help is a line its task accepts, on a study that exists where it goes on with one", () =>
  inOwnFolder(async () => {
    const { config } = await openStudyFor();
    assert.ok(all.size > 20, `${[...all.keys()]}`);
    for (const [name, command] of all) {
      assert.ok(command.examples.length > 0, name);
      for (const line of command.examples) {
        const read = taskLine(line);
        assert.equal(read?.name, name, line);
        const { values } = parse(command, read!.args);
        checkChoices(command, values, line);
        if (command.options["max-commits"] === undefined || !goesOn(values)) continue;
        copyStudy(config.name, values["study"] as string);
        const invocation = invocationOf(values, [name, ...read!.args]);
        // Certify's --formula is its own; its examples run whole below.
        if (name !== "certify") await studyOf(invocation);
        if ("candidate" in command.options) readTuned(values, "candidate", formulaOfStudy(invocation));
      }
    }
  }));

Deno.test("every example of certify's help runs to a certificate", () =>
  inOwnFolder(async () => {
    const { config } = await openStudyFor();
    for (const line of CERTIFY.examples) {
      const { name, args } = taskLine(line)!,
        { values } = parse(CERTIFY, args),
        study = values["study"] as string;
      copyStudy(config.name, study);
      const formula = values["formula"] as string | undefined;
      const file = formula?.replace(`results/${study}`, studyDir(study));
      // Fewer boxes than a user would wait for: the question is whether the line is taken, not what is proven.
      const quick = { ...values, ...(file ? { formula: file } : {}), boxes: "5", pairs: "2" };
      const { json } = await certify(invocationOf(quick, [name, ...args]));
      assert.ok((json["pairs"] as unknown[]).length > 0, line);
    }
  }));

Deno.test("every command line of the README is one its task accepts", () => {
  const readme = Deno.readTextFileSync(join(PROJECT_ROOT, "README.md"));
  const lines = [...readme.matchAll(/```sh\n([^]*?)```|`(deno task [^`]*)`/g)]
    .flatMap(([, block, inline]) => (block ?? inline!).split("\n"));
  let held = 0;
  for (const line of lines) {
    const read = taskLine(line), command = read && all.get(read.name);
    if (!command) continue;
    assert.doesNotThrow(() => parse(command, read.args), line);
    held++;
  }
  assert.ok(held >= 5, `${held} lines`);
});
