/** `deno task formula`: shows, compares, checks, draws and edits ranking formulas. */
import { writeJson, writeTextAtomic } from "../base/artefacts.ts";
import { spellingHint } from "../base/spelling.ts";
import { BUILTINS } from "../formula/builtins.ts";
import { diffFormulas, range } from "../formula/diff.ts";
import { COMBINATORS, type Formula, FormulaError, parseFormula } from "../formula/document.ts";
import { drawMarkdown, drawSvg, drawText } from "../formula/draw.ts";
import { EDIT_KINDS, EditError } from "../formula/edit_schema.ts";
import { applyEdits } from "../formula/edits.ts";
import { formulaHash } from "../formula/formula_hash.ts";
import { searchSpace } from "../formula/parameters.ts";
import { printFormula } from "../formula/print.ts";
import { parsePoint, type Point } from "../records/space.ts";
import { allSignals } from "../signals/registry.ts";
import { type Command, type Invocation, type Outcome, runCommand, UsageError } from "./command.ts";

export const FORMULA: Command = {
  name: "formula",
  summary: "Shows, compares, checks, draws and edits ranking formulas.",
  positional: "show|diff|validate|draw|edit|list|signals [FORMULA ...]",
  options: {
    params: {
      type: "string",
      value: "JSON",
      help: "a point, as JSON or a file of it: values stand for names",
    },
    as: { type: "string", value: "FORM", help: "draw: text, markdown, svg or line (text)" },
    edits: { type: "string", value: "JSON", help: "edit: a list of edits, as JSON or a file of it" },
    name: { type: "string", value: "NAME", help: "edit: name of the outcome (that of the formula, -edited)" },
    description: { type: "string", value: "TEXT", help: "edit: description of the outcome" },
    out: { type: "string", value: "PATH", help: "write the drawing or the edited formula to a file" },
  },
  examples: [
    "deno task formula show spec",
    "deno task formula diff spec decayed",
    "deno task formula draw spec --as svg --out spec.svg",
    `deno task formula edit spec --edits '[{"edit":"unwrap","id":"git_churn_max_boost"}]' --out mine.json`,
    "deno task formula validate mine.json --json",
  ],
  notes: `A FORMULA is a built-in (${[...BUILTINS.keys()].join(", ")}) or a JSON file; none means spec.\n` +
    `Edits: ${EDIT_KINDS.join(", ")}. Bad input ends with exit code 2.`,
};

type Values = Invocation["values"];
type Action = (formulas: readonly Formula[], values: Values) => Outcome;

const ACTIONS: Readonly<Record<string, { readonly formulas: readonly [number, number]; run: Action }>> = {
  show: { formulas: [0, 1], run: ([formula], values) => show(formula!, pointOf(formula!, values)) },
  diff: { formulas: [2, 2], run: ([before, after]) => diff(before!, after!) },
  validate: { formulas: [1, 1], run: ([formula]) => validate(formula!) },
  draw: { formulas: [0, 1], run: ([formula], values) => draw(formula!, values) },
  edit: { formulas: [1, 1], run: ([formula], values) => edit(formula!, values) },
  list: { formulas: [0, 0], run: list },
  signals: { formulas: [0, 0], run: signals },
};

/** The body of the task. @throws {UsageError} for whatever is wrong with the command line or with what it names */
export async function formulaTask({ positionals, values }: Invocation): Promise<Outcome> {
  const [action = "", ...names] = positionals;
  const chosen = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined;
  if (!chosen) {
    throw new UsageError(
      `${action === "" ? "no action is given" : `${JSON.stringify(action)} is no action`}${
        spellingHint(action, Object.keys(ACTIONS))
      }`,
    );
  }
  const [least, most] = chosen.formulas;
  if (names.length < least || names.length > most) {
    throw new UsageError(
      `formula ${action} takes ${
        least === most ? least : `${least} to ${most}`
      } formulas, found ${names.length}`,
    );
  }
  if (most > least && names.length === 0) names.push("spec");
  try {
    return await chosen.run(names.map(openFormula), values);
  } catch (error) {
    const ours = error instanceof FormulaError || error instanceof EditError || error instanceof RangeError;
    throw ours ? new UsageError(error.message, { cause: error }) : error;
  }
}

/** A built-in formula or the one in a file, its search space checked as well. @throws {UsageError} naming what was given */
function openFormula(name: string): Formula {
  const builtin = BUILTINS.get(name);
  if (builtin) return builtin;
  try {
    const formula = parseFormula(readJsonText(Deno.readTextFileSync(name), name));
    searchSpace(formula);
    return formula;
  } catch (cause) {
    if (cause instanceof FormulaError) throw new UsageError(`${name}: ${cause.message}`, { cause });
    if (cause instanceof Deno.errors.NotFound || cause instanceof Deno.errors.IsADirectory) {
      throw new UsageError(
        `${JSON.stringify(name)} is neither a built-in formula nor a file${
          spellingHint(name, [...BUILTINS.keys()])
        }`,
        { cause },
      );
    }
    throw cause;
  }
}

function readJsonText(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new UsageError(`${what} is not JSON: ${(cause as Error).message}`, { cause });
  }
}

