/** The frame of every task: what it prints as help, what it refuses, and with which exit code. */
import assert from "node:assert/strict";
import { type Command, helpText, invoke, UsageError, wholeNumber } from "../../lib/tasks/command.ts";

const COMMAND: Command = {
  name: "brew",
  summary: "Brews tea " + "and more tea ".repeat(12) + "until the pot is empty.",
  options: {
    leaf: { type: "string", value: "NAME", help: "leaf to brew " + "in water ".repeat(12), multiple: true },
    control: {
      type: "string",
      value: "none|permuted|anonymous|shuffled-attribution",
      help: "what is spoiled",
    },
  },
  examples: ["deno task brew --leaf oolong"],
  notes: "Steep " + "and wait ".repeat(20) + "a while.",
};

/** Runs a command with stdout caught. */
async function run(
  command: Command,
  args: readonly string[],
  body = () => Promise.resolve({ json: { a: 1 }, text: "text" }),
) {
  const log = console.log, lines: string[] = [];
  console.log = (line: string) => lines.push(line);
  try {
    return { code: await invoke(command, args, body), stdout: lines.join("\n") };
  } finally {
    console.log = log;
  }
}

Deno.test("help fits a hundred columns, and a wide option has its words on a line of their own", () => {
  const lines = helpText(COMMAND).split("\n");
  for (const line of lines) assert.ok(line.length <= 100, line);
  const at = lines.findIndex((line) => line.startsWith("  --control"));
  assert.equal(lines[at], "  --control none|permuted|anonymous|shuffled-attribution");
  assert.equal(lines[at + 1]!.trim(), "what is spoiled");
  const beside = lines.find((line) => line.startsWith("  --leaf NAME"))!;
  assert.ok(beside.length > 80 && beside.includes("leaf to brew"));
  assert.match(helpText(COMMAND), /\(may\s+repeat\)/);
});

Deno.test("--json prints one object on one line, and nothing else on stdout", async () => {
  assert.deepEqual(await run(COMMAND, ["--json"]), { code: 0, stdout: '{"a":1}' });
  assert.deepEqual(await run(COMMAND, []), { code: 0, stdout: "text" });
});

Deno.test("a wrong command line ends with 2, what the user did wrong with 1, and stdout stays empty", async () => {
  const failing = (error: Error) => run(COMMAND, ["--json"], () => Promise.reject(error));
  assert.deepEqual(await run(COMMAND, ["--nope"]), { code: 2, stdout: "" });
  assert.deepEqual(await run(COMMAND, ["stray"]), { code: 2, stdout: "" });
  assert.deepEqual(await failing(new UsageError("no")), { code: 2, stdout: "" });
  assert.deepEqual(await failing(new RangeError("no")), { code: 1, stdout: "" });
});

Deno.test("a command of one argument refuses a second, and one of many takes them", async () => {
  assert.equal((await run({ ...COMMAND, positional: "STUDY" }, ["a"])).code, 0);
  assert.equal((await run({ ...COMMAND, positional: "STUDY" }, ["a", "b"])).code, 2);
  assert.equal((await run({ ...COMMAND, positional: "STUDY…" }, ["a", "b"])).code, 0);
  assert.equal((await run({ ...COMMAND, positional: "[FORMULA ...]" }, ["a", "b"])).code, 0);
});

Deno.test("whole numbers are whole, bounded, and small enough to be exact", () => {
  assert.equal(wholeNumber({ n: "12" }, "n", 1), 12);
  assert.equal(wholeNumber({}, "n", 7), 7);
  for (const text of ["", "x", "1.5", "0", "-3", "99999999999999999999"]) {
    assert.throws(() => wholeNumber({ n: text }, "n", 1), UsageError, text);
  }
});
