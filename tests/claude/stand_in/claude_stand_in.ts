/**
 * A stand-in for `claude`, for tests only. It talks to nobody: it is run without network permission.
 *
 * It serves step i of `scenario.json` to call i and appends what it was given to `calls.ndjson`, both beside the shim that
 * started it. Like the real tool it refuses unknown options, `stream-json` without `--verbose`, empty input and schemas of
 * the 2020-12 draft; messages and envelopes are written after the public documentation, not recorded.
 */
import { join } from "node:path";
import { type Scenario, type Step } from "./scenario.ts";

const [folder, ...args] = Deno.args as [string, ...string[]];
const scenario: Scenario = JSON.parse(Deno.readTextFileSync(join(folder, "scenario.json")));

const encoder = new TextEncoder();
function write(to: { writeSync(bytes: Uint8Array): number }, text: string): void {
  const bytes = encoder.encode(text);
  for (let done = 0; done < bytes.length;) done += to.writeSync(bytes.subarray(done));
}
const out = (message: object) => write(Deno.stdout, JSON.stringify(message) + "\n");
function die(message: string): never {
  write(Deno.stderr, message + "\n");
  Deno.exit(1);
}

/** Long options and whether they take a value. */
const OPTIONS: Record<string, boolean> = {
  "--print": false,
  "--output-format": true,
  "--verbose": false,
  "--tools": true,
  "--strict-mcp-config": false,
  "--disable-slash-commands": false,
  "--setting-sources": true,
  "--permission-mode": true,
  "--no-session-persistence": false,
  "--safe-mode": false,
  "--bare": false,
  "--system-prompt": true,
  "--model": true,
  "--effort": true,
  "--max-budget-usd": true,
  "--json-schema": true,
};

const given = new Map<string, string>();
for (let i = 0; i < args.length; i++) {
  const name = args[i]!;
  if (!(name in OPTIONS) || scenario.refuses?.includes(name)) die(`error: unknown option '${name}'`);
  given.set(name, OPTIONS[name] ? args[++i] ?? "" : "");
}
if (!given.has("--print")) die("The stand-in refuses to run interactively.");
if (given.get("--output-format") === "stream-json" && !given.has("--verbose")) {
  die("Error: When using --print, --output-format=stream-json requires --verbose");
}
if (Deno.env.get("CLAUDECODE")) {
  die("Claude Code cannot be launched inside another Claude Code session.");
}
if (given.has("--json-schema")) {
  const schema = JSON.parse(given.get("--json-schema")!);
  if (schema.$schema !== undefined || scenario.rejects_schemas) {
    die("Error: --json-schema is not a valid schema");
  }
}

const calls = join(folder, "calls.ndjson");
let index = 0;
try {
  index = Deno.readTextFileSync(calls).split("\n").length - 1;
} catch { /* the first call */ }
const step: Step = scenario.steps[Math.min(index, scenario.steps.length - 1)]!;

const reads = step.mode !== "exit_before_stdin";
const stdin = reads ? await new Response(Deno.stdin.readable).text() : "";
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
if (reads && stdin.trim() === "") {
  die("Error: Input must be provided either through stdin or as a prompt argument");
}

const model = step.served ?? given.get("--model") ?? "claude-sonnet-4-6";
const usage = { inputTokens: 100, outputTokens: 20, cacheReadInputTokens: 7, cacheCreationInputTokens: 3 };
const init = (more: object = {}) =>
  out({
    type: "system",
    subtype: "init",
    tools: given.get("--tools") === ""
      ? (given.has("--json-schema") ? ["StructuredOutput"] : [])
      : ["Bash", "Read"],
    mcp_servers: [],
    model,
    permissionMode: given.get("--permission-mode") ?? "default",
    apiKeySource: Deno.env.has("ANTHROPIC_API_KEY") ? "ANTHROPIC_API_KEY" : "none",
    claude_code_version: "2.1.330",
    ...more,
  });
const say = (text: string) =>
  out({
    type: "assistant",
    parent_tool_use_id: null,
    message: { model, role: "assistant", content: [{ type: "text", text }] },
  });
const resultOf = (more: object = {}) => ({
  type: "result",
  subtype: "success",
  is_error: false,
  stop_reason: "end_turn",
  terminal_reason: "completed",
  api_error_status: null,
  total_cost_usd: 0.01,
  duration_ms: 5,
  num_turns: 1,
  modelUsage: { [model]: { ...usage, costUSD: 0.01 } },
  ...more,
});
const result = (more: object = {}) => out(resultOf(more));
/** An API failure arrives as a success that is an error, with prose. */
const fails = (text: string, status: number | null, more: object = {}): never => {
  init();
  result({
    is_error: true,
    result: text,
    api_error_status: status,
    terminal_reason: "api_error",
    total_cost_usd: 0,
    ...more,
  });
  Deno.exit(1);
};
const text = step.text ?? '{"answer":"yes","score":0.5}';

