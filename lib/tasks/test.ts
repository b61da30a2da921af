/**
 * Runs every test file and ends with the plain line "N passed, N failed". Arguments are test files or folders.
 *
 * Files that set environment variables run one after the other: files in parallel share one process and so one environment. Model command
 * lines are looked for in a folder that does not exist, so that no test can start a real one.
 */
import { join } from "node:path";
import { PROJECT_ROOT } from "../base/paths.ts";

function* testFiles(path: string): Generator<string> {
  if (!Deno.statSync(path).isDirectory) {
    yield path;
    return;
  }
  for (const entry of [...Deno.readDirSync(path)].sort((a, b) => a.name < b.name ? -1 : 1)) {
    const inner = join(path, entry.name);
    if (entry.isDirectory && entry.name !== "testdata") yield* testFiles(inner);
    else if (entry.name.endsWith("_test.ts")) yield inner;
  }
}

/** Whether a file, or the helper it uses, writes to the environment of the process. */
function setsEnvironment(file: string): boolean {
  return /Deno\.env\.set|helpers\/sample_study\.ts/.test(Deno.readTextFileSync(file));
}

async function run(
  files: readonly string[],
  parallel: boolean,
): Promise<{ passed: number; failed: number; code: number }> {
  if (files.length === 0) return { passed: 0, failed: 0, code: 0 };
  const child = new Deno.Command(Deno.execPath(), {
    args: ["test", "-A", "--quiet", ...(parallel ? ["--parallel"] : []), ...files],
    cwd: PROJECT_ROOT,
    env: {
      NO_COLOR: "1",
      RIPMAP_LAB_CLI_DIR: join(PROJECT_ROOT, ".cache", "no-command-line-here"),
      DENO_JOBS: Deno.env.get("DENO_JOBS") ?? "2",
    },
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  let text = "";
  const decoder = new TextDecoder();
  for await (const chunk of child.stdout) {
    Deno.stdout.writeSync(chunk);
    text += decoder.decode(chunk, { stream: true });
  }
  const { code } = await child.status;
  const summary = text.matchAll(/\b(\d+) passed(?: \(\d+ steps?\))? \| (\d+) failed/g).toArray().at(-1);
  if (summary === undefined) return { passed: 0, failed: 1, code: code || 1 };
  const failed = Number(summary[2]);
  return { passed: Number(summary[1]), failed: failed === 0 && code !== 0 ? 1 : failed, code };
}

const files = (Deno.args.length > 0 ? Deno.args : [join(PROJECT_ROOT, "tests")]).flatMap((
  path,
) => [...testFiles(path)]);
const alone = files.filter(setsEnvironment);
const together = await run(files.filter((file) => !alone.includes(file)), true);
const apart = await run(alone, false);
console.log(`${together.passed + apart.passed} passed, ${together.failed + apart.failed} failed`);
Deno.exit(together.code || apart.code);
