/** The exact bytes that leave the process, checked once for every backend. */
import { sha256 } from "../base/canonical.ts";
import { ClaudeError } from "./errors.ts";
import type { ModelRequest } from "./model.ts";
import { redactSecrets } from "./redact.ts";

/** A request ready to be sent, hashed and recorded: all three see the same bytes. */
export interface SealedRequest {
  readonly system: string;
  readonly prompt: string;
  readonly prompt_hash: string;
  readonly prompt_bytes: number;
}

/** Longest prompt by default: about 75,000 to 100,000 tokens. */
export const MAX_PROMPT_BYTES = 300_000;
/** Longest system prompt: it stands on a command line, where Linux allows 131,071 bytes. */
const MAX_SYSTEM_BYTES = 16_000;

/** Text in a prompt on which a command line would act. */
const ACTIVE: readonly [RegExp, string][] = [
  [/(?:^|[^A-Za-z0-9_])@[^\s@]/, "an @mention, which the command line would replace by a file"],
  [/ultrathink/i, "the keyword ultrathink, which changes how the model is run"],
  // deno-lint-ignore no-control-regex
  [/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/, "a control character"],
];

/**
 * Redacts secrets, makes the text well-formed Unicode and refuses what a command line would act on.
 *
 * @throws {ClaudeError} "protocol" when the prompt does not begin with a letter or holds an @mention, a keyword or a control
 * character; "prompt_too_long" above `maxBytes` of UTF-8
 */
export function sealRequest(
  request: ModelRequest,
  program: string,
  maxBytes: number = MAX_PROMPT_BYTES,
): SealedRequest {
  const system = redactSecrets(request.system.toWellFormed());
  const prompt = redactSecrets(request.prompt.toWellFormed());
  const refuse = (detail: string) => new ClaudeError("protocol", { program, detail });
  for (const [what, text] of [["prompt", prompt], ["system prompt", system]] as const) {
    if (!/^\p{L}/u.test(text)) {
      throw refuse(`the ${what} begins with ${JSON.stringify(text.slice(0, 1))}, a letter is wanted`);
    }
    for (const [pattern, found] of ACTIVE) {
      const at = text.search(pattern);
      if (at >= 0) {
        throw refuse(
          `the ${what} holds ${found}, at character ${at}; foreign text must go through promptJson`,
        );
      }
    }
  }
  const bytes = new TextEncoder().encode(prompt).length;
  if (bytes > maxBytes) {
    throw new ClaudeError("prompt_too_long", {
      program,
      detail: `${bytes} bytes, at most ${maxBytes} are wanted`,
    });
  }
  if (new TextEncoder().encode(system).length > MAX_SYSTEM_BYTES) {
    throw refuse(`the system prompt is longer than ${MAX_SYSTEM_BYTES} bytes`);
  }
  return { system, prompt, prompt_hash: sha256(prompt), prompt_bytes: bytes };
}