/** JSON given on the command line, or in the file it names. */
function inlineOrFile(text: string, option: string): unknown {
  if (/^\s*[[{]/.test(text)) return readJsonText(text, `--${option}`);
  try {
    return readJsonText(Deno.readTextFileSync(text), text);
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotFound)) throw cause;
    throw new UsageError(`--${option}: ${JSON.stringify(text)} is neither JSON nor a file`, { cause });
  }
}

function pointOf(formula: Formula, values: Values): Point | undefined {
  if (values["params"] === undefined) return undefined;
  const given = inlineOrFile(values["params"] as string, "params");
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    throw new UsageError("--params: an object of numbers by parameter name is wanted");
  }
  return parsePoint(searchSpace(formula), given as Record<string, unknown>);
}

/** What every action says of a formula. */
function summary(formula: Formula) {
  return { name: formula.name, hash: formulaHash(formula), parameters: searchSpace(formula).length };
}

function show(formula: Formula, point: Point | undefined): Outcome {
  const space = searchSpace(formula), wide = Math.max(0, ...space.map((p) => p.name.length));
  const rows = space.map((p) =>
    `  ${p.name.padEnd(wide)}  ${range(p)}\n  ${" ".repeat(wide)}    ${p.description}`
  );
  return {
    json: { ...summary(formula), line: printFormula(formula, point), formula, space },
    text: `${formula.name}: ${formula.description}\n\n${printFormula(formula, point)}\n\n${
      drawText(formula, point)
    }\n${space.length} parameters\n${rows.join("\n")}\n\nhash ${formulaHash(formula)}`,
  };
}

function diff(before: Formula, after: Formula): Outcome {
  const changes = diffFormulas(before, after);
  const text = changes.length === 0
    ? `${before.name} and ${after.name} are the same formula`
    : changes.map((change) => change.sentence).join("\n");
  return { json: { before: summary(before), after: summary(after), changes }, text };
}

function validate(formula: Formula): Outcome {
  const about = summary(formula);
  return {
    json: { valid: true, ...about },
    text: `${about.name} is valid: ${about.parameters} parameters, hash ${about.hash}`,
  };
}

const FORMS: Readonly<Record<string, (formula: Formula, point?: Point) => string>> = {
  text: drawText,
  markdown: drawMarkdown,
  svg: drawSvg,
  line: (formula, point) => printFormula(formula, point) + "\n",
};

function draw(formula: Formula, values: Values): Outcome {
  const form = (values["as"] ?? "text") as string;
  if (!Object.hasOwn(FORMS, form)) {
    throw new UsageError(
      `--as is ${JSON.stringify(form)}: one of ${Object.keys(FORMS).join(", ")} is wanted`,
    );
  }
  const drawing = FORMS[form]!(formula, pointOf(formula, values)), out = values["out"] as string | undefined;
  if (out !== undefined) writeTextAtomic(out, drawing);
  return {
    json: { ...summary(formula), as: form, ...(out === undefined ? { drawing } : { out }) },
    text: out === undefined ? drawing.trimEnd() : `wrote ${out}`,
  };
}

function edit(formula: Formula, values: Values): Outcome {
  if (values["edits"] === undefined) {
    throw new UsageError(`--edits is missing: a JSON list of ${EDIT_KINDS.join(", ")} is wanted`);
  }
  const edited = applyEdits(formula, inlineOrFile(values["edits"] as string, "edits"), {
    name: (values["name"] ?? `${formula.name}-edited`) as string,
    description: (values["description"] ?? formula.description) as string,
  });
  const changes = diffFormulas(formula, edited), out = values["out"] as string | undefined;
  if (out !== undefined) writeJson(out, edited);
  const told = changes.map((change) => change.sentence).join("\n");
  return {
    json: { ...summary(edited), formula: edited, changes, ...(out === undefined ? {} : { out }) },
    text: out === undefined ? JSON.stringify(edited, null, 2) : `${told}\nwrote ${out}`,
  };
}

function list(): Outcome {
  const formulas = [...BUILTINS.values()].map((f) => ({ ...summary(f), description: f.description }));
  const combinators = Object.entries(COMBINATORS).map(([name, c]) => ({ name, ...c }));
  return {
    json: { formulas, combinators },
    text: [
      "Formulas",
      ...formulas.map((f) => `  ${f.name} (${f.parameters} parameters): ${f.description}`),
      "Combinators",
      ...combinators.map((c) => `  ${c.name}: ${c.description}`),
    ].join("\n"),
  };
}

function signals(): Outcome {
  const known = allSignals().map(({ name, kind, layer, description, coordinates, choices, needs }) => ({
    name,
    kind,
    layer,
    description,
    coordinates,
    choices: choices ?? {},
    needs: needs ?? "seed",
  }));
  const text = known.map((s) =>
    [
      `${s.name} (${s.layer}${s.needs === "message" ? ", needs the message" : ""}): ${s.description}`,
      ...Object.entries(s.choices).map(([name, options]) => `    ${name}: ${options.join(", ")}`),
      ...s.coordinates.map((c) => `    ${c.name}: ${range({ ...c, layer: s.layer })}; ${c.description}`),
    ].join("\n")
  );
  return { json: { signals: known }, text: text.join("\n") };
}

if (import.meta.main) await runCommand(FORMULA, formulaTask);
