/** Writes a focus expression as text. */
import { checkFocus, type FocusExpression, isBareName, type Refinement } from "./focus_expression.ts";
import { parseFocus } from "./parse_focus.ts";

const OPERATORS = { any: " | ", all: " & ", path: " -> " } as const;
const TIGHTNESS = { any: 0, all: 1, path: 2, refined: 3, name: 4 } as const;

/**
 * The canonical text of an expression: one space around operators, only the parentheses that are needed, quotes only
 * around exact names and around filter arguments that need them. `parseFocus` gives the same expression back.
 *
 * @throws {LanguageError} for an expression whose text is longer or deeper than the parser reads
 * @throws {RangeError | z.ZodError} for a value that is no expression
 */
export function printFocus(expression: FocusExpression): string {
  const text = write(checkFocus(expression));
  parseFocus(text);
  return text;
}

function write(expression: FocusExpression): string {
  switch (expression.kind) {
    case "name":
      return expression.exact ? JSON.stringify(expression.text) : expression.text;
    case "refined":
      return [inside(expression.of, TIGHTNESS.refined), ...expression.by.map(writeRefinement)].join(" ");
    default: {
      const { kind, of } = expression;
      return of.map((member) => inside(member, TIGHTNESS[kind])).join(OPERATORS[kind]);
    }
  }
}

/** Equal tightness gets parentheses too: lists are flat, so a list in a list of its kind was written with them. */
function inside(expression: FocusExpression, tightness: number): string {
  const text = write(expression);
  return TIGHTNESS[expression.kind] > tightness ? text : `(${text})`;
}

function writeRefinement(by: Refinement): string {
  switch (by.kind) {
    case "hops":
      return `@ ${by.hops}`;
    case "recent":
      return by.days === undefined ? "% recent" : `% recent:${by.days}`;
    case "churned":
      return by.commits === undefined ? "% churned" : `% churned:${by.commits}`;
    case "lang":
      return `% lang:${argument(by.language)}`;
    case "path":
      return `% path:${argument(by.glob)}`;
    default:
      return `% ${by.kind}`;
  }
}

const argument = (text: string) => isBareName(text) ? text : JSON.stringify(text);
