/** What a path alone says: its depth class, its words, whether it is a test, and how near two paths are. */
import { subtokens } from "../repo/identifiers.ts";
import type { EdgeLayer } from "../records/snapshot.ts";
import { layerOf } from "./cochange.ts";

/** Path components that mark code brought in from elsewhere. Whole components: `targets.rs` and `.github` are not vendor. */
const VENDOR = new Set([
  "node_modules",
  "vendor",
  "vendored",
  "third_party",
  "third-party",
  "thirdparty",
  "site-packages",
  "__pycache__",
]);

/** Index into DEPTH_CLASSES: vendor by component, else root up to 2 slashes, moderate up to 4, deep beyond. Source: ripmap. */
export function depthClass(path: string): number {
  const parts = path.split("/");
  if (parts.some((part) => VENDOR.has(part))) return 3;
  const slashes = parts.length - 1;
  return slashes <= 2 ? 0 : slashes <= 4 ? 1 : 2;
}

/** Whether a path is a test by the naming habits of the twelve languages. */
export function isTestPath(path: string): boolean {
  return /(?:^|\/)(?:tests?|__tests__|spec|specs|testing)\//i.test(path) ||
    /(?:^|\/)(?:test_[^/]*|[^/]*(?:_test|_spec|\.test|\.spec|Tests?|IT))\.[A-Za-z0-9]+$/.test(path);
}

/** File name without extension and test affixes, lower case: what a test and its source share. */
export function pairStem(path: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1).replace(/\.[A-Za-z0-9]+$/, "");
  return name.replace(
    /^test[_-]|[_-](?:test|tests|spec|unittest)$|\.(?:test|spec|d)$|(?<=[a-z0-9])(?:Tests?|Spec|IT)$/g,
    "",
  ).toLowerCase();
}

/** Words of a path: the subtokens of its components, extension left out. */
export function pathWords(path: string): string[] {
  return path.replace(/\.[A-Za-z0-9]+$/, "").split(/[^A-Za-z0-9_\u0080-\uffff]+/).flatMap((
    part,
  ) => [...subtokens(part)]);
}

/** What is read off one path, once an extraction. */
export interface PathFacts {
  readonly path: string;
  /** folders from the root, the file name left out */
  readonly folders: readonly string[];
  readonly depthClass: number;
  readonly stem: string;
  readonly isTest: boolean;
  /** numbers of the path's words, in order, repeats kept */
  readonly words: readonly number[];
}

/** Facts of every path met so far. Word numbers are of this table alone and never leave an extraction. */
export class PathTable {
  readonly #facts = new Map<string, PathFacts>();
  readonly #words = new Map<string, number>();

  of(path: string): PathFacts {
    let facts = this.#facts.get(path);
    if (!facts) {
      this.#facts.set(
        path,
        facts = {
          path,
          folders: path.split("/").slice(0, -1),
          depthClass: depthClass(path),
          stem: pairStem(path),
          isTest: isTestPath(path),
          words: pathWords(path).map((word) => {
            let id = this.#words.get(word);
            if (id === undefined) this.#words.set(word, id = this.#words.size);
            return id;
          }),
        },
      );
    }
    return facts;
  }

  get nWords(): number {
    return this.#words.size;
  }

  /** Number of a word, or -1 when no path has it. */
  word(text: string): number {
    return this.#words.get(text) ?? -1;
  }
}

/** Folder nearness in (0, 1]: (1 + shared leading folders) / (1 + folders of the deeper path). 1 in the same folder. */
export function pathProximity(a: readonly string[], b: readonly string[]): number {
  let shared = 0;
  while (shared < a.length && shared < b.length && a[shared] === b[shared]) shared++;
  return (1 + shared) / (1 + Math.max(a.length, b.length));
}

/** Stems shared by more files than this (index, mod, main) say nothing. */
const MAX_STEM_FILES = 10;

/** The semantic layer: files whose names share a stem, weight 1 both ways. */
export function semanticLayer(files: readonly PathFacts[]): EdgeLayer {
  const byStem = Map.groupBy(files.keys(), (i) => files[i]!.stem);
  return layerOf(files.map(({ stem }, i) => {
    const group = byStem.get(stem)!;
    return group.length > MAX_STEM_FILES ? [] : group.filter((j) => j !== i).map((j) => [j, 1] as const);
  }));
}
