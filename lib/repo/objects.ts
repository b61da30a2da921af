/** Git objects by name, through one long-lived `git cat-file --batch`. */
import { ChildProcess, spawn } from "node:child_process";
import { Buffer } from "node:buffer";
import { gitEnvironment, GitError } from "./git_child.ts";

/** One object as git stores it, or "missing" when the repository does not hold it (a partial or damaged clone). */
export type GitObject = { type: string; bytes: Uint8Array } | "missing";

/**
 * Reads objects of one repository in the order they are asked for; requests may be made without awaiting earlier ones.
 *
 * Close it when done, or the git process stays.
 */
export class ObjectReader {
  #child: ChildProcess;
  #waiting: { name: string; resolve: (o: GitObject) => void; reject: (e: Error) => void }[] = [];
  #chunks: Buffer[] = [];
  #have = 0;
  #header: { type: string; size: number } | undefined;
  #failed: Error | undefined;
  #closed = false;

  constructor(readonly repoDir: string) {
    this.#child = this.#start();
  }

  #start(): ChildProcess {
    const args = ["-C", this.repoDir, "cat-file", "--batch"];
    const child = spawn("git", args, { stdio: ["pipe", "pipe", "pipe"], env: gitEnvironment() });
    let stderr = "";
    child.stdout!.on("data", (chunk: Buffer) => {
      this.#chunks.push(chunk);
      this.#have += chunk.length;
      this.#parse();
    });
    child.stderr!.on("data", (chunk: Buffer) => stderr += chunk.toString("utf8"));
    child.stdin!.on("error", () => {});
    child.on("error", (cause) => this.#fail(new GitError(args, null, String(cause))));
    child.on("close", (code) => {
      if (this.#waiting.length > 0 && /promisor remote/.test(stderr)) this.#passOverMissing();
      else if (this.#waiting.length > 0 || !this.#closed) this.#fail(new GitError(args, code, stderr));
    });
    return child;
  }

  /** In a partial clone git dies at an object it may not fetch, the first one unanswered; the others are asked for again. */
  #passOverMissing(): void {
    this.#waiting.shift()!.resolve("missing");
    this.#child = this.#start();
    for (const { name } of this.#waiting) this.#child.stdin!.write(name + "\n");
    if (this.#closed) this.#child.stdin!.end();
  }

  /**
   * Reads one object by its full name (or any revision git understands, without line breaks).
   * @throws {SyntaxError} for a name with a line break
   * @throws {GitError} when git ended by itself, for instance on a damaged object
   * @throws {TypeError} after {@link ObjectReader.close}
   */
  read(name: string): Promise<GitObject> {
    if (/[\n\r]/.test(name)) {
      throw new SyntaxError(`Cannot ask git for ${JSON.stringify(name)}: it has a line break`);
    }
    if (this.#failed) return Promise.reject(this.#failed);
    if (this.#closed) return Promise.reject(new TypeError(`Cannot read ${name}: the reader was closed`));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ name, resolve, reject });
      this.#child.stdin!.write(name + "\n");
    });
  }

  /** Ends the git process. Pending reads are answered first. */
  close(): void {
    this.#closed = true;
    this.#child.stdin!.end();
  }

  #fail(error: Error): void {
    this.#failed ??= error;
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
        // Git repeats the name asked for before "missing", and a name may hold spaces.
        const found = /^[0-9a-f]{40,64} (\w+) (\d+)$/.exec(all.toString("latin1", 0, end));
        this.#take(end + 1);
        if (!found) {
          this.#waiting.shift()!.resolve("missing");
          continue;
        }
        this.#header = { type: found[1]!, size: Number(found[2]) };
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
