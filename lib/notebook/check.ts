/**
 * Types, lint and habits of notebooks, cell by cell. The kernel itself reports no type error, and for a syntax error nothing
 * at all; `deno check` and `deno lint` do not know `.ipynb`.
 */
import { join } from "node:path";
import { PROJECT_ROOT } from "../base/paths.ts";
import { stripAnsi } from "./ansi.ts";
import { type CellModule, cellModule } from "./cell_module.ts";
import { cellName, cellTags, type NotebookDocument, readNotebook, wholeText } from "./document.ts";
import { stripText } from "./strip.ts";

/** Something wrong in a notebook. */
export interface NotebookProblem {
  readonly file: string;
  /** The cell's id or "cell N"; "" when the notebook as a whole is meant. */
  readonly cell: string;
  /** Line and column in the cell, from 1; 0 when unknown. */
  readonly line: number;
  readonly column: number;
  /** "types", a lint rule, "convention" or "outputs". */
  readonly rule: string;
  readonly message: string;
}

/** Options of {@link checkNotebooks}. */
export interface CheckOptions {
  /** The deno.json whose import map and options hold. Default: the kit's. */
  config?: string;
  /** Also complain about outputs in the files. Default true. */
  stripped?: boolean;
}

/** Lint rules that do not fit cells: values are made in one cell for another, or for the reader. */
const UNFIT_RULES = [
  "no-import-prefix",
  "no-unversioned-import",
  "no-unused-vars",
  "prefer-const",
  "no-process-global",
];

/**
 * Checks notebooks: types (all in one run of `deno check`), lint, the conventions, and that outputs are stripped.
 *
 * @throws {RecordError} for a file that is no notebook
 * @throws {Error} when deno itself fails in a way that names no cell
 */
