/** What a command line about formulas names: built-ins, files of formulas and of points, JSON between quotes. */
import { spellingHint } from "../base/spelling.ts";
import { BUILTINS } from "../formula/builtins.ts";
import { type Formula, FormulaError, parseFormula } from "../formula/document.ts";
import { formulaHash } from "../formula/formula_hash.ts";
import { searchSpace } from "../formula/parameters.ts";
import { found } from "../formula/say_issue.ts";
import { parsePoint, type Point } from "../records/space.ts";
import { UsageError } from "./command.ts";

/**
 * A built-in formula, the one in a file, or the one that a file of results has as its member `formula`; its search space checked as well.
 * @throws {UsageError} naming what was given
 */
export function openFormula(name: string): Formula {
  const builtin = BUILTINS.get(name);
  if (builtin) return builtin;
  const text = readFile(
    name,
    JSON.stringify(name),
    `neither a built-in formula nor a file${spellingHint(name, [...BUILTINS.keys()])}`,
  );
  const document = parseJson(text, name), result = memberOf(document, "formula");
  return readFormula(result ?? document, result === undefined ? name : `${name}, member formula`);
}

/** JSON given on the command line, or in the file it names. @throws {UsageError} when it is neither, naming the option */
export function inlineOrFile(text: string, option: string): unknown {
  if (/^\s*[[{]/.test(text)) return parseJson(text, `--${option}`);
  const what = `--${option}: ${JSON.stringify(text)}`;
  return parseJson(readFile(text, what, "neither JSON nor a file"), what);
}

/**
 * The point that `--params` gives for a formula: numbers by parameter name, or what a file of results has as its member `params`.
 * @param elsewhere what to do with a file of another formula
 * @throws {UsageError} for another shape, for what {@link parsePoint} refuses, and for a file whose own formula is not the one the point
 *   is wanted for
 */
export function pointOf(
  formula: Formula,
  text: string,
  elsewhere = "name that file as the formula too",
): Point {
  const given = inlineOrFile(text, "params");
  const own = memberOf(given, "formula"), params = memberOf(given, "params");
  if (own !== undefined) {
    const hash = formulaHash(readFormula(own, `--params: ${text}, member formula`));
    if (hash !== formulaHash(formula)) {
      throw new UsageError(
        `--params: ${text} holds a point of another formula than ${formula.name}: ${elsewhere}`,
      );
    }
  }
  if (own !== undefined && params === undefined) {
    throw new UsageError(`--params: ${text} has a member formula but no member params, the point of it`);
  }
  return readNumbers(formula, params === undefined ? given : params, "--params");
}

/** A point of a formula. @param what what holds it, for messages @throws {UsageError} for another shape, and for what {@link parsePoint} refuses */
export function readNumbers(formula: Formula, point: unknown, what: string): Point {
  if (typeof point !== "object" || point === null || Array.isArray(point)) {
    throw new UsageError(`${what}: ${found(point)} stands where numbers by parameter name are wanted`);
  }
  try {
    return parsePoint(searchSpace(formula), point as Record<string, unknown>);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new UsageError(`${what}: ${cause.message}`, { cause });
  }
}

/** A member of a results file; undefined of what has none, and of what is a formula or a point itself. */
function memberOf(value: unknown, name: "formula" | "params"): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
  const members = value as Record<string, unknown>;
  return members["record"] === "formula/1" || typeof members[name] === "number" ? undefined : members[name];
}

function readFormula(document: unknown, what: string): Formula {
  try {
    const formula = parseFormula(document);
    searchSpace(formula);
    return formula;
  } catch (cause) {
    if (!(cause instanceof FormulaError)) throw cause;
    throw new UsageError(`${what}: ${cause.message}`, { cause });
  }
}

/** Text of a file; `neither` says what the name is not where it is not a file's. */
function readFile(name: string, what: string, neither: string): string {
  try {
    return Deno.readTextFileSync(name);
  } catch (cause) {
    const { errors } = Deno, { message } = cause as Error;
    if (cause instanceof errors.IsADirectory) {
      throw new UsageError(`${what} is a folder: a file is wanted`, { cause });
    }
    // A long text that is meant to be JSON and does not begin like it is no file name either.
    const absent = cause instanceof errors.NotFound || cause instanceof errors.NotADirectory ||
      /name too long/i.test(message);
    throw new UsageError(absent ? `${what} is ${neither}` : `${what} cannot be read: ${message}`, { cause });
  }
}

function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new UsageError(`${what} is not JSON: ${(cause as Error).message}`, { cause });
  }
}
