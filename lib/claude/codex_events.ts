/** What `codex exec --json` says about one call, and how its failures are told apart. */
import { z } from "zod";
import { NO_TOKENS, type Tokens } from "../records/call.ts";
import { finding } from "./classify.ts";
import type { Finding } from "./errors.ts";
import type { ProcessOutcome } from "./process.ts";
import { kindOfProse } from "./prose.ts";
import { resetOfProse } from "./resets.ts";

const COUNT = z.number().nonnegative().catch(0).default(0);
const EVENT = z.looseObject({
  type: z.string(),
  message: z.string().optional().catch(undefined),
  error: z.looseObject({ message: z.string().catch("") }).optional().catch(undefined),
  item: z.looseObject({ type: z.string(), text: z.string().optional() }).optional().catch(undefined),
  usage: z.looseObject({ input_tokens: COUNT, cached_input_tokens: COUNT, output_tokens: COUNT }).optional()
    .catch(undefined),
});

/** Items a call may produce: words and thoughts. Anything else is the tool acting, which the sandbox should have prevented. */
const WORDS = new Set(["agent_message", "reasoning", "error", "todo_list"]);

/** The events of one call. */
export class CodexEvents {
  /** The last message of the agent */
  message = "";
  completed = false;
  /** What it said went wrong */
  error: string | undefined;
  tokens: Tokens = NO_TOKENS;

  /** Takes one line; answers with an objection when the tool did something else than speak. */
  readLine(line: string): string | undefined {
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      // Lines that are not JSON are notices.
      return undefined;
    }
    const event = EVENT.safeParse(value).data;
    if (event === undefined) return undefined;
    if (event.item !== undefined && !WORDS.has(event.item.type)) return `it used a tool (${event.item.type})`;
    if (event.type === "item.completed" && event.item?.type === "agent_message") {
      this.message = event.item.text ?? "";
    }
    if (event.type === "turn.failed") this.error = event.error?.message || "the turn failed";
    if (event.type === "error") this.error = event.message ?? "an error without a message";
    if (event.type === "turn.completed") {
      this.completed = true;
      const usage = event.usage;
      if (usage !== undefined) {
        const cached = Math.min(usage.cached_input_tokens, usage.input_tokens);
        this.tokens = {
          input: Math.round(usage.input_tokens - cached),
          output: Math.round(usage.output_tokens),
          cache_read: Math.round(cached),
          cache_creation: 0,
        };
      }
    }
    return undefined;
  }
}

/** The failure of one call, or undefined when it gave an answer. Its errors stand on standard output, as events. */
export function classifyCodex(
  { run, events, text, cwdExists, now_s }: {
    readonly run: ProcessOutcome;
    readonly events: CodexEvents;
    readonly text: string;
    readonly cwdExists: boolean;
    readonly now_s: number;
  },
): Finding | undefined {
  if (run.end === "not_started") {
    return cwdExists
      ? finding(
        run.errno === "ENOENT" || run.errno === "EACCES" ? "not_found" : "unknown",
        `could not start (${run.errno})`,
      )
      : finding("bad_cwd", `the working folder was removed (${run.errno})`);
  }
  if (run.end === "cancelled") return finding("cancelled", "");
  if (run.end === "flood") return finding("too_much_output", `${run.stdout.length} characters and more`);
  if (run.end === "deadline") return finding("timeout", events.error ?? "");
  if (run.end === "stopped") return finding("protocol", run.reason ?? "");
  if (events.error !== undefined && !events.completed) {
    const found = finding(kindOfProse(events.error) ?? "unknown", events.error);
    const resumes_at_s = found.kind === "usage_limit" ? resetOfProse(events.error, now_s) : undefined;
    return resumes_at_s === undefined ? found : { ...found, resumes_at_s };
  }
  if (run.signal !== null || run.code === 143 || run.code === 137) {
    return finding("killed", run.signal ?? `exit code ${run.code}`);
  }
  const unknown = run.stderr.match(/unexpected argument '(--[a-z-]+)/i);
  if (unknown) return finding("unknown_option", unknown[1]!);
  if (run.code !== 0) {
    return finding(kindOfProse(run.stderr) ?? "unknown", `exit code ${run.code}; ${run.stderr}`);
  }
  if (!events.completed) return finding("no_result", "exit code 0 without turn.completed");
  return text.trim() === "" ? finding("empty", "") : undefined;
}
