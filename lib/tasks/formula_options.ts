/** Options that name a formula or a point of one. */
import { type Formula, FormulaError } from "../formula/document.ts";
import { searchSpace } from "../formula/parameters.ts";
import { parsePoint, type Point } from "../records/space.ts";
import { type NamedFormula, namedFormula } from "../study/formula_file.ts";
import { type Invocation, type Option, UsageError } from "./command.ts";
import { pointOf, readNumbers } from "./formula_input.ts";

/** Option that names a point. */
export const PARAMS_OPTION: Option = {
  type: "string",
  value: "FILE|JSON",
  help: 'parameters that differ from the defaults, as a JSON file or inline: {"pagerank_alpha":0.5}',
};

/** A formula at a point. */
export interface Tuned {
  readonly formula: Formula;
  readonly point: Point;
}

/** Reads the formula an option names. @throws {UsageError} when it names none, or a file that holds none */
export function readFormula(name: string | undefined, option = "formula"): Formula {
  return readNamedFormula(name, option).formula;
}

function readNamedFormula(name: string | undefined, option: string): NamedFormula {
  try {
    return namedFormula(name);
  } catch (cause) {
    if (cause instanceof FormulaError) {
      throw new UsageError(`--${option}: ${name}: ${cause.message}`, { cause });
    }
    if (cause instanceof RangeError || cause instanceof SyntaxError) {
      throw new UsageError(`--${option}: ${cause.message}`, { cause });
    }
    throw cause;
  }
}

/**
 * Reads a formula and where to look at it: the formula that `option` names, else the study's own; the point that `--params` names, else
 * the one in the formula's file, else the defaults.
 * @throws {UsageError} as {@link readFormula} and {@link readPoint} do
 */
export function readTuned(values: Invocation["values"], option: string, own: Formula): Tuned {
  const name = values[option] as string | undefined, params = values["params"] as string | undefined;
  const { formula, params: inFile } = name === undefined ? { formula: own } : readNamedFormula(name, option);
  const point = params === undefined && inFile !== undefined
    ? readNumbers(formula, inFile, `--${option} ${name}`)
    : readPoint(formula, params, `name that file as --${option}, which takes formula and point from it`);
  return { formula, point };
}

/**
 * Reads the point that `--params` names, as {@link pointOf} does; undefined gives the defaults.
 * @param elsewhere what to do with a file of another formula
 */
export function readPoint(formula: Formula, text: string | undefined, elsewhere: string): Point {
  return text === undefined ? parsePoint(searchSpace(formula), {}) : pointOf(formula, text, elsewhere);
}
