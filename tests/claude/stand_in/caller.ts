/** A program that asks a stand-in and says how that ended: for tests of what happens when the caller itself is stopped. */
import { claudeCli } from "../../../lib/claude/cli.ts";
import { ClaudeError } from "../../../lib/claude/errors.ts";
import { QUICK } from "./quick.ts";

const environment = JSON.parse(Deno.args[0]!);
try {
  await claudeCli({ ...QUICK, environment }).ask({ system: "Answer.", prompt: "Question?", label: "caller" });
  console.log("answered");
} catch (error) {
  console.log(error instanceof ClaudeError ? error.kind : String(error));
}
