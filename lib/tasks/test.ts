/**
 * Runs every test file and ends with the plain line "N passed, N failed". Arguments go to `deno test`.
 *
 * Model command lines are looked for in a folder that does not exist, so that no test can start a real one.
 */
import { join } from "node:path";
import { PROJECT_ROOT } from "../base/paths.ts";

const child = new Deno.Command(Deno.execPath(), {
  args: ["test", "-A", "--quiet", "--parallel", ...(Deno.args.length > 0 ? Deno.args : ["tests"])],
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
if (summary === undefined) {
  console.log("the test runner ended without a summary\n0 passed, 1 failed");
  Deno.exit(code || 1);
}
const failed = Number(summary[2]);
console.log(`${summary[1]} passed, ${failed === 0 && code !== 0 ? 1 : failed} failed`);
Deno.exit(code);
