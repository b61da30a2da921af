/** The facts heuristics and warnings may speak of: one table from which the checker and the documentation both come. */
import { z } from "zod";
import { INTENTS } from "../records/case.ts";
import { YOUNG_HISTORY } from "../sensitivity/claim_strata.ts";

/** One fact. Every fact has a value in every situation; `absent` is the value where there is nothing to measure. */
export interface Fact {
  readonly name: string;
  readonly type: "number" | "boolean" | "text";
  /** The only values of a text, where they are limited */
  readonly values?: readonly string[];
  /** What it is, with unit and definition, as of the commit that is ranked */
  readonly description: string;
  readonly absent?: number | string;
}

/** The vocabulary, in the order it is documented. */
export const FACTS = [
  { name: "repo.file_count", type: "number", description: "source files of the tree" },
  { name: "repo.commit_count", type: "number", description: "non-merge commits up to now", absent: 0 },
  { name: "repo.age_days", type: "number", description: "days from the first commit to now", absent: 0 },
  { name: "repo.contributors", type: "number", description: "distinct authors up to now", absent: 0 },
  {
    name: "repo.language",
    type: "text",
    description: "lower-case name of the language most source files are written in (python, rust, ...)",
    absent: "none",
  },
  { name: "repo.median_depth", type: "number", description: "median number of folders above a source file" },
  { name: "repo.test_share", type: "number", description: "share of source files that are tests, 0 to 1" },
  { name: "history.exists", type: "boolean", description: "there is at least one commit up to now" },
  {
    name: "history.is_young",
    type: "boolean",
    description:
      `the first commit is less than ${YOUNG_HISTORY.days} days old or there are fewer than ${YOUNG_HISTORY.commits} commits`,
  },
  { name: "history.median_change_size", type: "number", description: "median files a commit", absent: 0 },
  { name: "query.is_symbol", type: "boolean", description: "the query is one identifier" },
  { name: "query.is_path", type: "boolean", description: "the query is one path" },
  { name: "query.has_message", type: "boolean", description: "the query holds running text" },
  {
    name: "query.mentions_file",
    type: "boolean",
    description: "the query names at least one file of the tree",
  },
  {
    name: "query.mentions_symbol",
    type: "boolean",
    description: "the query names at least one defined symbol",
  },
  { name: "query.word_count", type: "number", description: "words of the query", absent: 0 },
  {
    name: "intent",
    type: "text",
    values: INTENTS,
    description: "what the query is after",
    absent: "explore",
  },
  { name: "seed.depth", type: "number", description: "folders above the seed file" },
  { name: "seed.is_test", type: "boolean", description: "the seed file is a test" },
  { name: "seed.is_vendor", type: "boolean", description: "the seed file is third-party code" },
  {
    name: "seed.has_history",
    type: "boolean",
    description: "at least one commit up to now touched the seed file",
  },
  { name: "seed.churn", type: "number", description: "commits that touched the seed file", absent: 0 },
  {
    name: "seed.degree",
    type: "number",
    description: "files linked to the seed file by references",
    absent: 0,
  },
  { name: "session.chat_files", type: "number", description: "files open in the session", absent: 0 },
] as const satisfies readonly Fact[];

/** Names of all facts. */
export type FactName = typeof FACTS[number]["name"];

type ValueOf<F> = F extends { type: "number" } ? number : F extends { type: "boolean" } ? boolean : string;

/** A value for every fact: one situation in which something is ranked. */
export type Facts = { readonly [F in typeof FACTS[number] as F["name"]]: ValueOf<F> };

/** The facts by name. */
export const FACT_BY_NAME: ReadonlyMap<string, Fact> = new Map(FACTS.map((fact: Fact) => [fact.name, fact]));

const FACTS_SCHEMA = z.strictObject(
  Object.fromEntries(FACTS.map((fact: Fact) => [fact.name, schemaOf(fact)])),
);

function schemaOf({ type, values }: Fact): z.ZodType {
  if (type === "number") return z.number().min(0);
  if (type === "boolean") return z.boolean();
  return values === undefined ? z.string().min(1) : z.enum(values);
}

/**
 * Checks a situation: every fact of the vocabulary and nothing else.
 *
 * @throws {RangeError} naming each fact that is missing, unknown or of the wrong type
 */
export function readFacts(values: unknown): Facts {
  const read = FACTS_SCHEMA.safeParse(values);
  if (!read.success) throw new RangeError(`Bad facts: ${z.prettifyError(read.error)}`);
  return read.data as unknown as Facts;
}

/** The vocabulary as a Markdown table. */
export function vocabularyTable(): string {
  const rows = FACTS.map(({ name, type, values, description, absent }: Fact) => {
    const kind = values === undefined ? type : values.join(", ");
    return `| \`${name}\` | ${kind} | ${description} | ${absent ?? ""} |`;
  });
  return [
    "| fact | type or values | meaning | where there is none |",
    "| --- | --- | --- | --- |",
    ...rows,
    "",
  ]
    .join("\n");
}
