/** `deno task formula`: shows, compares, checks, draws and edits ranking formulas. */
import { writeJson, writeTextAtomic } from "../base/artefacts.ts";
import { spellingHint } from "../base/spelling.ts";
import { BUILTINS } from "../formula/builtins.ts";
import { diffFormulas, range } from "../formula/diff.ts";
import { COMBINATORS, type Formula, FormulaError } from "../formula/document.ts";
import { drawMarkdown, drawSvg, drawText } from "../formula/draw.ts";
import { EDIT_FORMS, EDIT_KINDS, EditError } from "../formula/edit_schema.ts";
import { applyEdits } from "../formula/edits.ts";
import { formulaHash } from "../formula/formula_hash.ts";
import { searchSpace } from "../formula/parameters.ts";
import { formatNumber, printFormula } from "../formula/print.ts";
import type { Point } from "../records/space.ts";
import { allSignals } from "../signals/registry.ts";
import { type Command, type Invocation, type Outcome, runCommand, UsageError } from "./command.ts";
import { inlineOrFile, openFormula, pointOf } from "./formula_input.ts";

export const FORMULA: Command = {
  name: "formula",
  summary: "Shows, compares, checks, draws and edits ranking formulas.",
  positional: "show|diff|validate|draw|edit|list|signals [FORMULA ...]",
  options: {
    params: {
      type: "string",
      value: "JSON|FILE",
      help: "show, draw: a point, whose numbers stand beside the parameters' names",
    },
    as: { type: "string", value: "FORM", help: "draw: text, markdown, svg or line (text)" },
    edits: { type: "string", value: "JSON|FILE", help: "edit: a list of edits, applied in order" },
    name: {
      type: "string",
      value: "NAME",
      help: "edit: name of the new formula (the old one's with -edited behind it)",
    },
    description: {
      type: "string",
      value: "TEXT",
      help: "edit: description of the new formula (the old one's)",
    },
    out: {
      type: "string",
      value: "FILE",
      writes: "file",
      help: "draw, edit: write the drawing or the new formula there",
    },
  },
  examples: [
    "deno task formula show spec",
    "deno task formula diff spec decayed",
    "deno task formula draw spec --as svg --out spec.svg",
    `deno task formula edit spec --edits '[{"edit":"unwrap","id":"git_churn_max_boost"}]' --out mine.json`,
    "deno task formula validate mine.json --json",
    "deno task formula show results/ten/structure.json --params results/ten/structure.json",
  ],
  notes:
    "show [FORMULA] prints a formula as a line, a tree and a list of its parameters, with its hash. diff OLD NEW says what changed " +
    "between two. validate FORMULA says that one can be used, or where it is wrong. draw [FORMULA] draws the tree. edit FORMULA " +
    "applies --edits and prints the new formula, or writes it to --out and says what changed. list shows the built-in formulas and " +
    "what combinators compute, signals every signal with its options and numbers.\n" +
    `A FORMULA is a built-in (${
      [...BUILTINS.keys()].join(", ")
    }), a JSON file of one, or a file of results that has one as its ` +
    "member formula, such as structure.json of deno task structure. show and draw take spec where none is given. A point for --params " +
    'is JSON, {"pagerank_alpha":0.5}, where parameters left out stay at their defaults; a file of it; or a file of results that has ' +
    "one as its member params, such as structure.json too.\n" +
    `Edits, with their members, of which those in brackets may be left out: ${
      EDIT_FORMS.join("; ")
    }. id and at name a node, as show and draw do; ` +
    "place is one of its numbers, or weight for its own weight in the node above; op is a combinator of list, and with is one, boost or gate.\n" +
    "Bad input ends with exit code 2.",
};

type Values = Invocation["values"];

interface Action {
  /** how many formulas it takes, at least and at most */
  readonly formulas: readonly [least: number, most: number];
  readonly options: readonly string[];
  run(formulas: readonly Formula[], values: Values): Outcome;
}

const ACTIONS: Readonly<Record<string, Action>> = {
  show: {
    formulas: [0, 1],
    options: ["params"],
    run: ([formula], values) => show(formula!, pointIn(formula!, values)),
  },
  diff: { formulas: [2, 2], options: [], run: ([before, after]) => diff(before!, after!) },
  validate: { formulas: [1, 1], options: [], run: ([formula]) => validate(formula!) },
  draw: {
    formulas: [0, 1],
    options: ["params", "as", "out"],
    run: ([formula], values) => draw(formula!, values),
  },
  edit: {
    formulas: [1, 1],
    options: ["edits", "name", "description", "out"],
    run: ([formula], values) => edit(formula!, values),
  },
  list: { formulas: [0, 0], options: [], run: list },
  signals: { formulas: [0, 0], options: [], run: signals },
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
    const wanted = most === 0 ? "no formula" : `${most} ${most === 1 ? "formula" : "formulas"}`;
    throw new UsageError(
      `formula ${action} takes ${least < most ? "at most " : ""}${wanted}, found ${names.length}`,
    );
  }
  const foreign = Object.keys(FORMULA.options).find((name) =>
    values[name] !== undefined && !chosen.options.includes(name)
  );
  if (foreign !== undefined) {
    const takers = Object.entries(ACTIONS).filter(([, a]) => a.options.includes(foreign)).map(([name]) =>
      name
    );
    throw new UsageError(`formula ${action} takes no --${foreign}: ${takers.join(" and ")} take it`);
  }
  if (most > least && names.length === 0) names.push("spec");
  try {
    return await chosen.run(names.map(openFormula), values);
  } catch (error) {
    const ours = error instanceof FormulaError || error instanceof EditError || error instanceof RangeError;
    throw ours ? new UsageError(error.message, { cause: error }) : error;
  }
}

/** The point named on the command line; undefined where none is. */
function pointIn(formula: Formula, values: Values): Point | undefined {
  return values["params"] === undefined ? undefined : pointOf(formula, values["params"] as string);
}

/** What every action says of a formula. */
function summary(formula: Formula) {
  return { name: formula.name, hash: formulaHash(formula), parameters: searchSpace(formula).length };
}

function show(formula: Formula, point: Point | undefined): Outcome {
  const space = searchSpace(formula), wide = space.reduce((most, p) => Math.max(most, p.name.length), 0);
  const rows = space.map((p) => {
    const value = point === undefined ? "" : `${formatNumber(point[p.name]!)}, by default `;
    return `  ${p.name.padEnd(wide)}  ${value}${range(p)}\n  ${" ".repeat(wide)}    ${p.description}`;
  });
  return {
    json: {
      ...summary(formula),
      line: printFormula(formula, point),
      formula,
      space,
      ...(point && { params: point }),
    },
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
  const drawing = FORMS[form]!(formula, pointIn(formula, values)), out = values["out"] as string | undefined;
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
    text: out === undefined
      ? JSON.stringify(edited, null, 2)
      : `${told === "" ? "nothing changed" : told}\nwrote ${out}`,
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
