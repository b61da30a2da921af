/** What `claude --output-format stream-json` says about one call, read tolerantly: unknown lines and fields are skipped. */
import { z } from "zod";
import { addTokens, NO_TOKENS, type Tokens } from "../records/call.ts";

const text = z.string().nullish().catch(null);
const number = z.number().nullish().catch(null);
const TOKEN_COUNT = z.number().nonnegative().catch(0).default(0).transform(Math.round);

const MODEL_USAGE = z.looseObject({
  inputTokens: TOKEN_COUNT,
  outputTokens: TOKEN_COUNT,
  cacheReadInputTokens: TOKEN_COUNT,
  cacheCreationInputTokens: TOKEN_COUNT,
});

/** The line that ends a call. Only `type` is sure to be there. */
const RESULT = z.looseObject({
  type: z.literal("result"),
  subtype: text,
  is_error: z.boolean().catch(false).default(false),
  result: text,
  errors: z.array(z.string()).catch([]).default([]),
  structured_output: z.unknown().optional(),
  api_error_status: number,
  terminal_reason: text,
  startup_failure_reason: text,
  stop_reason: text,
  total_cost_usd: number,
  modelUsage: z.record(z.string(), MODEL_USAGE).catch({}).default({}),
});
export type ResultLine = z.infer<typeof RESULT>;

/** The line that begins a call: what the model could do and who pays. */
const INIT = z.looseObject({
  type: z.literal("system"),
  subtype: z.literal("init"),
  tools: z.array(z.unknown()),
  mcp_servers: z.array(z.unknown()),
  model: text,
  apiKeySource: text,
  claude_code_version: text,
});
export type InitLine = z.infer<typeof INIT>;

const ASSISTANT = z.looseObject({
  type: z.literal("assistant"),
  parent_tool_use_id: text,
  error: text,
  message: z.looseObject({
    model: text,
    content: z.array(z.looseObject({ type: z.string(), text: text })).catch([]).default([]),
  }),
});

const API_RETRY = z.looseObject({
  type: z.literal("system"),
  subtype: z.literal("api_retry"),
  attempt: number,
  max_retries: number,
  error_status: number,
  error: text,
});

const RATE_LIMIT = z.looseObject({
  type: z.literal("rate_limit_event"),
  rate_limit_info: z.looseObject({ status: text, resetsAt: number, rateLimitType: text }),
});

/** Everything one call said, in the parts that matter. */
export class Envelope {
  init: InitLine | undefined;
  result: ResultLine | undefined;
  /** Text of the assistant's messages, in order */
  streamed = "";
  /** The model that wrote the messages */
  speaker: string | undefined;
  /** Error name on the last assistant message, when the tool itself wrote that message */
  assistantError: string | undefined;
  lastRetry: z.infer<typeof API_RETRY> | undefined;
  rateLimit: z.infer<typeof RATE_LIMIT>["rate_limit_info"] | undefined;
  /** Lines that were not JSON objects */
  junk = 0;

  /** Takes one line of output. A line that is not JSON, or of an unknown type, is counted or skipped, never an error. */
  readLine(line: string): void {
    if (line.trim() === "") return;
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      this.junk++;
      return;
    }
    // `json --verbose` writes all messages as one array.
    for (const message of Array.isArray(value) ? value : [value]) this.#take(message);
  }

  /** Looks for the result in whole outputs when the lines held none: pretty-printed, or written to standard error. */
  readWhole(...outputs: readonly string[]): void {
    for (const output of outputs) {
      if (this.result !== undefined || !/^\s*[\[{]/.test(output)) continue;
      try {
        const value: unknown = JSON.parse(output);
        for (const message of Array.isArray(value) ? value : [value]) this.#take(message);
      } catch {
        // Not one JSON document: nothing to find here.
      }
    }
  }

  #take(message: unknown): void {
    const type = (message as { type?: unknown } | null)?.type;
    const subtype = (message as { subtype?: unknown } | null)?.subtype;
    if (type === "result") this.result = RESULT.safeParse(message).data ?? this.result;
    else if (type === "system" && subtype === "init") this.init = INIT.safeParse(message).data ?? this.init;
    else if (type === "system" && subtype === "api_retry") {
      this.lastRetry = API_RETRY.safeParse(message).data ?? this.lastRetry;
    } else if (type === "rate_limit_event") {
      this.rateLimit = RATE_LIMIT.safeParse(message).data?.rate_limit_info ?? this.rateLimit;
    } else if (type === "assistant") this.#speak(ASSISTANT.safeParse(message).data);
  }

  #speak(message: z.infer<typeof ASSISTANT> | undefined): void {
    if (message === undefined || message.parent_tool_use_id) return;
    this.assistantError = message.error ?? undefined;
    if (message.error) return;
    this.speaker = message.message.model ?? this.speaker;
    this.streamed += message.message.content.map((part) => part.type === "text" ? part.text ?? "" : "").join(
      "",
    );
  }

  /** Tokens of every model that took part. */
  get tokens(): Tokens {
    return Object.values(this.result?.modelUsage ?? {}).reduce<Tokens>((sum, usage) =>
      addTokens(sum, {
        input: usage.inputTokens,
        output: usage.outputTokens,
        cache_read: usage.cacheReadInputTokens,
        cache_creation: usage.cacheCreationInputTokens,
      }), NO_TOKENS);
  }

  /** Price of the call in US dollars as the tool estimates it; null when it did not say. */
  get cost_usd(): number | null {
    const cost = this.result?.total_cost_usd;
    return typeof cost === "number" && cost >= 0 ? cost : null;
  }

  /** The model that answered: who spoke, else who wrote the most, else who was announced. */
  get servedBy(): string | null {
    const most = Object.entries(this.result?.modelUsage ?? {})
      .sort(([a, x], [b, y]) => y.outputTokens - x.outputTokens || (a < b ? -1 : 1))[0];
    return this.speaker ?? most?.[0] ?? this.init?.model ?? null;
  }
}
