/** Children that hang, ignore signals, flood, or leave others behind: the call ends, and so do they. */
import assert from "node:assert/strict";
import { ClaudeError } from "../../lib/claude/mod.ts";
import { claudeCli, type ClaudeCliOptions } from "../../lib/claude/cli.ts";
import { classify } from "../../lib/claude/classify.ts";
import { Envelope } from "../../lib/claude/envelope.ts";
import { runProcess } from "../../lib/claude/process.ts";
import { CallQueue } from "../../lib/claude/queue.ts";
import { AttemptBudget } from "../../lib/claude/attempts.ts";
import { firstPid, isGone, type StandInOptions, withStandIn } from "./stand_in/install.ts";
import { QUICK } from "./stand_in/quick.ts";

const REQUEST = { system: "Answer in JSON.", prompt: "Question: is it so?", label: "test" };
const INIT = `{"type":"system","subtype":"init","tools":[],"mcp_servers":[],"apiKeySource":"none"}`;
const RETRY =
  `{"type":"system","subtype":"api_retry","attempt":3,"max_retries":4,"error_status":529,"error":"overloaded"}`;
const RESULT = `{"type":"result","subtype":"success","is_error":false,"result":"well","total_cost_usd":0}`;

/** Asks once, without retries, and hands over how it ended when every noted process is gone. */
function ends(
  standIn: StandInOptions,
  options: ClaudeCliOptions = {},
): Promise<string> {
  return withStandIn(standIn, async ({ environment, pids }) => {
    const model = claudeCli({ ...QUICK, queue: new CallQueue(1), environment, ...options });
    const end = await model.ask(REQUEST, { attempts: new AttemptBudget({ retries: 0 }) }).then(
      (reply) => `ok: ${reply.text}`,
      (error) => {
        assert.ok(error instanceof ClaudeError, String(error));
        return `${error.kind}: ${error.detail}`;
      },
    );
    for (const pid of pids()) assert.ok(await isGone(pid), `process ${pid} outlived its call (${end})`);
    assert.ok(pids().length > 0 || standIn.shell === undefined, "the stand-in was never started");
    return end;
  });
}

const DEADLINE = { deadlineMs: 2500 };

Deno.test("no process outlives its deadline, whatever it does with signals", async () => {
  const [hang, stubborn, family, runaway, trickle] = await Promise.all([
    ends({ shell: "note $$; cat >/dev/null; exec sleep 60" }, DEADLINE),
    ends({ shell: "trap '' TERM; note $$; while :; do sleep 0.1; done" }, DEADLINE),
    ends({ shell: "note $$; sleep 60 & note $!; sleep 60 & note $!; wait" }, DEADLINE),
    // A grandchild in a session of its own is in no group that could be killed.
    ends({ shell: "note $$; $(command -v setsid) sleep 60 & note $!; wait" }, DEADLINE),
    ends({ shell: `note $$; while :; do echo '${RETRY}'; sleep 0.1; done` }, DEADLINE),
  ]);
  assert.deepEqual([hang, stubborn, family, runaway], Array(4).fill("timeout: "));
  assert.equal(trickle, "timeout: it was repeating a request (3 of 4) because of overloaded, status 529");
});

Deno.test("a child that ends while another holds its output is not waited for, and the other is killed", async () => {
  const shell = `note $$; cat >/dev/null; sleep 60 & note $!; echo '${INIT}'; echo '${RESULT}'; exit 0`;
  assert.equal(await ends({ shell }), "ok: well");
});

Deno.test("a flood is cut off at the cap", async () => {
  const shell =
    `note $$; while :; do echo '{"type":"noise","text":"0123456789012345678901234567890123456789"}'; done`;
  assert.match(await ends({ shell }, { maxStdoutBytes: 100_000 }), /^too_much_output/);
});

Deno.test("a child that ends without reading its prompt is classified by how it ended", async () => {
  const early = (shell: string) => ends({ shell: `note $$; ${shell}` }, { maxPromptBytes: 2_000_000 });
  assert.match(await early("echo 'fatal: broken' >&2; exit 1"), /^unknown: exit code 1; fatal: broken/);
  assert.match(await early("exit 0"), /^no_result/);
  assert.match(await early("kill -KILL $$"), /^killed/);
  assert.match(await early("exit 143"), /^killed/);
});

Deno.test("a large prompt to a child that never reads does not break the caller", () =>
  withStandIn({ shell: "note $$; exit 1" }, async ({ environment }) => {
    const model = claudeCli({ ...QUICK, queue: new CallQueue(1), environment, maxPromptBytes: 5_000_000 });
    await assert.rejects(model.ask({ ...REQUEST, prompt: "A".repeat(4_000_000) }), { kind: "unknown" });
  }));

Deno.test("an interrupted call is cancelled and its process gone", () =>
  withStandIn({ shell: "note $$; exec sleep 60" }, async (standIn) => {
    const control = new AbortController();
    const model = claudeCli({ ...QUICK, queue: new CallQueue(1), environment: standIn.environment });
    const call = assert.rejects(model.ask(REQUEST, { signal: control.signal }), {
      kind: "cancelled",
      next: "stop",
    });
    const pid = await firstPid(standIn);
    control.abort();
    await call;
    assert.ok(await isGone(pid));
  }));

Deno.test("a missing binary and a missing folder are told apart", async () => {
  const model = claudeCli({ ...QUICK, environment: { PATH: "/nowhere", RIPMAP_LAB_CLI_DIR: "/nowhere" } });
  await assert.rejects(model.ask(REQUEST), {
    kind: "not_found",
    message: /^Claude is not installed here, or is not on PATH.*What to do: install it/,
  });
  const spec = { args: [], env: {}, stdin: "" };
  const noFolder = await runProcess({ ...spec, file: "/bin/sh", cwd: "/nowhere/at/all" });
  assert.deepEqual([noFolder.end, noFolder.errno], ["not_started", "ENOENT"]);
  const seen = { run: noFolder, envelope: new Envelope(), now_s: 0 };
  assert.equal(classify({ ...seen, cwdExists: false })?.kind, "bad_cwd");
  assert.equal(classify({ ...seen, cwdExists: true })?.kind, "not_found");
});

Deno.test("text split inside a character or a line arrives whole", async () => {
  const lines: string[] = [];
  await runProcess({
    file: "/bin/sh",
    args: ["-c", `printf 'a\\303'; sleep 0.05; printf '\\251b\\nsec'; sleep 0.05; printf 'ond\\r\\nlast'`],
    cwd: "/",
    env: { PATH: "/usr/bin:/bin" },
    stdin: "",
    onLine: (line) => {
      lines.push(line);
      return undefined;
    },
  });
  assert.deepEqual(lines, ["aéb", "second", "last"]);
});
