/**
 * A repository's whole history, streamed from one `git log`, in an order and with file identities that depend on ancestors only.
 *
 * That last part is the time law at its root: what is said of a commit here would be said the same in a clone cut off at it.
 */
import { spawn } from "node:child_process";
import { GitError } from "./objects.ts";
import { decodeGitBytes, GIT_NEUTRAL, gitEnvironment } from "./git.ts";

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
  /** identity of the file, stable through renames; an index into {@link History.file_names} */
  readonly file: number;
}

/** One commit. Merges are kept for ancestry and list no changes. */
export interface Commit {
  /** position in {@link History.commits} */
  readonly index: number;
  readonly sha: string;
  /** positions of the parents, first parent first */
  readonly parents: readonly number[];
  readonly committed_at_s: number;
  readonly author_name: string;
  readonly author_email: string;
  readonly subject: string;
  readonly changes: readonly Change[];
}

/** Every ancestor of a head, oldest first: a parent always stands before its children. */
export interface History {
  readonly commits: readonly Commit[];
  /** first known name of each file identity */
  readonly file_names: readonly string[];
}

interface RawCommit {
  sha: string;
  parents: string[];
  committed_at_s: number;
  author_name: string;
  author_email: string;
  subject: string;
  changes: Omit<Change, "file">[];
}

const FORMAT = "%x1e%H%x00%P%x00%ct%x00%an%x00%ae%x00%s%x1f";

/** Options of {@link readHistory}. */
export interface ReadHistoryOptions {
  signal?: AbortSignal;
  /** called with the number of commits read so far, every thousand */
  onProgress?: (commits: number) => void;
}

/**
 * Reads the history that ends at `head`.
 *
 * Order: by the largest committer time among a commit and its ancestors, then by generation, then by name; a function of
 * ancestors alone, unlike git's own date order. Renames: git's, at 50 % similarity.
 * @throws {GitError} when git fails, for instance on a missing tree
 * @throws {SyntaxError} when git prints what this parser does not expect
 */
export async function readHistory(
  dir: string,
  head: string,
  options: ReadHistoryOptions = {},
): Promise<History> {
  const raw = await streamLog(dir, head, options);
  return identify(order(raw));
}

function streamLog(dir: string, head: string, options: ReadHistoryOptions): Promise<RawCommit[]> {
  const args = [
    "-C",
    dir,
    ...GIT_NEUTRAL,
    "log",
    head,
    "--raw",
    "-z",
    "--no-abbrev",
    "-M50%",
    "--no-ext-diff",
    "--no-textconv",
    "--no-color",
    "--no-show-signature",
    "--no-notes",
    `--format=${FORMAT}`,
    "--",
  ];
  return new Promise((resolve, reject) => {
    const child = spawn("git", args, {
      stdio: ["ignore", "pipe", "pipe"],
      env: gitEnvironment(),
      ...(options.signal ? { signal: options.signal } : {}),
    });
    const parser = new LogParser(options.onProgress);
    let stderr = "", failed: Error | undefined;
    child.stdout!.on("data", (chunk: Uint8Array) => {
      if (failed) return;
      try {
        parser.push(chunk);
      } catch (error) {
        failed = error as Error;
        child.kill();
      }
    });
    child.stderr!.on("data", (chunk: Uint8Array) => stderr += new TextDecoder().decode(chunk));
    child.on("error", (error) => reject(options.signal?.aborted ? options.signal.reason : error));
    child.on("close", (code) => {
      if (failed) reject(failed);
      else if (code !== 0) reject(new GitError(["log", head], code, stderr));
      else {
        try {
          resolve(parser.end());
        } catch (error) {
          reject(error);
        }
      }
    });
  });
}

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

/** Sorts commits so that parents precede children, by keys that only ancestors determine. */
function order(raw: RawCommit[]): RawCommit[] {
  const bySha = new Map(raw.map((c) => [c.sha, c]));
  const keys = new Map<string, { time: number; generation: number }>();
  for (const root of raw) {
    const stack = [root];
    while (stack.length > 0) {
      const commit = stack.at(-1)!;
      if (keys.has(commit.sha)) {
        stack.pop();
        continue;
      }
      const open = commit.parents.filter((p) => bySha.has(p) && !keys.has(p));
      if (open.length > 0) {
        for (const parent of open) stack.push(bySha.get(parent)!);
        continue;
      }
      stack.pop();
      let time = commit.committed_at_s, generation = 0;
      for (const parent of commit.parents) {
        const key = keys.get(parent);
        if (key) {
          time = Math.max(time, key.time);
          generation = Math.max(generation, key.generation + 1);
        }
      }
      keys.set(commit.sha, { time, generation });
    }
  }
  return raw.slice().sort((a, b) => {
    const x = keys.get(a.sha)!, y = keys.get(b.sha)!;
    return x.time - y.time || x.generation - y.generation || (a.sha < b.sha ? -1 : 1);
  });
}

