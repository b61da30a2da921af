/**
 * Notebook parameters by papermill's convention: the cell tagged "parameters" declares them, a run inserts a cell tagged
 * "injected-parameters" after it that assigns the given ones.
 */
import { cellTags, type NotebookCell, type NotebookDocument, textLines, wholeText } from "./document.ts";

/** A value a parameter can have: what JSON can write. */
export type ParameterValue = string | number | boolean | null | ParameterValue[] | {
  [key: string]: ParameterValue;
};

/** One `let name = literal;` of the parameters cell. */
export interface DeclaredParameter {
  readonly name: string;
  /** The literal's text, as written. */
  readonly source: string;
  /** Type of the literal, "unknown" when it is none (an expression). */
  readonly type: "string" | "number" | "boolean" | "null" | "array" | "object" | "unknown";
}

/** The cell tagged "parameters", or undefined. */
export function parametersCell(notebook: NotebookDocument): NotebookCell | undefined {
  return notebook.cells.find((cell) => cell.cell_type === "code" && cellTags(cell).includes("parameters"));
}

/** The parameters a notebook declares, [] when it has no parameters cell. One `let` a line is read; other lines are not. */
export function declaredParameters(notebook: NotebookDocument): DeclaredParameter[] {
  const cell = parametersCell(notebook);
  if (!cell) return [];
  const pattern = /^\s*let\s+([A-Za-z_$][\w$]*)\s*(?::[^=]+)?=\s*(.*?);?\s*(?:\/\/.*)?$/gm;
  return [...wholeText(cell.source).matchAll(pattern)].map(([, name, source]) => ({
    name: name!,
    source: source!,
    type: literalType(source!),
  }));
}

function literalType(source: string): DeclaredParameter["type"] {
  if (/^(["'`]).*\1$/.test(source)) return "string";
  if (/^[-+]?[\d_]+(\.[\d_]*)?(e[-+]?\d+)?$/i.test(source)) return "number";
  if (source === "true" || source === "false") return "boolean";
  if (source === "null") return "null";
  if (source.startsWith("[")) return "array";
  if (source.startsWith("{")) return "object";
  return "unknown";
}

/**
 * Reads `-p key=value` arguments. A value stays text here; {@link bindParameters} reads it by the declared type.
 *
 * @throws {SyntaxError} for an argument without "=" or without a name
 */
export function parseParameterArguments(args: readonly string[]): Record<string, string> {
  return Object.fromEntries(args.map((arg) => {
    const at = arg.indexOf("=");
    if (at < 1) throw new SyntaxError(`Cannot read -p ${arg}: write it as -p name=value`);
    return [arg.slice(0, at), arg.slice(at + 1)];
  }));
}

/**
 * Gives each argument the type its declaration has: text for a string, JSON for the rest.
 *
 * @param name the notebook's name, for messages
 * @throws {RangeError} when the notebook has no parameters cell, or does not declare a name
 * @throws {TypeError} when a value is not of the declared type
 */
export function bindParameters(
  name: string,
  notebook: NotebookDocument,
  args: Readonly<Record<string, string>>,
): Record<string, ParameterValue> {
  if (Object.keys(args).length === 0) return {};
  if (!parametersCell(notebook)) {
    throw new RangeError(
      `${name} takes no parameters: no cell is tagged "parameters", but -p gave ${
        Object.keys(args).join(", ")
      }. ` +
        `Drop -p, or tag the cell with the "let name = value;" lines`,
    );
  }
  const declared = new Map(declaredParameters(notebook).map((p) => [p.name, p]));
  return Object.fromEntries(
    Object.entries(args).map(([key, text]) => {
      const parameter = declared.get(key);
      if (!parameter) {
        throw new RangeError(
          `${name} has no parameter "${key}": its parameters cell declares ${
            [...declared.keys()].join(", ") || "none"
          }. Correct the -p ${key}=…`,
        );
      }
      return [key, readValue(name, parameter, text)];
    }),
  );
}

function readValue(name: string, parameter: DeclaredParameter, text: string): ParameterValue {
  if (parameter.type === "string") return text;
  let value: ParameterValue;
  try {
    value = JSON.parse(text);
  } catch {
    value = text;
  }
  const type = value === null ? "null" : Array.isArray(value) ? "array" : typeof value;
  if (parameter.type === "unknown" || parameter.type === "null" || parameter.type === type) return value;
  throw new TypeError(
    `${name}: parameter "${parameter.name}" is a ${parameter.type} (${parameter.source}), but -p gave ${
      JSON.stringify(text)
    }, a ${type}. Give a ${parameter.type}`,
  );
}

/**
 * Inserts the assignments after the parameters cell, in place of those of an earlier run. No values: nothing is inserted.
 * The notebook given is left alone.
 */
export function injectParameters(
  notebook: NotebookDocument,
  values: Readonly<Record<string, ParameterValue>>,
): NotebookDocument {
  const cells = notebook.cells.filter((cell) => !cellTags(cell).includes("injected-parameters"));
  const at = cells.findIndex((cell) => cellTags(cell).includes("parameters"));
  if (Object.keys(values).length > 0 && at >= 0) {
    const lines = Object.entries(values).map(([key, value]) => `${key} = ${JSON.stringify(value)};`);
    cells.splice(at + 1, 0, {
      id: "injected-parameters",
      cell_type: "code",
      metadata: { tags: ["injected-parameters"] },
      source: textLines(["// Parameters of this run", ...lines, "undefined;"].join("\n")),
      outputs: [],
      execution_count: null,
    });
  }
  return { ...notebook, cells };
}
