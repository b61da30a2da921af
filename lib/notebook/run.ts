/** Runs one notebook on the Deno kernel: parameters in, executed copy out, complete outputs or a named reason. */
import { dirname, resolve } from "node:path";
import {
  cellName,
  type CellOutput,
  cellTags,
  type NotebookCell,
  type NotebookDocument,
  notebookName,
  readNotebook,
  wholeText,
  writeNotebook,
} from "./document.ts";
import { countOutputs, type OutputCounts } from "./golden.ts";
import { type Execution, Kernel, type KernelOptions, KernelStartError } from "./kernel.ts";
import { MAX_OUTPUT_BYTES, OutputCollector } from "./outputs.ts";
import { openWithAnswer } from "./opening.ts";
import { bindParameters, injectParameters } from "./parameters.ts";
import { type Provenance, readProvenance } from "./provenance.ts";

/** Options of {@link runNotebook}. */
export interface RunOptions {
  /** Where the executed copy goes. It is written after every cell, so that an end by force keeps what there is. */
  out: string;
  /** `-p` arguments: text by name. Default none. */
  parameters?: Readonly<Record<string, string>>;
  /** How long one cell may run. Default 600,000. */
  timeoutMs?: number;
  /** Runs the remaining cells after an error too. Default false. */
  keepGoing?: boolean;
  /** How the kernel is started. Its working directory is the notebook's folder unless given. */
  kernel?: Partial<KernelOptions>;
  /** Told before each code cell: its name, its place among the code cells (1-based) and how many there are. */
  onCell?: (name: string, place: number, of: number) => void;
}

/** What a run came to. */
export interface NotebookRun {
  readonly name: string;
  readonly file: string;
  readonly out: string;
  /** The first failure: cell, error, text. Undefined: every cell ran and none has an error output. */
  readonly failure: string | undefined;
  /** Code cells in the executed copy, and how many of them ran. */
  readonly cells: number;
  readonly ran: number;
  /** Outputs of the cells that have any, in order. */
  readonly outputs: OutputCounts;
  readonly elapsedMs: number;
}

/**
 * Runs a notebook and writes the executed copy, also when a cell fails or the kernel dies: what ran keeps its outputs.
 *
 * A cell fails when its reply is an error, when it has an error output (a display method that throws still replies "ok"),
 * when it runs longer than `timeoutMs`, when the kernel ends, or when its outputs were lost. A kernel that does not start is
 * started once more. The file itself is never written.
 *
 * @throws {RangeError | TypeError} for parameters the notebook does not declare, before a kernel starts
 * @throws {RecordError} when the notebook cannot be read
 * @throws {KernelStartError} when the kernel fails to start twice
 */
export async function runNotebook(file: string, options: RunOptions): Promise<NotebookRun> {
  const began = performance.now();
  const source = readNotebook(file);
  const name = notebookName(file);
  const notebook = injectParameters(source, bindParameters(name, source, options.parameters ?? {}));
  for (const cell of notebook.cells) {
    if (cell.cell_type !== "code") continue;
    cell.outputs = [];
    cell.execution_count = null;
  }
  const started = new Date().toISOString();
  const state = await readProvenance();
  await using kernel = await startTwice({ cwd: dirname(resolve(file)), ...options.kernel });
  await kernel.settle();
  const collector = new OutputCollector();
  const cells = notebook.cells.entries().filter(([, c]) => c.cell_type === "code" && !isEmpty(c)).toArray();
  let failure: string | undefined;
  let ran = 0;
  for (const [index, cell] of cells) {
    options.onCell?.(cellName(cell, index), ran + 1, cells.length);
    const problem = await runCell(kernel, collector, cell, options.timeoutMs ?? 600_000);
    ran++;
    failure ??= problem && `${cellName(cell, index)}: ${problem.text}`;
    stamp(notebook, { started, state, parameters: options.parameters ?? {}, failure });
    writeNotebook(options.out, notebook);
    if (problem && (problem.fatal || !options.keepGoing)) break;
  }
  openWithAnswer(notebook);
  writeNotebook(options.out, notebook);
  return {
    name,
    file,
    out: options.out,
    failure,
    cells: cells.length,
    ran,
    outputs: countOutputs(notebook),
    elapsedMs: Math.round(performance.now() - began),
  };
}

