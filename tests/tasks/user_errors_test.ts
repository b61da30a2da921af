/** Which errors a task says in one sentence, and with which exit code. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { PROJECT_ROOT } from "../../lib/base/paths.ts";
import { SPEC } from "../../lib/formula/builtins.ts";
import { applyEdits } from "../../lib/formula/edits.ts";
import { invoke } from "../../lib/tasks/command.ts";
import { isUserError, USER_ERRORS } from "../../lib/tasks/user_errors.ts";

/** Error classes no task lets out: they are caught, or end a program that has a frame of its own. */
const CAUGHT = ["KernelStartError", "Unsupported", "UsageError", "ZmtpError"];

/** What the system throws. */
const OF_THE_SYSTEM = [
  "AlreadyExists",
  "NotADirectory",
  "NotCapable",
  "NotFound",
  "PermissionDenied",
  "RangeError",
];

function* sources(folder: string): Generator<string> {
  for (const entry of Deno.readDirSync(folder)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory) yield* sources(path);
    else if (entry.name.endsWith(".ts")) yield path;
  }
}

/** Names of the kit's error classes that are no RangeErrors. */
function errorClasses(): string[] {
  return [...sources(join(PROJECT_ROOT, "lib"))].flatMap((file) =>
    [...Deno.readTextFileSync(file).matchAll(/class (\w+) extends (\w*Error)\b/g)]
      .flatMap(([, name, base]) => base === "RangeError" ? [] : [name!])
  ).sort();
}

/** Runs a body that fails, with stderr caught. */
async function failing(error: unknown): Promise<{ code: number; said: string }> {
  const write = Deno.stderr.writeSync, said: string[] = [];
  Deno.stderr.writeSync = (bytes) => said.push(new TextDecoder().decode(bytes)) && bytes.length;
  const command = { name: "brew", summary: "Brews.", options: {}, examples: [] };
  try {
    return { code: await invoke(command, [], () => Promise.reject(error)), said: said.join("") };
  } finally {
    Deno.stderr.writeSync = write;
  }
}

const thrown = (body: () => unknown): unknown => {
  try {
    return body();
  } catch (error) {
    return error;
  }
};

Deno.test("every error class of the rooms is either for the user or caught on the way, and no other name is listed", () => {
  const classes = errorClasses();
  assert.ok(classes.length > 10, `${classes}`);
  assert.deepEqual(classes, [...USER_ERRORS].filter((n) => !OF_THE_SYSTEM.includes(n)).concat(CAUGHT).sort());
});

Deno.test("an edit that does not apply is said in one line, without a stack", async () => {
  const error = thrown(() => applyEdits(SPEC, [{ edit: "drop_term", id: "nowhere" }], SPEC));
  assert.equal((error as Error).name, "EditError");
  assert.ok(isUserError(error));
  const { code, said } = await failing(error);
  assert.equal(code, 1);
  assert.match(said, /^Cannot apply edits\[0\]/m);
  assert.doesNotMatch(said, /\n\s+at /);
});

Deno.test("a folder that was opened as a file is the command line's fault, and named", async () => {
  const folder = Deno.makeTempDirSync();
  try {
    const { code, said } = await failing(thrown(() => Deno.readTextFileSync(folder)));
    assert.equal(code, 2);
    assert.match(said, new RegExp(`${folder} is a folder: a file is wanted\nSee: deno task brew --help`));
    const inside = await failing(thrown(() => Deno.mkdirSync(join(import.meta.filename!, "x"))));
    assert.equal(inside.code, 1);
    assert.doesNotMatch(inside.said, /\n\s+at /);
  } finally {
    Deno.removeSync(folder);
  }
});

Deno.test("a fault of ours shows where it happened", async () => {
  const { code, said } = await failing(new TypeError("x is not a function"));
  assert.equal(code, 1);
  assert.match(said, /\n\s+at /);
});
