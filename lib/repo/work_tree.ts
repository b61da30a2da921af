/** A working tree as it is on the disk now: tracked files by their blob, and what differs from the index read and hashed. */
import { join } from "node:path";
import { hexadecimal } from "../base/digest.ts";
import { GIT_NEUTRAL, gitEntries, openRepository, runGit } from "./git.ts";
import { GitError, gitOutput } from "./git_child.ts";
import type { TreeFile } from "./tree.ts";

/** The files of a working tree, sorted by path in code-unit order. */
export interface WorkTree {
  /** Absolute path of the work tree, or of the bare repository */
  readonly dir: string;
  /** Commit that is checked out */
  readonly head: string;
  readonly bare: boolean;
  readonly files: readonly TreeFile[];
  /** Content of files that differ from the index or are not in it, by path; git's store need not hold their blobs */
  readonly changed: ReadonlyMap<string, Uint8Array>;
}

/**
 * Reads a working tree. Ignored files are left out, as are symbolic links and submodules; files deleted on disk are gone. A bare
 * repository gives the tree of its head.
 *
 * @param keep which paths count
 * @throws {RepositoryError} as `openRepository` does
 * @throws {GitError} when git fails
 */
export async function readWorkTree(path: string, keep: (path: string) => boolean): Promise<WorkTree> {
  // Asked at once, since starting git costs more than it does; a bare repository has no answer to the listings.
  const [[bare, head], listed] = await Promise.all([
    identify(path),
    Promise.all([
      listFiles(path, ["-s"]),
      listFiles(path, ["-t", "-m", "-d", "-o", "--exclude-standard"]),
    ]).then((texts) => ({ texts }), (error: unknown) => ({ error })),
  ]);
  if (bare) return { dir: path, head, bare, files: await treeOf(path, head, keep), changed: new Map() };
  if ("error" in listed) throw listed.error;
  const [staged, differing] = listed.texts;
  const blobs = new Map<string, string>(), changed = new Map<string, Uint8Array>();
  const read = new Set<string>();
  for (const entry of staged) {
    const found = /^100\d{3} ([0-9a-f]{40}) (\d)\t([^]+)$/.exec(entry);
    if (!found || !keep(found[3]!)) continue;
    blobs.set(found[3]!, found[1]!);
    // A file in conflict has several blobs; what stands on the disk is what the user sees.
    if (found[2] !== "0") read.add(found[3]!);
  }
  const gone = new Set<string>();
  for (const entry of differing) {
    const tag = entry[0], file = entry.slice(2);
    if (file === "" || !keep(file)) continue;
    if (tag === "R") gone.add(file);
    else read.add(file);
  }
  for (const file of gone) {
    blobs.delete(file);
    read.delete(file);
  }
  for (const file of read) {
    const bytes = readFile(join(path, file));
    if (bytes === "no file") blobs.delete(file);
    // A name that is no UTF-8 cannot be opened here; the index still knows the content it had.
    else if (bytes !== "unreachable") {
      const blob = await blobName(bytes);
      if (blobs.get(file) !== blob) changed.set(file, bytes);
      blobs.set(file, blob);
    }
  }
  const files = [...blobs].map(([path, blob]) => ({ path, blob })).sort((a, b) => a.path < b.path ? -1 : 1);
  return { dir: path, head, bare, files, changed };
}

/** Whether a repository is bare, and its head. Anything unusual is left to `openRepository`, which can say what is wrong. */
async function identify(path: string): Promise<[bare: boolean, head: string]> {
  const asked = ["rev-parse", "--is-bare-repository", "--is-shallow-repository", "--show-prefix", "HEAD"];
  try {
    const answer = (await runGit(path, asked)).split("\n");
    const [bare, shallow, prefix, head] = answer;
    if (shallow === "false" && prefix === "" && /^[0-9a-f]{40}$/.test(head ?? "")) {
      return [bare === "true", head!];
    }
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
  }
  const { head } = await openRepository(path);
  return [(await runGit(path, ["rev-parse", "--is-bare-repository"])).trim() === "true", head];
}

async function treeOf(path: string, head: string, keep: (path: string) => boolean): Promise<TreeFile[]> {
  // A working tree is told by the index alone, so readers of objects are loaded for bare repositories only.
  const [{ ObjectReader }, { TreeReader }] = await Promise.all([import("./objects.ts"), import("./tree.ts")]);
  const objects = new ObjectReader(path);
  try {
    return await new TreeReader(objects, keep).list(head);
  } finally {
    objects.close();
  }
}

/** Bytes of a regular file, or why there are none: it is something else, or nothing stands under that name. */
function readFile(path: string): Uint8Array | "no file" | "unreachable" {
  try {
    if (!Deno.lstatSync(path).isFile) return "no file";
    return Deno.readFileSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
      return "unreachable";
    }
    throw error;
  }
}

/** Entries of `git ls-files -z`, names decoded as everywhere in the kit. @throws {GitError} on a non-zero exit */
async function listFiles(dir: string, args: readonly string[]): Promise<string[]> {
  return gitEntries(await gitOutput(["-C", dir, ...GIT_NEUTRAL, "ls-files", "-z", ...args]));
}

/** The name git gives a blob: SHA-1 of "blob", its length and its bytes, in hexadecimal. */
export async function blobName(bytes: Uint8Array): Promise<string> {
  const head = new TextEncoder().encode(`blob ${bytes.length}\0`),
    all = new Uint8Array(head.length + bytes.length);
  all.set(head);
  all.set(bytes, head.length);
  return hexadecimal(await crypto.subtle.digest("SHA-1", all));
}
