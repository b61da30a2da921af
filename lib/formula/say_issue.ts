/** What is said of a document whose shape is wrong: the value found and what is wanted there. */
import type { z } from "zod";
import { spellingHint } from "../base/spelling.ts";

const WANTED: Readonly<Record<string, string>> = {
  array: "a list",
  boolean: "true or false",
  number: "a number",
  object: "an object",
  record: "an object",
  string: "a text",
};

/** A value in few words, however large it is: `"half_lfe"`, `null`, `a list`. */
export function found(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" && value !== null ? "an object" : String(value);
}

/** That a value stands where another is wanted; of undefined, that there is none. */
export function misplaced(value: unknown, wanted: string): string {
  if (value === undefined) return `it is missing: ${wanted} is wanted`;
  if (typeof value === "number" && !Number.isFinite(value)) return `${value} is not a finite number`;
  return `${found(value)} stands where ${wanted} is wanted`;
}

/** Where an issue lies: the value at fault, an unknown member by its own name. */
export function placeOf(issue: z.core.$ZodIssue): readonly PropertyKey[] {
  return issue.code === "unrecognized_keys" ? [...issue.path, issue.keys[0]!] : issue.path;
}

/** Words for one issue of a schema; undefined leaves it to the schema's own. */
export function sayIssue(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case "invalid_type":
      return misplaced(issue.input, WANTED[issue.expected as string] ?? `a value of type ${issue.expected}`);
    case "invalid_value": {
      const wanted = (issue.values as readonly unknown[]).map(found);
      return misplaced(issue.input, wanted.length === 1 ? wanted[0]! : `one of ${wanted.join(", ")}`);
    }
    case "unrecognized_keys": {
      const [key] = issue.keys as readonly string[];
      const shape = (issue.inst as z.ZodObject | undefined)?.shape ?? {};
      return `unknown member ${found(key)}${spellingHint(key!, Object.keys(shape))}`;
    }
    case "invalid_union": {
      if (issue.discriminator === undefined) return undefined;
      const { discriminator, options } = issue as { discriminator: string; options: readonly unknown[] };
      const value = (issue.input as Record<string, unknown>)[discriminator], known = options.join(", ");
      return value === undefined
        ? misplaced(value, `one of ${known}`)
        : `${found(value)} is no ${discriminator}: one of ${known} is wanted`;
    }
    default:
      return undefined;
  }
}
