/** The identity of a question: what must be equal for a recorded answer to stand for a new one. */
import { contentHash } from "../base/canonical.ts";
import type { Model, ModelRequest } from "./model.ts";
import { redactSecrets } from "./redact.ts";
import { z } from "zod";

/** Changes when this room changes what it sends for the same request. */
const BRIDGE_VERSION = 1;

/** What a cassette keeps of a request. */
export interface AskedOf {
  readonly identity: Record<string, string>;
  readonly system: string;
  readonly prompt: string;
  readonly schema_hash: string | null;
  readonly label: string;
}

/** The recorded form of a request to a model. The embedded `input` is not in it: the prompt says the same. */
export function askedOf(model: Model, request: ModelRequest): AskedOf {
  return {
    identity: { ...model.identity },
    system: redactSecrets(request.system.toWellFormed()),
    prompt: redactSecrets(request.prompt.toWellFormed()),
    schema_hash: request.schema === undefined ? null : schemaHash(request.schema),
    label: request.label,
  };
}

/**
 * SHA-256 of everything that changes an answer: model and settings, system prompt, prompt, schema. Not in it: the label,
 * time, paths, and how often it was asked.
 */
export function cassetteKey({ identity, system, prompt, schema_hash }: AskedOf): string {
  return contentHash({ bridge: BRIDGE_VERSION, identity, system, prompt, schema_hash });
}

function schemaHash(schema: z.ZodType): string {
  // Rules that JSON Schema cannot say (refinements, transforms) judge a reply but do not change what is sent.
  return contentHash(z.toJSONSchema(schema, { unrepresentable: "any", io: "input" }));
}
