/**
 * Writes git repositories from a script of commits: the same script gives the same commit names on every machine.
 *
 * One `git fast-import` makes the whole repository, so a hundred commits cost what two do.
 */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { gitEnvironment, type Repository, runGit } from "../../lib/repo/git.ts";

/** One commit of a script. */
export interface ScriptedCommit {
  /** how later commits and tests call it */
  readonly label: string;
  /** labels; default the commit added last, none for the first */
  readonly parents?: readonly string[];
  /** "Name <mail>" */
  readonly author: string;
  /** committer time, Unix seconds; the author's is the same */
  readonly at_s: number;
  readonly message: string | Uint8Array;
  /** new contents by path; null deletes. A lone surrogate U+DC80..U+DCFF in a path stands for the raw byte 0x80..0xFF */
  readonly files?: Readonly<Record<string, string | Uint8Array | null>>;
  /** old path to new path, contents kept unless `files` gives the new path others */
  readonly renames?: Readonly<Record<string, string>>;
}

/** What was written: where, and what each label is called by git. */
export interface WrittenRepository {
  readonly repository: Repository;
  readonly shas: ReadonlyMap<string, string>;
}

type Tree = ReadonlyMap<string, string | Uint8Array>;

const utf8 = new TextEncoder();

/** Collects commits, keeps every commit's tree, and writes all of them or one commit and its ancestors. */
export class RepositoryScript {
  readonly #commits: { commit: ScriptedCommit; parents: readonly string[]; changed: Set<string> }[] = [];
  readonly #trees = new Map<string, Tree>();

  /** Labels in the order they were added; parents stand before children. */
  get labels(): string[] {
    return this.#commits.map(({ commit }) => commit.label);
  }

  /** Adds a commit; its tree is its first parent's with the edits. */
  add(commit: ScriptedCommit): this {
    const parents = commit.parents ?? this.labels.slice(-1);
    const tree = new Map(parents.length > 0 ? this.treeOf(parents[0]!) : []);
    const changed = new Set<string>();
    for (const [from, to] of Object.entries(commit.renames ?? {})) {
      const content = tree.get(from);
      if (content === undefined) throw new RangeError(`${commit.label} renames ${from}, which is not there`);
      tree.delete(from);
      tree.set(to, content);
      changed.add(from).add(to);
    }
    for (const [path, content] of Object.entries(commit.files ?? {})) {
      if (content === null) tree.delete(path);
      else tree.set(path, content);
      changed.add(path);
    }
    this.#trees.set(commit.label, tree);
    this.#commits.push({ commit, parents, changed });
    return this;
  }

  /** A commit as it was added, its parents filled in. */
  commitOf(label: string): ScriptedCommit & { readonly parents: readonly string[] } {
    const found = this.#commits.find(({ commit }) => commit.label === label);
    if (!found) throw new RangeError(`The script has no commit ${label}`);
    return { ...found.commit, parents: found.parents };
  }

  /** Files of a commit's tree. */
  treeOf(label: string): Tree {
    const tree = this.#trees.get(label);
    if (!tree) throw new RangeError(`The script has no commit ${label}`);
    return tree;
  }

  /** Labels of a commit and all its ancestors. */
  ancestorsOf(label: string): Set<string> {
    const parents = new Map(this.#commits.map(({ commit, parents }) => [commit.label, parents]));
    const found = new Set<string>(), open = [label];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (found.has(next)) continue;
      found.add(next);
      open.push(...parents.get(next)!);
    }
    return found;
  }

  /**
   * Writes a bare repository into an empty or missing folder.
   *
   * @param options.head label the branch points at, which with its ancestors is all that is written; default the last one
   * @param options.loose one file an object, for tests that remove some
   */
  async write(
    dir: string,
    options: { head?: string; loose?: boolean; name?: string } = {},
  ): Promise<WrittenRepository> {
    const head = options.head ?? this.labels.at(-1)!;
    const kept = this.ancestorsOf(head);
    Deno.mkdirSync(dir, { recursive: true });
    await runGit(dir, ["init", "-q", "--bare", "-b", "main", "."]);
    const marks = new Map<string, number>(), parts: Uint8Array[] = [];
    const say = (text: string | Uint8Array) =>
      parts.push(typeof text === "string" ? utf8.encode(text) : text);
    for (const { commit, parents, changed } of this.#commits) {
      if (!kept.has(commit.label)) continue;
      marks.set(commit.label, marks.size + 1);
      const message = typeof commit.message === "string" ? utf8.encode(commit.message) : commit.message;
      say(`reset refs/heads/main\n`);
      say(`commit refs/heads/main\nmark :${marks.size}\n`);
      say(`author ${commit.author} ${commit.at_s} +0000\ncommitter ${commit.author} ${commit.at_s} +0000\n`);
      say(`data ${message.length}\n`);
      say(message);
      say("\n");
      parents.forEach((p, i) => say(`${i === 0 ? "from" : "merge"} :${marks.get(p)}\n`));
      const tree = this.treeOf(commit.label);
      for (const path of changed) {
        const content = tree.get(path);
        if (content === undefined) {
          say(`D ${quotePath(path)}\n`);
          continue;
        }
        const bytes = typeof content === "string" ? utf8.encode(content) : content;
        say(`M 100644 inline ${quotePath(path)}\ndata ${bytes.length}\n`);
        say(bytes);
        say("\n");
      }
    }
    say("done\n");
    const marksFile = join(dir, "script-marks");
    const limit = options.loose ? 1_000_000 : 1;
    await feedGit(dir, [
      "-c",
      `fastimport.unpackLimit=${limit}`,
      "fast-import",
      "--quiet",
      "--done",
      "--force",
      `--export-marks=${marksFile}`,
    ], parts);
    const byMark = new Map(
      Deno.readTextFileSync(marksFile).trim().split("\n").map((line) => line.slice(1).split(" ")).map((
        [mark, sha],
      ) => [Number(mark), sha!]),
    );
    const shas = new Map([...marks].map(([label, mark]) => [label, byMark.get(mark)!]));
    return { repository: { name: options.name ?? "scripted/tea", dir, head: shas.get(head)! }, shas };
  }
}

/** A path as fast-import reads it: quoted, every byte that is not plain ASCII in octal. */
function quotePath(path: string): string {
  let text = "";
  for (const character of path) {
    const code = character.codePointAt(0)!;
    const bytes = code >= 0xdc80 && code <= 0xdcff ? [code - 0xdc00] : [...utf8.encode(character)];
    for (const byte of bytes) {
      const plain = byte > 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x5c;
      text += plain ? String.fromCharCode(byte) : "\\" + byte.toString(8).padStart(3, "0");
    }
  }
  return `"${text}"`;
}

function feedGit(dir: string, args: readonly string[], parts: readonly Uint8Array[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn("git", ["-C", dir, ...args], {
      stdio: ["pipe", "ignore", "pipe"],
      env: gitEnvironment(),
    });
    let stderr = "";
    child.stderr!.on("data", (chunk: Uint8Array) => stderr += new TextDecoder().decode(chunk));
    child.on("error", reject);
    child.on(
      "close",
      (code) =>
        code === 0
          ? resolve()
          : reject(new Error(`git fast-import failed with exit code ${code}: ${stderr}`)),
    );
    child.stdin!.end(concat(parts));
  });
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
