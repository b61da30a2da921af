/** The text of `git log --raw -z` to commits, whatever chunks it arrives in. */
import { decodeGitBytes } from "./git.ts";

/** One path of a change set. */
export interface Change {
  /** A added, M modified, D deleted, R renamed, T type changed */
  readonly status: "A" | "M" | "D" | "R" | "T";
  /** path after the commit; the path before it for D */
  readonly path: string;
  /** path before a rename; otherwise equal to `path` */
  readonly old_path: string;
  /** blob before and after; forty zeros where there is none */
  readonly old_blob: string;
  readonly new_blob: string;
  /** identity of the file, stable through renames; an index into `file_names` of the history */
  readonly file: number;
}

/** One commit as git prints it: parents by name, files without identity. */
export interface RawCommit {
  sha: string;
  parents: string[];
  committed_at_s: number;
  author_name: string;
  author_email: string;
  subject: string;
  changes: Omit<Change, "file">[];
}

/** The `--format` that {@link LogParser} reads. */
export const LOG_FORMAT = "%x1e%H%x00%P%x00%ct%x00%an%x00%ae%x00%s%x1f";

/** Turns git's NUL-separated tokens into commits. Fed any chunking of the stream, it gives the same commits. */
export class LogParser {
  #rest: Uint8Array = new Uint8Array(0);
  #commits: RawCommit[] = [];
  #header: string[] | undefined;
  #entry: { status: Change["status"]; old_blob: string; new_blob: string; paths: string[] } | undefined;

  constructor(private readonly onProgress?: (commits: number) => void) {}

  push(chunk: Uint8Array): void {
    let bytes = chunk;
    if (this.#rest.length > 0) {
      bytes = new Uint8Array(this.#rest.length + chunk.length);
      bytes.set(this.#rest);
      bytes.set(chunk, this.#rest.length);
    }
    let start = 0;
    for (let end = bytes.indexOf(0, start); end >= 0; end = bytes.indexOf(0, start)) {
      this.#token(bytes.subarray(start, end));
      start = end + 1;
    }
    this.#rest = bytes.slice(start);
  }

  /** @throws {SyntaxError} when the stream ended inside a commit */
  end(): RawCommit[] {
    if (this.#rest.length > 0) this.#token(this.#rest);
    this.#rest = new Uint8Array(0);
    if (this.#header || this.#entry) throw new SyntaxError("git log ended in the middle of a commit");
    return this.#commits;
  }

  #token(bytes: Uint8Array): void {
    if (this.#entry) return this.#path(decodeGitBytes(bytes));
    if (this.#header) return this.#headerField(decodeGitBytes(bytes));
    if (bytes[0] === 0x1e) {
      this.#header = [decodeGitBytes(bytes.subarray(1))];
      return;
    }
    const text = decodeGitBytes(bytes);
    const raw = /^\n?:\d{6} \d{6} ([0-9a-f]+) ([0-9a-f]+) ([ACDMRTUX])\d*$/.exec(text);
    if (raw) {
      const status = raw[3]!;
      if (status === "U" || status === "X" || status === "C") {
        throw new SyntaxError(`Unexpected change status in git log: ${text}`);
      }
      this.#entry = { status: status as Change["status"], old_blob: raw[1]!, new_blob: raw[2]!, paths: [] };
    } else if (text.trim() !== "") {
      throw new SyntaxError(`Unexpected text in git log: ${JSON.stringify(text.slice(0, 80))}`);
    }
  }

  #headerField(text: string): void {
    const header = this.#header!;
    header.push(text);
    if (header.length < 6) return;
    const [sha, parents, time, author_name, author_email, subject] = header as [
      string,
      string,
      string,
      string,
      string,
      string,
    ];
    if (!subject.endsWith("\x1f")) throw new SyntaxError(`Unexpected header in git log at commit ${sha}`);
    this.#header = undefined;
    this.#commits.push({
      sha,
      parents: parents === "" ? [] : parents.split(" "),
      committed_at_s: Number(time),
      author_name,
      author_email,
      subject: subject.slice(0, -1),
      changes: [],
    });
    if (this.#commits.length % 1000 === 0) this.onProgress?.(this.#commits.length);
  }

  #path(path: string): void {
    const entry = this.#entry!;
    entry.paths.push(path);
    if (entry.status === "R" && entry.paths.length < 2) return;
    this.#entry = undefined;
    const { status, old_blob, new_blob, paths } = entry;
    const commit = this.#commits.at(-1);
    if (!commit) throw new SyntaxError("git log listed a change before any commit");
    commit.changes.push({ status, path: paths.at(-1)!, old_path: paths[0]!, old_blob, new_blob });
  }
}