export async function checkNotebooks(
  files: readonly string[],
  options: CheckOptions = {},
): Promise<NotebookProblem[]> {
  if (files.length === 0) return [];
  const config = options.config ?? join(PROJECT_ROOT, "deno.json");
  const folder = Deno.makeTempDirSync({ prefix: "ripmap-lab-check-" });
  try {
    const sources = files.map((file, i): Source => {
      const notebook = readNotebook(file);
      const module = cellModule(notebook);
      const path = join(folder, `notebook_${i}.ts`);
      Deno.writeTextFileSync(path, module.text);
      return { file, notebook, module, path };
    });
    const [types, lint] = await Promise.all([checkTypes(sources, config), checkLint(sources, config)]);
    const habits = sources.flatMap(({ file, notebook }) => checkConventions(file, notebook));
    const outputs = options.stripped === false ? [] : sources.flatMap(({ file }) => checkStripped(file));
    return [...types, ...lint, ...habits, ...outputs];
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

/** One line for a person: "notebooks/02.ipynb [table] 3:14 types: …". */
export function formatProblem(problem: NotebookProblem): string {
  const cell = problem.cell ? ` [${problem.cell}]` : "";
  const place = problem.line > 0 ? ` ${problem.line}:${problem.column}` : "";
  return `${problem.file}${cell}${place} ${problem.rule}: ${problem.message}`;
}

interface Source {
  file: string;
  notebook: NotebookDocument;
  module: CellModule;
  /** The temporary module. */
  path: string;
}

async function runDeno(args: readonly string[]): Promise<{ ok: boolean; out: string; err: string }> {
  const output = await new Deno.Command(Deno.execPath(), {
    args: [...args],
    env: { NO_COLOR: "1" },
    stdout: "piped",
    stderr: "piped",
  }).output();
  const decoder = new TextDecoder();
  return { ok: output.success, out: decoder.decode(output.stdout), err: decoder.decode(output.stderr) };
}

function problemAt(
  source: Source,
  line: number,
  column: number,
  rule: string,
  message: string,
): NotebookProblem {
  const place = source.module.place(line);
  const cell = place ? source.notebook.cells[place.cell] : undefined;
  return {
    file: source.file,
    cell: place && cell ? cellName(cell, place.cell) : "",
    line: place?.line ?? 0,
    column: place ? column : 0,
    rule,
    message,
  };
}

async function checkTypes(sources: readonly Source[], config: string): Promise<NotebookProblem[]> {
  const { ok, err } = await runDeno([
    "check",
    "--quiet",
    "--no-lock",
    "--config",
    config,
    ...sources.map((s) => s.path),
  ]);
  if (ok) return [];
  const text = stripAnsi(err);
  const found: NotebookProblem[] = [];
  // A message, then the line of code and a marker, then "at file:line:column".
  const pattern =
    /((?:TS\d+ \[ERROR\]|error): [\s\S]*?)\n?\s*at (file:\S+?|\S*notebook_\d+\.ts):(\d+):(\d+)/g;
  for (const match of text.matchAll(pattern)) {
    const source = sources.find((s) => match[2]!.endsWith(s.path.replaceAll("\\", "/").split("/").at(-1)!));
    if (!source) continue;
    const message = match[1]!.replace(/^(TS\d+) \[ERROR\]: /, "$1 ").split("\n")[0]!;
    found.push(problemAt(source, Number(match[3]), Number(match[4]), "types", message));
  }
  if (found.length > 0) return found;
  throw new Error(`Cannot check the notebooks: deno check failed without naming a cell:\n${text.trim()}`);
}

/** Lint findings. What does not parse is left to {@link checkTypes}, which names it. */
async function checkLint(sources: readonly Source[], config: string): Promise<NotebookProblem[]> {
  const { out, err } = await runDeno([
    "lint",
    "--json",
    "--config",
    config,
    `--rules-exclude=${UNFIT_RULES.join(",")}`,
    ...sources.map((s) => s.path),
  ]);
  let report: LintReport;
  try {
    report = JSON.parse(out);
  } catch {
    throw new Error(`Cannot lint the notebooks: deno lint wrote no JSON:\n${err.trim()}`);
  }
  const sourceOf = (name: string) =>
    sources.find((s) => name.endsWith(s.path.replaceAll("\\", "/").split("/").at(-1)!));
  return report.diagnostics.flatMap((d) => {
    const source = sourceOf(d.filename);
    return source ? [problemAt(source, d.range.start.line, d.range.start.col + 1, d.code, d.message)] : [];
  });
}

interface LintReport {
  diagnostics: {
    filename: string;
    code: string;
    message: string;
    range: { start: { line: number; col: number } };
  }[];
}

/** Relative imports depend on the front end's working directory; the import map does not. */
const RELATIVE_IMPORT = /\b(?:from|import)\s*\(?\s*["'](\.{1,2}\/[^"']*)["']/;

function checkConventions(file: string, notebook: NotebookDocument): NotebookProblem[] {
  const problems: NotebookProblem[] = [];
  const say = (cell: string, line: number, message: string) =>
    problems.push({ file, cell, line, column: line > 0 ? 1 : 0, rule: "convention", message });
  const tagged = notebook.cells.filter((cell) => cellTags(cell).includes("parameters"));
  if (tagged.length > 1) say("", 0, `${tagged.length} cells are tagged "parameters", one is wanted`);
  const seen = new Set<string>();
  notebook.cells.forEach((cell, i) => {
    const name = cellName(cell, i);
    if (cell.id !== undefined && seen.has(cell.id)) {
      say(name, 0, `two cells have the id "${cell.id}": change one`);
    }
    if (cell.id !== undefined) seen.add(cell.id);
    if (cell.cell_type !== "code") return;
    wholeText(cell.source).split("\n").forEach((line, j) => {
      const relative = RELATIVE_IMPORT.exec(line);
      if (relative) {
        say(name, j + 1, `"${relative[1]}" is relative to where the front end stands: import from "lab/…"`);
      }
      if (tagged.includes(cell) && /^\s*(const|var)\b/.test(line)) {
        say(name, j + 1, `parameters are assigned by a run: declare them with let, one a line`);
      }
    });
  });
  return problems;
}

function checkStripped(file: string): NotebookProblem[] {
  const text = Deno.readTextFileSync(file);
  if (text === stripText(text)) return [];
  const message = "outputs, counts or volatile metadata are in the file: run deno task notebooks:strip";
  return [{ file, cell: "", line: 0, column: 0, rule: "outputs", message }];
}
