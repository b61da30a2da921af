/** Git objects by name, through one long-lived `git cat-file --batch`. */
import { ChildProcess, spawn } from "node:child_process";
import { Buffer } from "node:buffer";

/** Environment of every git child: no prompts, no user hooks into output, stable messages. */
export const GIT_ENV: Readonly<Record<string, string>> = {
  LC_ALL: "C",
  GIT_TERMINAL_PROMPT: "0",
  GIT_OPTIONAL_LOCKS: "0",
};

/** A git command that failed. A caller catches it to tell the user which repository and why. */
export class GitError extends Error {
  override name = "GitError";
  constructor(readonly args: readonly string[], readonly code: number | null, stderr: string) {
    const tail = stderr.trim().split("\n").slice(-4).join("\n  ");
    super(`git ${args.join(" ")} failed with exit code ${code}${tail === "" ? "" : `:\n  ${tail}`}`);
  }
}

/** One object as git stores it, or "missing" when the repository does not hold it (a partial or damaged clone). */
export type GitObject = { type: string; bytes: Uint8Array } | "missing";

/**
 * Reads objects of one repository in the order they are asked for; requests may be made without awaiting earlier ones.
 *
 * Close it when done, or the git process stays.
 */
export class ObjectReader {
  #child: ChildProcess;
  #waiting: { resolve: (o: GitObject) => void; reject: (e: Error) => void }[] = [];
  #chunks: Buffer[] = [];
  #have = 0;
  #header: { type: string; size: number } | undefined;
  #stderr = "";
  #failed: Error | undefined;

  constructor(readonly repoDir: string) {
    const args = ["-C", repoDir, "cat-file", "--batch"];
    this.#child = spawn("git", args, {
      stdio: ["pipe", "pipe", "pipe"],
      env: { ...Deno.env.toObject(), ...GIT_ENV },
    });
    this.#child.stdout!.on("data", (chunk: Buffer) => {
      this.#chunks.push(chunk);
      this.#have += chunk.length;
      this.#parse();
    });
    this.#child.stderr!.on("data", (chunk: Buffer) => this.#stderr += chunk.toString("utf8"));
    this.#child.stdin!.on("error", () => {});
    this.#child.on("error", (cause) => this.#fail(new GitError(args, null, String(cause))));
    this.#child.on("close", (code) => {
      if (this.#waiting.length > 0) this.#fail(new GitError(args, code, this.#stderr));
    });
  }

  /** Reads one object by its full name (or any revision git understands, without line breaks). */
  read(name: string): Promise<GitObject> {
    if (/[\n\r]/.test(name)) {
      throw new SyntaxError(`Cannot ask git for ${JSON.stringify(name)}: it has a line break`);
    }
    if (this.#failed) return Promise.reject(this.#failed);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#child.stdin!.write(name + "\n");
    });
  }

  /** Ends the git process. Pending reads are answered first. */
  close(): void {
    this.#child.stdin!.end();
  }

  #fail(error: Error): void {
    this.#failed = error;
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }

  #join(): Buffer {
    if (this.#chunks.length !== 1) this.#chunks = [Buffer.concat(this.#chunks)];
    return this.#chunks[0]!;
  }

  #parse(): void {
    while (true) {
      if (this.#header === undefined) {
        if (this.#have === 0) return;
        const all = this.#join();
        const end = all.indexOf(10);
        if (end < 0) return;
        const [, type = "", size = ""] = all.toString("latin1", 0, end).split(" ");
        this.#take(end + 1);
        if (type === "missing" || size === "") {
          this.#waiting.shift()!.resolve("missing");
          continue;
        }
        this.#header = { type, size: Number(size) };
      }
      if (this.#have < this.#header.size + 1) return;
      const all = this.#join();
      const bytes = new Uint8Array(all.subarray(0, this.#header.size));
      const { type } = this.#header;
      this.#take(this.#header.size + 1);
      this.#header = undefined;
      this.#waiting.shift()!.resolve({ type, bytes });
    }
  }

  #take(n: number): void {
    const rest = this.#chunks[0]!.subarray(n);
    this.#have -= n;
    this.#chunks = this.#have === 0 ? [] : [rest];
  }
}
