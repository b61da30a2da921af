/** Writing a whole repository at once: commits in, a bare repository out, the same names for the same commits on every machine. */
import { spawn } from "node:child_process";
import { gitEnvironment, GitError } from "./git_child.ts";
import { runGit } from "./git.ts";

/** One commit to be written. */
export interface WrittenCommit {
  /** "Name <mail>", author and committer alike */
  readonly author: string;
  /** Unix seconds, UTC */
  readonly at_s: number;
  readonly subject: string;
  /** positions of earlier commits; [] for a root */
  readonly parents: readonly number[];
  /** new contents by path, null where the file goes; all others are the first parent's */
  readonly files: ReadonlyMap<string, string | null>;
}

/**
 * The commits as a stream for `git fast-import`, onto the branch "main".
 *
 * @throws {RangeError} for a parent that does not come before its child, or a path that would need quoting
 */
export function historyStream(commits: readonly WrittenCommit[]): string {
  const bytes = (text: string) => new TextEncoder().encode(text).length;
  const parts: string[] = [];
  for (const [i, { author, at_s, subject, parents, files }] of commits.entries()) {
    parts.push("reset refs/heads/main\ncommit refs/heads/main\n", `mark :${i + 1}\n`);
    parts.push(`author ${author} ${at_s} +0000\ncommitter ${author} ${at_s} +0000\n`);
    parts.push(`data ${bytes(subject)}\n${subject}\n`);
    for (const [n, parent] of parents.entries()) {
      if (!(parent >= 0 && parent < i)) {
        throw new RangeError(`Commit ${i} names parent ${parent}: an earlier one is wanted`);
      }
      parts.push(`${n === 0 ? "from" : "merge"} :${parent + 1}\n`);
    }
    for (const [path, content] of files) {
      if (!/^[\w./+-]+$/.test(path)) {
        throw new RangeError(`Cannot write ${JSON.stringify(path)}: a plain path is wanted`);
      }
      parts.push(
        content === null ? `D ${path}\n` : `M 100644 inline ${path}\ndata ${bytes(content)}\n${content}\n`,
      );
    }
  }
  return parts.join("") + "done\n";
}

/** Writes a stream of {@link historyStream} as a bare repository into an empty or missing folder. @throws {GitError} when git fails */
export async function writeHistory(dir: string, stream: string): Promise<void> {
  Deno.mkdirSync(dir, { recursive: true });
  await runGit(dir, ["init", "--quiet", "--bare", "--object-format=sha1", "--initial-branch=main", "."]);
  const args = ["-c", "fastimport.unpackLimit=1", "fast-import", "--quiet", "--done", "--force"];
  await new Promise<void>((resolve, reject) => {
    const child = spawn("git", ["-C", dir, ...args], {
      stdio: ["pipe", "ignore", "pipe"],
      env: gitEnvironment(),
    });
    let stderr = "";
    child.stderr!.on("data", (chunk: Uint8Array) => stderr += new TextDecoder().decode(chunk));
    child.on(
      "error",
      (cause) => reject(new GitError(args, null, `git could not be started: ${cause.message}`)),
    );
    child.on("close", (code) => code === 0 ? resolve() : reject(new GitError(args, code, stderr)));
    child.stdin!.on("error", () => {/* git ended early: its exit code says why */});
    child.stdin!.end(stream);
  });
}