const MODES: Record<string, () => void> = {
  ok: () => {
    init();
    say(text);
    result({ result: text });
  },
  structured: () => {
    init();
    result({ result: "", structured_output: step.value });
  },
  noise_then_ok: () => {
    write(Deno.stderr, '[claude-code:unrecognized_model] {"model":"x"}\n');
    write(Deno.stdout, "a line that is not JSON\n");
    out({ type: "future_event", payload: "x".repeat(70_000) });
    init();
    out({
      type: "rate_limit_event",
      rate_limit_info: { status: "allowed_warning", resetsAt: 1_900_000_000 },
    });
    say(text);
    result({ result: text });
    out({ type: "system", subtype: "after_all" });
  },
  array: () => {
    write(
      Deno.stdout,
      JSON.stringify(
        [
          { type: "system", subtype: "init", tools: [], mcp_servers: [], apiKeySource: "none", model },
          resultOf({ result: text }),
        ],
        null,
        1,
      ),
    );
  },
  object_only: () => result({ result: text }),
  silent: () => {},
  empty_streamed: () => {
    init();
    say(text);
    result({ result: "" });
  },
  empty_result: () => {
    init();
    result({ result: "" });
  },
  no_result_line: () => {
    init();
    say(text);
  },
  truncated_64k: () => {
    init();
    write(Deno.stdout, JSON.stringify(resultOf({ result: "x".repeat(80_000) })).slice(0, 65_536));
  },
  garbage: () => write(Deno.stdout, "\u0000\u0007 <html>not json</html>\n{]\n"),
  max_tokens: () => {
    init();
    say(text);
    result({ result: text, stop_reason: "max_tokens" });
  },
  tools_given: () => {
    init({ tools: ["Bash"] });
    say(text);
    result({ result: text });
  },
  mcp_given: () => {
    init({ mcp_servers: [{ name: "files", status: "connected" }] });
    result({ result: text });
  },
  key_helper: () => {
    init({ apiKeySource: "apiKeyHelper" });
    result({ result: text });
  },
  not_logged_in: () => fails("Not logged in · Please run /login", null),
  login_expired: () => fails("OAuth session expired and could not be refreshed", 401),
  auth_401: () => fails("Failed to authenticate. API Error: 401 Invalid bearer token", 401),
  credit_low: () => fails("Credit balance is too low", null),
  session_limit: () => {
    init();
    out({
      type: "rate_limit_event",
      rate_limit_info: { status: "rejected", resetsAt: 1_900_000_000, rateLimitType: "five_hour" },
    });
    result({
      is_error: true,
      result: "You've hit your session limit · resets 4pm (UTC)",
      api_error_status: 429,
    });
    Deno.exit(1);
  },
  blocking_limit: () =>
    fails("You've hit your limit · resets 4pm (Europe/Berlin)", null, { terminal_reason: "blocking_limit" }),
  legacy_limit: () => fails("Claude AI usage limit reached|1900000000", null),
  throttled: () => fails("Server is temporarily limiting requests (not your usage limit)", 429),
  overloaded: () => fails("API Error: 529 Overloaded", 529),
  server_500: () => fails("API Error: 500 Internal server error", 500),
  max_turns: () => {
    init();
    result({ subtype: "error_max_turns", is_error: true, errors: [], num_turns: 2 });
    Deno.exit(1);
  },
  max_budget: () => {
    init();
    result({ subtype: "error_max_budget_usd", is_error: true, errors: ["Reached maximum budget"] });
    Deno.exit(1);
  },
  schema_retries: () => {
    init();
    result({ subtype: "error_max_structured_output_retries", is_error: true, errors: [] });
    Deno.exit(1);
  },
  prompt_too_long: () => fails("Prompt is too long", 400, { terminal_reason: "prompt_too_long" }),
  bad_model: () => fails("There's an issue with the selected model (x). It may not exist", 404),
  network: () => fails("Unable to connect to API (ECONNREFUSED)", null),
  tls: () =>
    fails("Unable to connect to API: SSL certificate verification failed, self-signed certificate", null),
  refusal: () => {
    init();
    say("I can't help with this.");
    result({ result: "I can't help with this.", stop_reason: "refusal" });
  },
  mid_response: () => {
    init();
    say('{"answer":"y');
    result({ result: '{"answer":"y\n\nAPI Error: Connection lost. The response above may be incomplete.' });
  },
  says_not_logged_in: () => {
    const words = '{"answer":"Not logged in. Overloaded. Credit balance is too low. 401","score":1}';
    init();
    say(words);
    result({ result: words });
  },
  exit_before_stdin: () => Deno.exit(1),
  mystery: () => fails("Something nobody has seen", null),
};

MODES[step.mode]!();
