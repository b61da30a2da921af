/**
 * A repository's whole history, streamed from one `git log`, in an order and with file identities that depend on ancestors only.
 *
 * That last part is the time law at its root: what is said of a commit here would be said the same in a clone cut off at it.
 */
import { spawn } from "node:child_process";
import { GitError } from "./git_child.ts";
import { GIT_NEUTRAL, gitEnvironment } from "./git.ts";
import { type Change, LOG_FORMAT, LogParser, type RawCommit } from "./log_parser.ts";

export type { Change };

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
 * @throws {GitError} when git fails, for instance on a missing tree or on a missing blob of a rename
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
    `--format=${LOG_FORMAT}`,
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
      else if (code !== 0) reject(new GitError(["log", head], code, withAdvice(stderr)));
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

/** Finding renames reads blobs, so that a clone without them has no readable history either. */
function withAdvice(stderr: string): string {
  return /unable to read|could not fetch|missing/.test(stderr)
    ? `${stderr.trimEnd()}\nthe clone is partial or damaged: fetch it whole, or run git fsck in it`
    : stderr;
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