/** What a path means at a commit, where that differs from the path itself. Shared between commits until a rename changes it. */
interface Names {
  readonly identity: ReadonlyMap<string, string>;
  /** names that were renamed away: a file added there later is another file */
  readonly vacated: ReadonlySet<string>;
}

/** Gives every change its file identity, each commit's from its own ancestors only. */
function identify(raw: RawCommit[]): History {
  const position = new Map(raw.map((c, i) => [c.sha, i]));
  const names: Names[] = [];
  const none: Names = { identity: new Map(), vacated: new Set() };
  const merged = new Map<Names, Map<Names, Names>>();
  const ids = new Map<string, number>(), file_names: string[] = [];
  const intern = (name: string) => {
    let id = ids.get(name);
    if (id === undefined) {
      ids.set(name, id = file_names.length);
      file_names.push(name);
    }
    return id;
  };
  const commits = raw.map((commit, index): Commit => {
    const parents = commit.parents.map((p) => position.get(p)).filter((p) => p !== undefined);
    let state = parents.length === 0 ? none : names[parents[0]!]!;
    for (const parent of parents.slice(1)) state = mergeNames(state, names[parent]!, merged);
    let identity: Map<string, string> | undefined, vacated: Set<string> | undefined;
    const nameOf = (path: string) => (identity ?? state.identity).get(path) ?? path;
    const changes: Change[] = [];
    for (const change of commit.changes) {
      let name = nameOf(change.old_path);
      if (change.status === "R") {
        identity ??= new Map(state.identity);
        vacated ??= new Set(state.vacated);
        identity.set(change.path, name);
        identity.set(change.old_path, name);
        vacated.add(change.old_path);
        vacated.delete(change.path);
      } else if (change.status === "A" && (vacated ?? state.vacated).has(change.path)) {
        identity ??= new Map(state.identity);
        vacated ??= new Set(state.vacated);
        name = `${change.path}\0${commit.sha}`;
        identity.set(change.path, name);
        vacated.delete(change.path);
      }
      changes.push({ ...change, file: intern(name) });
    }
    names.push(
      identity || vacated
        ? { identity: identity ?? state.identity, vacated: vacated ?? state.vacated }
        : state,
    );
    const { sha, committed_at_s, author_name, author_email, subject } = commit;
    return { index, sha, parents, committed_at_s, author_name, author_email, subject, changes };
  });
  identities.set(commits, { names, ids });
  return { commits, file_names };
}

const identities = new WeakMap<readonly Commit[], { names: Names[]; ids: Map<string, number> }>();

/**
 * Looks up the identity of paths as a commit's tree has them, from that commit's ancestors and itself.
 *
 * @returns a function from path to index into {@link History.file_names}, or -1 for a path no listed change ever touched
 */
export function identitiesAt(history: History, commit: number): (path: string) => number {
  const { names, ids } = identities.get(history.commits)!;
  const { identity } = names[commit]!;
  return (path) => ids.get(identity.get(path) ?? path) ?? -1;
}

function mergeNames(a: Names, b: Names, cache: Map<Names, Map<Names, Names>>): Names {
  if (a === b) return a;
  let row = cache.get(a);
  if (!row) cache.set(a, row = new Map());
  let union = row.get(b);
  if (!union) {
    const identity = new Map([...b.identity, ...a.identity]);
    const vacated = new Set([...a.vacated, ...b.vacated]);
    union = identity.size === a.identity.size && vacated.size === a.vacated.size
      ? a
      : identity.size === b.identity.size && vacated.size === b.vacated.size &&
          sameEntries(identity, b.identity)
      ? b
      : { identity, vacated };
    row.set(b, union);
  }
  return union;
}

function sameEntries(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): boolean {
  for (const [key, value] of a) if (b.get(key) !== value) return false;
  return true;
}
