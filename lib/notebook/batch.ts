/** Runs several notebooks, a few at a time, each on a kernel of its own. */
import { dirname, join } from "node:path";
import { resultsDir } from "../base/paths.ts";
import { notebookName, readNotebook } from "./document.ts";
import { goldenProblem, readGolden } from "./golden.ts";
import { bindParameters } from "./parameters.ts";
import { type NotebookRun, runNotebook, type RunOptions } from "./run.ts";

/** Options of {@link runNotebooks}. */
export interface BatchOptions extends Pick<RunOptions, "parameters" | "timeoutMs" | "keepGoing" | "kernel"> {
  /** Folder of the executed copies. Default `results/notebooks`. */
  outDir?: string;
  /** Notebooks that run at the same time. Default 2. */
  jobs?: number;
  /** Compare the cells with outputs to the folder's golden count when no parameters are given. Default true. */
  golden?: boolean;
  /** Told about each notebook as it begins and ends. */
  onProgress?: (event: BatchEvent) => void;
}

/** A notebook began, or ended with its result. */
export type BatchEvent =
  | { readonly kind: "begin"; readonly name: string }
  | { readonly kind: "end"; readonly run: NotebookRun; readonly done: number; readonly of: number };

/** The folder executed copies go to unless told otherwise. */
export function executedDir(): string {
  return join(resultsDir(), "notebooks");
}

/**
 * Runs notebooks and returns a result for each, in the order of `files`. Never rejects for what a notebook does.
 *
 * Everything that can be told beforehand is: unreadable files, two notebooks with one name, unknown parameters.
 *
 * @throws {RangeError | TypeError} for parameters a notebook does not declare, a name that stands twice or a bad `jobs`
 * @throws {RecordError} for a file that is no notebook
 */
export async function runNotebooks(
  files: readonly string[],
  options: BatchOptions = {},
): Promise<NotebookRun[]> {
  const jobs = options.jobs ?? 2;
  if (!Number.isInteger(jobs) || jobs < 1) {
    throw new RangeError(`Cannot run ${jobs} notebooks at a time: --jobs wants a positive integer`);
  }
  const outDir = options.outDir ?? executedDir();
  checkBefore(files, outDir, options.parameters ?? {});
  const runs: NotebookRun[] = [];
  let next = 0, done = 0;
  const worker = async () => {
    while (next < files.length) {
      const place = next++;
      const file = files[place]!;
      options.onProgress?.({ kind: "begin", name: notebookName(file) });
      const run = await runOne(file, join(outDir, `${notebookName(file)}.ipynb`), options);
      runs[place] = run;
      options.onProgress?.({ kind: "end", run, done: ++done, of: files.length });
    }
  };
  await Promise.all(Array.from({ length: Math.min(jobs, files.length) }, worker));
  return runs;
}

function checkBefore(
  files: readonly string[],
  outDir: string,
  parameters: Readonly<Record<string, string>>,
): void {
  for (const [name, same] of Map.groupBy(files, notebookName)) {
    if (same.length > 1) {
      throw new RangeError(
        `Cannot run ${same.join(" and ")} together: both would write ${name}.ipynb. Name one`,
      );
    }
  }
  for (const file of files) {
    if (Deno.realPathSync(dirname(file)) === realPath(outDir)) {
      throw new RangeError(
        `Cannot write the executed copy of ${file} into its own folder: it would overwrite the notebook. ` +
          `Choose another --out`,
      );
    }
    bindParameters(notebookName(file), readNotebook(file), parameters);
  }
}

function realPath(folder: string): string {
  try {
    return Deno.realPathSync(folder);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return folder;
    throw error;
  }
}

async function runOne(file: string, out: string, options: BatchOptions): Promise<NotebookRun> {
  const { parameters, timeoutMs, keepGoing, kernel } = options;
  try {
    const run = await runNotebook(file, {
      out,
      ...(parameters ? { parameters } : {}),
      ...(timeoutMs !== undefined ? { timeoutMs } : {}),
      ...(keepGoing !== undefined ? { keepGoing } : {}),
      ...(kernel ? { kernel } : {}),
    });
    if (run.failure !== undefined || options.golden === false) return run;
    if (Object.keys(parameters ?? {}).length > 0) return run;
    const golden = readGolden(dirname(file))[run.name];
    const problem = golden && goldenProblem(run.outputs, golden);
    return problem ? { ...run, failure: `golden count: ${problem}` } : run;
  } catch (error) {
    // A kernel that will not start concerns this notebook; the others still run.
    const failure = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    const name = notebookName(file);
    return { name, file, out, failure, cells: 0, ran: 0, outputs: {}, elapsedMs: 0 };
  }
}
