/** Opening a repository and running short git commands in it. Streams and objects have files of their own. */
import { resolve } from "node:path";
import { gitEnvironment, GitError, gitOutput } from "./git_child.ts";

export { gitEnvironment };

/** Options that make git's output independent of the user's configuration. */
export const GIT_NEUTRAL: readonly string[] = [
  "-c",
  "core.quotepath=off",
  "-c",
  "log.showSignature=false",
  "-c",
  "log.showRoot=true",
  "-c",
  "log.mailmap=false",
  "-c",
  "diff.renameLimit=2000",
  "-c",
  "diff.renames=true",
  "-c",
  "diff.relative=false",
  "-c",
  "diff.orderFile=/dev/null",
  "-c",
  "i18n.logOutputEncoding=UTF-8",
];

/** A repository the kit cannot work on, in the user's words. */
export class RepositoryError extends Error {
  override name = "RepositoryError";
}

/** A repository that was looked at and found fit. */
export interface Repository {
  /** "owner/name" from its remote where it has one, else the folder's name */
  readonly name: string;
  /** absolute path given to `git -C` */
  readonly dir: string;
  /** full name of the commit the history ends at */
  readonly head: string;
}

/** Runs one git command and returns its output as text. @throws {GitError} on a non-zero exit */
export async function runGit(dir: string, args: readonly string[]): Promise<string> {
  return new TextDecoder().decode(await gitOutput(["-C", dir, ...GIT_NEUTRAL, ...args], args));
}

/**
 * Looks at a local repository, bare or not, and says what is wrong with it in one sentence if it cannot be used.
 *
 * @param path of the work tree, the `.git` folder or a bare repository
 * @param revision where the history ends; default "HEAD"
 * @throws {RepositoryError} when it is no repository or a folder inside one, has no commit, is shallow, or names objects by SHA-256
 */
export async function openRepository(path: string, revision = "HEAD"): Promise<Repository> {
  const dir = resolve(path);
  try {
    const stat = Deno.statSync(dir);
    if (!stat.isDirectory) {
      throw new RepositoryError(`${path} is a file: the path of a git repository is wanted`);
    }
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
      throw new RepositoryError(`${path} does not exist: give --repo a git repository or a URL`);
    }
    throw error;
  }
  const ask = (args: string[]) => runGit(dir, args).then((text) => text.trim());
  try {
    await ask(["rev-parse", "--git-dir"]);
  } catch (cause) {
    if (!(cause instanceof GitError)) throw cause;
    throw new RepositoryError(
      `${path} is not a git repository (${cause.message.split("\n").at(-1)!.trim()})`,
      { cause },
    );
  }
  const inside = await ask(["rev-parse", "--show-prefix"]);
  if (inside !== "") {
    throw new RepositoryError(
      `${path} is a folder inside a git repository: give the repository itself, ${await ask([
        "rev-parse",
        "--show-toplevel",
      ])}`,
    );
  }
  const format = await ask(["rev-parse", "--show-object-format"]);
  if (format !== "sha1") {
    throw new RepositoryError(
      `${path} names its objects by ${format}: only sha1 repositories can be read. Convert it with git fast-export | git fast-import`,
    );
  }
  let head: string;
  try {
    head = await ask(["rev-parse", "--verify", "--quiet", `${revision}^{commit}`]);
  } catch (cause) {
    if (!(cause instanceof GitError)) throw cause;
    throw new RepositoryError(
      revision === "HEAD"
        ? `${path} has no commit on HEAD: an empty repository teaches nothing`
        : `${path} has no commit ${JSON.stringify(revision)}`,
      { cause },
    );
  }
  if (await ask(["rev-parse", "--is-shallow-repository"]) === "true") {
    throw new RepositoryError(
      `${path} is a shallow clone: co-change, churn and recency need the whole history. Run: git -C ${path} fetch --unshallow`,
    );
  }
  return { name: await repositoryName(dir), dir, head };
}

async function repositoryName(dir: string): Promise<string> {
  const url = await runGit(dir, ["config", "--get", "remote.origin.url"]).catch(() => "");
  const named = /([^/:]+\/[^/]+?)(?:\.git)?\/?$/.exec(url.trim());
  if (named && /^(https?:|ssh:|git:|[\w.-]+@)/.test(url.trim())) return named[1]!;
  const top = await runGit(dir, ["rev-parse", "--absolute-git-dir"]);
  const parts = top.trim().replace(/\/\.git$/, "").split("/").filter((p) => p !== "");
  const last = parts.at(-1)!.replace(/\.git$/, "");
  const owner = /^(.+)\+(.+)$/.exec(parts.at(-2) ?? "");
  return owner ? `${owner[1]}/${owner[2]}` : last;
}

/** Entries of a listing that ends each with NUL, decoded as {@link decodeGitBytes} does. */
export function gitEntries(bytes: Uint8Array): string[] {
  try {
    // One text cut up is many times faster than many small ones.
    return STRICT.decode(bytes).split("\0").slice(0, -1);
  } catch {
    const entries: string[] = [];
    for (let from = 0, to = bytes.indexOf(0); to >= 0; from = to + 1, to = bytes.indexOf(0, from)) {
      entries.push(decodeGitBytes(bytes.subarray(from, to)));
    }
    return entries;
  }
}

/** Decodes git's bytes: UTF-8 where valid; a byte that is not is written `\xHH`, the same way everywhere. */
export function decodeGitBytes(bytes: Uint8Array): string {
  try {
    return STRICT.decode(bytes);
  } catch {
    let text = "";
    for (let i = 0; i < bytes.length;) {
      const length = sequenceLength(bytes, i);
      if (length > 0) text += STRICT.decode(bytes.subarray(i, i + length));
      else text += `\\x${bytes[i]!.toString(16).padStart(2, "0")}`;
      i += Math.max(1, length);
    }
    return text;
  }
}

const STRICT = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function sequenceLength(bytes: Uint8Array, at: number): number {
  for (let n = 1; n <= 4 && at + n <= bytes.length; n++) {
    try {
      STRICT.decode(bytes.subarray(at, at + n));
      return n;
    } catch { /* not a whole character yet */ }
  }
  return 0;
}
