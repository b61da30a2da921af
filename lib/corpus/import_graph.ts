/** Import edges: module specifiers resolved to files of the same tree by path, without running any build tool. */
import { extensionOf, languageOf } from "../repo/languages.ts";
import type { EdgeLayer } from "../records/snapshot.ts";
import { layerOf } from "./cochange.ts";
import type { CompactTags } from "./vocabulary.ts";

/** Finds files by any trailing part of their path without extension. */
class SuffixIndex {
  readonly #bySuffix = new Map<string, number[]>();
  readonly #byFolder = new Map<string, number[]>();

  constructor(files: readonly string[]) {
    files.forEach((file, i) => {
      const bare = file.slice(0, file.length - extensionOf(file).length).replace(/\.$/, "");
      const stem = bare.replace(/\/(?:__init__|index|mod|lib)$/, "");
      for (const path of new Set([bare, stem])) {
        const parts = path.split("/");
        for (let k = Math.max(0, parts.length - 6); k < parts.length; k++) {
          push(this.#bySuffix, parts.slice(k).join("/"), i);
        }
      }
      const folder = bare.split("/").slice(0, -1);
      for (let k = Math.max(0, folder.length - 4); k < folder.length; k++) {
        push(this.#byFolder, folder.slice(k).join("/"), i);
      }
    });
  }

  /** Files whose bare path ends in `suffix`; none when it is ambiguous beyond `limit`. */
  files(suffix: string, limit: number): readonly number[] {
    const found = this.#bySuffix.get(suffix) ?? [];
    return found.length <= limit ? found : [];
  }

  /** Files that lie directly in a folder whose path ends in `suffix`. */
  folder(suffix: string): readonly number[] {
    return this.#byFolder.get(suffix) ?? [];
  }
}

function push(map: Map<string, number[]>, key: string, value: number): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

/** Resolves `.` and `..` of a slash path; undefined when it leaves the tree. */
function joinPath(folder: string, relative: string): string | undefined {
  const parts = folder === "" ? [] : folder.split("/");
  for (const part of relative.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.join("/");
}

const folderOf = (file: string) => file.includes("/") ? file.slice(0, file.lastIndexOf("/")) : "";

/** Longest suffix of `parts` that names at most a few files, trying to drop trailing parts (a symbol of the module) as well. */
function bySuffix(
  index: SuffixIndex,
  parts: readonly string[],
  minParts: number,
  maxDropped: number,
): readonly number[] {
  for (let dropped = 0; dropped <= maxDropped; dropped++) {
    const end = parts.length - dropped;
    for (let from = 0; end - from >= minParts; from++) {
      const found = index.files(parts.slice(from, end).join("/"), 2);
      if (found.length > 0) return found;
    }
  }
  return [];
}

function resolveImport(index: SuffixIndex, file: string, specifier: string): readonly number[] {
  const folder = folderOf(file);
  switch (languageOf(file)) {
    case "python": {
      const dots = /^\.*/.exec(specifier)![0].length;
      const parts = specifier.slice(dots).split(".").filter((p) => p !== "");
      if (dots === 0) return bySuffix(index, parts, 1, 1);
      const base = joinPath(folder, "../".repeat(dots - 1) + parts.join("/"));
      if (base === undefined) return [];
      const exact = index.files(base, 2);
      return exact.length > 0 || parts.length === 0 ? exact : index.files(folderOf(base), 2);
    }
    case "javascript":
    case "typescript":
    case "tsx": {
      if (!specifier.startsWith(".")) {
        return bySuffix(index, specifier.replace(/^[@~]\//, "").split("/"), 2, 0);
      }
      const base = joinPath(folder, specifier);
      if (base === undefined) return [];
      const exact = index.files(base, 3);
      return exact.length > 0 ? exact : index.files(base.replace(/\.[cm]?[jt]sx?$/, ""), 3);
    }
    case "rust": {
      const parts = specifier.split("::");
      if (parts[0] === "self") return index.files(joinPath(folder, parts.slice(1).join("/")) ?? "", 2);
      if (parts[0] === "super") {
        return bySuffix(index, [...folder.split("/").slice(0, -1), ...parts.slice(1)], 1, 1);
      }
      return bySuffix(index, parts[0] === "crate" ? parts.slice(1) : parts, 1, 1);
    }
    case "go": {
      const parts = specifier.split("/");
      for (let from = 0; parts.length - from >= 1; from++) {
        const found = index.folder(parts.slice(from).join("/"));
        if (found.length > 0 && found.length <= 40) return found;
      }
      return [];
    }
    case "c":
    case "cpp": {
      const bare = specifier.replace(/\.[A-Za-z]+$/, "");
      const near = joinPath(folder, bare);
      const exact = near === undefined ? [] : index.files(near, 2);
      return exact.length > 0 ? exact : bySuffix(index, bare.split("/"), 1, 0);
    }
    case "ruby":
      return specifier.startsWith(".")
        ? index.files(joinPath(folder, specifier) ?? "", 2)
        : bySuffix(index, specifier.split("/"), 1, 0);
    case "java":
    case "csharp":
      return bySuffix(index, specifier.split("."), 2, 1);
    case "php":
      return bySuffix(
        index,
        specifier.replace(/\.php$/, "").split(/[\\/]/).filter((p) => p !== "" && p !== "."),
        1,
        0,
      );
    default:
      return [];
  }
}

/**
 * Builds import layers of one repository's trees, remembering what was resolved while the list of files stays the same.
 *
 * The layer is a function of the files and their imports alone; the memory only saves work.
 */
export class ImportResolver {
  #files: readonly string[] = [];
  #index = new SuffixIndex([]);
  #rows: { imports: readonly string[]; row: readonly (readonly [number, number])[] }[] = [];

  /** The import layer: an edge of weight 1 from a file to every file an import of it resolves to; shared by several, 1 / their number. */
  layer(files: readonly string[], tags: readonly CompactTags[]): EdgeLayer {
    if (files.length !== this.#files.length || files.some((file, i) => file !== this.#files[i])) {
      this.#files = files;
      this.#index = new SuffixIndex(files);
      this.#rows = [];
    }
    return layerOf(files.map((file, i) => {
      const { imports } = tags[i]!;
      const known = this.#rows[i];
      if (known && known.imports === imports) return known.row;
      const row = new Map<number, number>();
      for (const specifier of imports) {
        const found = resolveImport(this.#index, file, specifier);
        for (const target of found) {
          if (target !== i) row.set(target, Math.max(row.get(target) ?? 0, 1 / found.length));
        }
      }
      this.#rows[i] = { imports, row: [...row] };
      return this.#rows[i]!.row;
    }));
  }
}
