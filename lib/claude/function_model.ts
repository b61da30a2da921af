/** A function in this process as a model: it answers from the request's `input` or its prompt, for nothing. */
import { NO_TOKENS } from "../records/call.ts";
import { finding } from "./classify.ts";
import type { AskOptions, Model, ModelRequest } from "./model.ts";
import { type Attempted, Transport, type TransportOptions } from "./transport.ts";

/** Answers a request: with an object, which becomes JSON, or with the text of the reply itself. */
export type Respond = (request: ModelRequest) => unknown | Promise<unknown>;

/** Settings of {@link functionModel}. */
export interface FunctionModelOptions extends TransportOptions {
  /** Changes with the function's answers; part of a recording's key. Default "1" */
  readonly version?: string;
}

/**
 * Wraps a function as a model. Its replies go the way of all replies: as text, read and judged by `askFor`.
 *
 * The function should be deterministic. What it throws becomes a ClaudeError of kind "embedded" naming the error.
 */
export function functionModel(name: string, respond: Respond, options: FunctionModelOptions = {}): Model {
  const transport = new Transport(name, options);
  const version = options.version ?? "1";
  return {
    name,
    identity: { backend: name, version },
    ask: (request: ModelRequest, ask: AskOptions = {}) =>
      transport.call(request, ask, async (): Promise<Attempted> => {
        const common = { model: name, version, cost_usd: 0, tokens: NO_TOKENS };
        try {
          const answer = await respond(request);
          const text = typeof answer === "string" ? answer : JSON.stringify(answer) ?? "";
          return text.trim() === "" ? { ...common, finding: finding("empty", "") } : { ...common, text };
        } catch (error) {
          return { ...common, finding: finding("embedded", String(error)) };
        }
      }),
  };
}
