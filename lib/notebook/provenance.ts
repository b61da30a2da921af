/** What a run stood on: code, runtime, packages. Recorded in the executed copy, shown in its footer. */
import { join } from "node:path";
import { sha256 } from "../base/canonical.ts";
import { PROJECT_ROOT } from "../base/paths.ts";
import { runGit } from "../repo/git.ts";
import { type NotebookDocument, notebookName } from "./document.ts";

/** The state of the kit when a notebook ran. */
export interface Provenance {
  /** Full commit name, or why there is none. */
  readonly commit: string;
  /** Whether tracked or new files differed from it. */
  readonly dirty: boolean;
  readonly deno: string;
  /** First 12 digits of the SHA-256 of `deno.lock`. */
  readonly lock: string;
}

/** Reads the state of a checkout. One without git says so in `commit`. */
export async function readProvenance(root: string = PROJECT_ROOT): Promise<Provenance> {
  let commit: string, dirty = false;
  try {
    commit = (await runGit(root, ["rev-parse", "HEAD"])).trim();
    dirty = (await runGit(root, ["status", "--porcelain"])).trim() !== "";
  } catch (error) {
    commit = `unknown: ${(error as Error).message.split("\n")[0]}`;
  }
  let lock: string;
  try {
    lock = sha256(Deno.readFileSync(join(root, "deno.lock"))).slice(0, 12);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    lock = "none";
  }
  return { commit, dirty, deno: Deno.version.deno, lock };
}

/** The footer of an executed notebook, from what its run recorded. A notebook that was not run here has its name alone. */
export function provenanceRows(file: string, notebook: NotebookDocument): Record<string, string> {
  const run = notebook.metadata.papermill as Record<string, unknown> | undefined;
  const state = notebook.metadata.ripmap_lab as Provenance | undefined;
  return {
    notebook: notebookName(file),
    ...(state
      ? {
        commit: state.commit + (state.dirty ? " with uncommitted changes" : ""),
        deno: state.deno,
        "lock file": state.lock,
      }
      : {}),
    ...(run
      ? {
        parameters: Object.entries(run.parameters as Record<string, string>).map(([k, v]) => `${k}=${v}`)
          .join(", ") ||
          "as in the notebook",
        started: String(run.start_time),
        ended: String(run.end_time),
        result: run.exception ? "failed: see the last output" : "every cell ran",
      }
      : {}),
  };
}
