/** A stand-in for `codex exec`, for tests only; see `claude_stand_in.ts`. Events are written after its documentation. */
import { join } from "node:path";
import { type Scenario, type Step } from "./scenario.ts";

const [folder, ...args] = Deno.args as [string, ...string[]];
const scenario: Scenario = JSON.parse(Deno.readTextFileSync(join(folder, "scenario.json")));
const out = (event: object) => console.log(JSON.stringify(event));
if (args[0] !== "exec" || !args.includes("--json") || args.at(-1) !== "-") {
  console.error("error: unexpected argument '--other' found");
  Deno.exit(2);
}

const calls = join(folder, "calls.ndjson");
let index = 0;
try {
  index = Deno.readTextFileSync(calls).split("\n").length - 1;
} catch { /* the first call */ }
const step: Step = scenario.steps[Math.min(index, scenario.steps.length - 1)]!;
const stdin = await new Response(Deno.stdin.readable).text();
const own = ["DENO_DIR", "DENO_NO_UPDATE_CHECK", "PWD", "OLDPWD", "SHLVL", "_"];
const env = Object.fromEntries(Object.entries(Deno.env.toObject()).filter(([name]) => !own.includes(name)));
const cwd = Deno.cwd();
Deno.writeTextFileSync(
  calls,
  JSON.stringify({
    argv: args,
    cwd,
    cwd_entries: [...Deno.readDirSync(cwd)].length,
    env,
    stdin,
    pid: Deno.pid,
    mode: step.mode,
  }) +
    "\n",
  { append: true },
);

const text = step.text ?? '{"answer":"yes","score":0.5}';
const fails = (message: string) => {
  out({ type: "error", message });
  out({ type: "turn.failed", error: { message } });
  Deno.exit(1);
};
const MODES: Record<string, () => void> = {
  ok: () => {
    out({ type: "item.completed", item: { id: "0", type: "reasoning", text: "thinking" } });
    out({ type: "item.completed", item: { id: "1", type: "agent_message", text } });
    Deno.writeTextFileSync(args[args.indexOf("-o") + 1]!, text);
    out({ type: "turn.completed", usage: { input_tokens: 110, cached_input_tokens: 10, output_tokens: 20 } });
  },
  used_tool: () => {
    out({ type: "item.started", item: { id: "0", type: "command_execution", command: "ls" } });
    MODES.ok!();
  },
  silent: () => {},
  empty: () =>
    out({ type: "turn.completed", usage: { input_tokens: 1, cached_input_tokens: 0, output_tokens: 0 } }),
  usage_limit: () => fails("You've hit your usage limit. Try again later."),
  auth: () => fails("unexpected status 401 Unauthorized"),
  throttled: () => fails("exceeded retry limit, last status: 429 Too Many Requests"),
  network: () => fails("stream disconnected before completion: error sending request"),
  bad_model: () => fails("The 'x' model is not supported when using this account."),
  prompt_too_long: () => fails("Your input exceeds the limit: input is too long"),
};

out({ type: "thread.started", thread_id: "t" });
out({ type: "turn.started" });
MODES[step.mode]!();
