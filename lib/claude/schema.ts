/** A zod schema as the JSON Schema that strict structured output accepts everywhere. */
import { z } from "zod";

/** Keywords that some readers reject or ignore; zod checks them anyway. */
const STRIPPED = [
  "minimum",
  "maximum",
  "exclusiveMinimum",
  "exclusiveMaximum",
  "multipleOf",
  "minLength",
  "maxLength",
  "maxItems",
  "minProperties",
  "maxProperties",
  "uniqueItems",
  "pattern",
  "format",
  "default",
  "contentEncoding",
] as const;

/** A JSON Schema object. */
export type JsonSchema = Record<string, unknown>;

/**
 * Draft-7 JSON Schema without `$schema`, in the part of the language that every strict reader knows: closed objects with
 * all keys required, `enum` for constants, no ranges, lengths, patterns or formats.
 *
 * It says less than the zod schema does: zod remains the only judge of a reply.
 * @throws {TypeError} for what that part cannot say (maps, optional keys, open or empty objects), naming the path
 * @throws {Error} from zod for transforms and other types without a JSON form
 */
export function portableSchema(schema: z.ZodType): JsonSchema {
  const json = z.toJSONSchema(schema, {
    target: "draft-7",
    override: ({ jsonSchema }) => {
      const open = jsonSchema as JsonSchema;
      for (const keyword of STRIPPED) delete open[keyword];
      if (typeof open.minItems === "number" && open.minItems > 1) open.minItems = 1;
      if ("const" in open) {
        open.enum = [open.const];
        delete open.const;
      }
    },
  }) as JsonSchema;
  delete json.$schema;
  checkPortable(json, "$");
  return json;
}

function checkPortable(node: unknown, path: string): void {
  if (Array.isArray(node)) node.forEach((item, i) => checkPortable(item, `${path}[${i}]`));
  if (typeof node !== "object" || node === null || Array.isArray(node)) return;
  const at = node as JsonSchema;
  if (at.type === "object") {
    const keys = Object.keys(at.properties ?? {});
    const required = (at.required ?? []) as string[];
    const optional = keys.filter((key) => !required.includes(key));
    const say = (what: string) => new TypeError(`No portable JSON Schema: ${path} ${what}`);
    if (keys.length === 0) throw say("is an object without named keys: use an array of objects with a name");
    if (at.additionalProperties !== false) throw say("is an open object: use z.strictObject");
    if (optional.length > 0) {
      throw say(`has optional keys ${optional.join(", ")}: use an empty or null value`);
    }
  }
  for (const [key, value] of Object.entries(at)) {
    if (key !== "enum" && key !== "required") checkPortable(value, `${path}.${key}`);
  }
}
