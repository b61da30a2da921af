/** Portable JSON Schema. */
import assert from "node:assert/strict";
import { z } from "zod";
import { portableSchema } from "../../lib/claude/mod.ts";

Deno.test("ranges, lengths, patterns and the draft's name are left out; closed objects and enums stay", () => {
  const schema = z.strictObject({
    list: z.array(z.strictObject({ kind: z.literal("a"), name: z.string().min(1).max(9).regex(/x/) })).min(2)
      .max(6),
    mail: z.email(),
    share: z.number().min(0).max(1),
    maybe: z.enum(["x", "y"]).nullable(),
  });
  assert.deepEqual(portableSchema(schema), {
    type: "object",
    properties: {
      list: {
        type: "array",
        minItems: 1,
        items: {
          type: "object",
          properties: { kind: { type: "string", enum: ["a"] }, name: { type: "string" } },
          required: ["kind", "name"],
          additionalProperties: false,
        },
      },
      mail: { type: "string" },
      share: { type: "number" },
      maybe: { anyOf: [{ type: "string", enum: ["x", "y"] }, { type: "null" }] },
    },
    required: ["list", "mail", "share", "maybe"],
    additionalProperties: false,
  });
});

Deno.test("maps, optional keys and transforms are refused with their place", () => {
  const wrap = (inner: z.ZodType) => z.strictObject({ a: inner });
  assert.throws(() => portableSchema(wrap(z.record(z.string(), z.number()))), {
    message: /\$\.properties\.a is an object without/,
  });
  assert.throws(() => portableSchema(wrap(z.looseObject({ b: z.string() }))), {
    message: /is an open object/,
  });
  assert.throws(() => portableSchema(z.strictObject({ a: z.string().optional() })), {
    message: /optional keys a/,
  });
  assert.throws(() => portableSchema(wrap(z.string().transform(Number))));
});
