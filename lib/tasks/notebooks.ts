/** `deno task notebooks`: runs notebooks on the Deno kernel and writes executed copies, pages and Markdown. */
import { relative } from "node:path";
import { parseArgs } from "node:util";
import { type BatchEvent, executedDir, runNotebooks } from "../notebook/batch.ts";
import { findNotebooks, NOTEBOOKS_DIR } from "../notebook/catalogue.ts";
import { exportHtml, exportMarkdown } from "../notebook/export.ts";
import { writeGolden } from "../notebook/golden.ts";
import { killAllKernels } from "../notebook/kernel_process.ts";
import { parseParameterArguments } from "../notebook/parameters.ts";
import { counted } from "../report/values.ts";
import type { NotebookRun } from "../notebook/run.ts";

const HELP = `deno task notebooks [NAME…] [-p key=value]… [options]

Runs notebooks on the Deno kernel, without Python. No NAME: all of them. A NAME is a file, a notebook's name or its number.
Executed copies go to results/notebooks; the notebooks themselves are not written.

  -p, --parameter key=value   a parameter the notebook declares; again for more
      --html                  write a self-contained page beside each executed copy
      --markdown              write Markdown and its pictures, for a pull request
      --out DIR               folder of the executed copies
      --timeout S             seconds one cell may run (600)
      --jobs N                notebooks at a time (2)
      --keep-going            run the cells after a failed one too
      --dir DIR               folder the notebooks are in (notebooks)
      --repeat N              run all of it so many times, each time held to the golden counts (1)
      --update-golden         record how many outputs each cell has
      --json                  print the results as JSON
      --help                  print this

Exit code: 0 every cell ran and has its outputs, 1 something failed, 2 the command line is wrong, 130 interrupted.
`;

/** Parses, runs, reports. Returns the exit code. */
async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      parameter: { type: "string", short: "p", multiple: true, default: [] },
      html: { type: "boolean", default: false },
      markdown: { type: "boolean", default: false },
      out: { type: "string" },
      timeout: { type: "string", default: "600" },
      jobs: { type: "string", default: "2" },
      "keep-going": { type: "boolean", default: false },
      dir: { type: "string", default: NOTEBOOKS_DIR },
      repeat: { type: "string", default: "1" },
      "update-golden": { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const timeoutS = Number(values.timeout);
  if (!(timeoutS > 0)) {
    throw new RangeError(`Cannot use --timeout ${values.timeout}: a positive number of seconds is wanted`);
  }
  const files = findNotebooks(positionals, values.dir);
  if (files.length === 0) {
    throw new RangeError(`No notebooks in ${values.dir}: put .ipynb files there or give --dir`);
  }
  const parameters = parseParameterArguments(values.parameter);
  const repeats = Number(values.repeat);
  if (!Number.isInteger(repeats) || repeats < 1) {
    throw new RangeError(`Cannot use --repeat ${values.repeat}: a positive whole number is wanted`);
  }
  let runs: NotebookRun[] = [], whole = 0;
  for (let repeat = 1; repeat <= repeats; repeat++) {
    const from = performance.now();
    runs = await runNotebooks(files, {
      parameters,
      outDir: values.out ?? executedDir(),
      timeoutMs: timeoutS * 1000,
      jobs: Number(values.jobs),
      keepGoing: values["keep-going"],
      golden: !values["update-golden"],
      onProgress: report,
    });
    if (repeats === 1) break;
    const complete = runs.every((run) => run.failure === undefined);
    whole += Number(complete);
    const seconds = ((performance.now() - from) / 1000).toFixed(1);
    console.error(`repeat ${repeat} of ${repeats}: ${complete ? "complete" : "NOT complete"}, ${seconds} s`);
  }
  if (values["update-golden"]) updateGolden(values.dir, runs, Object.keys(parameters).length > 0);
  const pages = runs.filter((run) => run.ran > 0).flatMap((run) => [
    ...(values.html ? [exportHtml(run.out, values.dir)] : []),
    ...(values.markdown ? [exportMarkdown(run.out)] : []),
  ]);
  for (const { file, warning } of pages) {
    console.error(warning ? `warning: ${warning}` : `wrote ${relative(Deno.cwd(), file)}`);
  }
  if (values.json) console.log(JSON.stringify({ runs, pages }, null, 2));
  if (repeats > 1) {
    console.error(`outputs complete in ${whole} of ${counted(repeats, "repeat")}`);
    return whole === repeats ? 0 : 1;
  }
  const failed = runs.filter((run) => run.failure !== undefined).length;
  console.error(`${counted(runs.length - failed, "notebook")} ran, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

const outputsOf = (run: NotebookRun) => Object.values(run.outputs).reduce((sum, n) => sum + n, 0);

function report(event: BatchEvent): void {
  if (event.kind === "begin") return;
  const { run, done, of } = event;
  const time = `${(run.elapsedMs / 1000).toFixed(1)} s`;
  const result = run.failure === undefined
    ? `ok, ${counted(outputsOf(run), "output")} of ${counted(run.cells, "cell")}`
    : `FAILED after ${run.ran} of ${run.cells} cells: ${run.failure}`;
  const kept = run.failure !== undefined && run.ran > 0 ? ` (kept in ${relative(Deno.cwd(), run.out)})` : "";
  console.error(`[${done}/${of}] ${run.name} ${time} ${result}${kept}`);
}

function updateGolden(folder: string, runs: readonly NotebookRun[], withParameters: boolean): void {
  if (withParameters) {
    throw new RangeError(
      "Cannot record a golden count with -p: it holds for the notebook's own parameters. Drop -p",
    );
  }
  const good = runs.filter((run) => run.failure === undefined);
  writeGolden(folder, Object.fromEntries(good.map((run) => [run.name, run.outputs])));
}

function onInterrupt(): void {
  killAllKernels();
  console.error("interrupted: kernels ended; cells that had run are in the executed copies");
  Deno.exit(130);
}

if (import.meta.main) {
  Deno.addSignalListener("SIGINT", onInterrupt);
  if (Deno.build.os !== "windows") Deno.addSignalListener("SIGTERM", onInterrupt);
  try {
    Deno.exit(await main(Deno.args));
  } catch (error) {
    killAllKernels();
    console.error(error instanceof Error ? `error: ${error.message}` : error);
    Deno.exit(2);
  }
}