const isEmpty = (cell: NotebookCell) => wholeText(cell.source).trim() === "";

/** A kernel now and then fails to start (ports taken in between, denoland/deno#28634): once more, then the error stands. */
async function startTwice(options: KernelOptions): Promise<Kernel> {
  try {
    return await Kernel.start(options);
  } catch (error) {
    if (!(error instanceof KernelStartError)) throw error;
    return await Kernel.start(options);
  }
}

interface CellProblem {
  text: string;
  /** The kernel cannot run another cell. */
  fatal: boolean;
}

async function runCell(
  kernel: Kernel,
  collector: OutputCollector,
  cell: NotebookCell,
  timeoutMs: number,
): Promise<CellProblem | undefined> {
  const outputs: CellOutput[] = [];
  cell.outputs = outputs;
  const taken = collector.cell(outputs);
  const began = new Date().toISOString();
  const result = await kernel.execute(wholeText(cell.source), (m) => taken.take(m), { timeoutMs });
  taken.finish();
  cell.execution_count = result.count;
  cell.metadata = {
    ...cell.metadata,
    execution: { "iopub.execute_input": began, "shell.execute_reply": new Date().toISOString() },
  };
  const said = await explain(kernel, result, taken.oversizedBytes, timeoutMs);
  let error = outputs.find((output) => output.output_type === "error");
  if (said && (!error || said.name === "KernelError")) {
    error = { output_type: "error", ename: said.name, evalue: said.text, traceback: [said.text] };
    outputs.push(error);
  }
  if (!error || cellTags(cell).includes("raises-exception") && result.status === "error") return undefined;
  const fatal = ["timeout", "dead", "broken"].includes(result.status);
  return { text: `${error.ename}: ${error.evalue}`, fatal };
}

/** Why a cell failed where the kernel itself sends no error output; undefined for an end that needs no words. */
async function explain(
  kernel: Kernel,
  result: Execution,
  oversized: number,
  timeoutMs: number,
): Promise<{ name: string; text: string } | undefined> {
  const size = `${(oversized / 1e6).toFixed(1)} MB, more than ${MAX_OUTPUT_BYTES / 1e6} MB`;
  const advice = "Show less: show() stops at 5 MB";
  if (oversized > 0) return { name: "KernelError", text: `an output of ${size} was left out. ${advice}` };
  switch (result.status) {
    case "ok":
      return undefined;
    case "timeout":
      return { name: "KernelError", text: `the cell was stopped after ${timeoutMs / 1000} s (--timeout)` };
    case "broken":
      return {
        name: "KernelError",
        text: `the output stream broke and the end of the cell is lost. ${advice}`,
      };
    case "dead": {
      const code = await kernel.exited;
      const cause = code === 133 ? " (out of memory)" : "";
      const words = kernel.lastWords.split("\n").slice(-5).join("\n");
      return {
        name: "KernelError",
        text: `the kernel ended with code ${code}${cause}${words ? `:\n${words}` : ""}`,
      };
    }
    case "error":
      return result.errorText === "Execution failed"
        ? {
          name: "SyntaxError",
          text:
            "the cell did not compile, or an import failed to install; the kernel sends no message for it. " +
            "Run deno task notebooks:check to see where",
        }
        : { name: result.errorName || "Error", text: result.errorText };
  }
}

function stamp(
  notebook: NotebookDocument,
  run: {
    started: string;
    state: Provenance;
    parameters: Readonly<Record<string, string>>;
    failure: string | undefined;
  },
): void {
  notebook.metadata = {
    ...notebook.metadata,
    papermill: {
      parameters: run.parameters,
      start_time: run.started,
      end_time: new Date().toISOString(),
      exception: run.failure !== undefined,
      version: `deno ${Deno.version.deno}`,
    },
    ripmap_lab: { ...run.state },
  };
}
