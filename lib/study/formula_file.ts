/** Formulas as a command line or a notebook names them: a built-in, a JSON document of one, or what a study wrote with one in it. */
import { BUILTINS, SPEC } from "../formula/builtins.ts";
import { type Formula, parseFormula } from "../formula/document.ts";
import { searchSpace } from "../formula/parameters.ts";

/** A formula, and the point it comes with. */
export interface NamedFormula {
  readonly formula: Formula;
  /** parameters by name, not yet held against the formula's space; absent where the document is a formula alone */
  readonly params?: unknown;
}

/**
 * Reads a formula by a built-in's name or from a JSON file; without a name the specification's. A file with a `formula` member, such as
 * `structure.json` and `trained.json`, gives that, with its `params`.
 * @throws {RangeError} when there is neither, or the name is a folder's; {SyntaxError} for a file that is not JSON; {FormulaError} for no
 * formula, or one whose parameters contradict each other
 */
export function namedFormula(name?: string): NamedFormula {
  if (name === undefined || name === "") return { formula: SPEC };
  const builtin = BUILTINS.get(name);
  if (builtin) return { formula: builtin };
  let text: string;
  try {
    text = Deno.readTextFileSync(name);
  } catch (cause) {
    if (cause instanceof Deno.errors.IsADirectory) {
      throw new RangeError(`${name} is a folder: a built-in formula (${names()}) or a JSON file is wanted`);
    }
    if (!(cause instanceof Deno.errors.NotFound || cause instanceof Deno.errors.NotADirectory)) throw cause;
    throw new RangeError(`The formula ${JSON.stringify(name)} is neither a built-in (${names()}) nor a file`);
  }
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (cause) {
    throw new SyntaxError(`${name} is not JSON: ${(cause as Error).message}`, { cause });
  }
  const whole: Holder = holdsFormula(document) ? document : { formula: document };
  const formula = parseFormula(whole.formula);
  searchSpace(formula);
  return whole.params === undefined ? { formula } : { formula, params: whole.params };
}

/** The formula alone, as {@link namedFormula} reads it. */
export function formulaNamed(name?: string): Formula {
  return namedFormula(name).formula;
}

/** A document with a formula in it, and maybe a point. */
interface Holder {
  readonly formula: unknown;
  readonly params?: unknown;
}

function holdsFormula(document: unknown): document is Holder {
  return typeof document === "object" && document !== null && Object.hasOwn(document, "formula");
}

const names = () => [...BUILTINS.keys()].join(", ");
