/** The published JSON Schema of `wisdom.json`, generated from the shape the kit itself reads by. */
import { join } from "node:path";
import { z } from "zod";
import { DATA_DIR } from "../base/paths.ts";
import { Wisdom } from "../records/wisdom.ts";
import { indented } from "./releases.ts";

/** Where it is published. */
export const WISDOM_SCHEMA_FILE: string = join(DATA_DIR, "wisdom.schema.json");

/** The schema's text (draft 2020-12). What only code can check, such as that the rules parse, it cannot say. */
export function wisdomSchemaText(): string {
  return indented({
    ...z.toJSONSchema(Wisdom),
    title: "wisdom/1",
    description:
      "Presets, heuristics, warnings and intuitions of ripmap-lab, each with its episodes and its test",
  });
}
