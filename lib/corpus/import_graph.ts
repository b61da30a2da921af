/** Import edges: module specifiers resolved to files of the same tree by path, without running any build tool. */
import { type Language, languageOf } from "../repo/languages.ts";
import type { EdgeLayer } from "../records/snapshot.ts";
import { layerOf } from "./cochange.ts";
import { PathIndex } from "./path_index.ts";
import type { CompactTags } from "./vocabulary.ts";

/** Files that import one another: one folder of names for each family of languages. */
const FAMILY: Readonly<Partial<Record<Language, string>>> = {
  javascript: "ecmascript",
  typescript: "ecmascript",
  tsx: "ecmascript",
  c: "c",
  cpp: "c",
};

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
  index: PathIndex,
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

/** The file a relative module names, or the module that holds the symbol its last part may be. */
function byPath(index: PathIndex, path: string | undefined): readonly number[] {
  const found = index.exact(path);
  return found.length > 0 || path === undefined || path === "" ? found : index.exact(folderOf(path));
}

/** Where the modules below a Rust file lie: beside `mod.rs`, `lib.rs` and `main.rs`, in a folder of its name for others. */
function rustModule(file: string): string {
  const bare = file.slice(0, -".rs".length);
  return /(?:^|\/)(?:mod|lib|main)$/.test(bare) ? folderOf(bare) : bare;
}

function resolveImport(index: PathIndex, file: string, specifier: string): readonly number[] {
  const folder = folderOf(file);
  switch (languageOf(file)) {
    case "python": {
      const dots = /^\.*/.exec(specifier)![0].length;
      const parts = specifier.slice(dots).split(".").filter((p) => p !== "");
      if (dots === 0) return bySuffix(index, parts, 1, 1);
      const base = joinPath(folder, "../".repeat(dots - 1));
      if (base === undefined) return [];
      return parts.length === 0 ? index.exact(base) : byPath(index, joinPath(base, parts.join("/")));
    }
    case "javascript":
    case "typescript":
    case "tsx": {
      if (!specifier.startsWith(".")) {
        return bySuffix(index, specifier.replace(/^[@~]\//, "").split("/"), 2, 0);
      }
      const base = joinPath(folder, specifier);
      const exact = index.exact(base);
      return exact.length > 0 ? exact : index.exact(base?.replace(/\.[cm]?[jt]sx?$/, ""));
    }
    case "rust": {
      const parts = specifier.split("::");
      const ups = parts.findIndex((part) => part !== "super");
      if (parts[0] === "self") return byPath(index, joinPath(rustModule(file), parts.slice(1).join("/")));
      if (ups !== 0) {
        const above = ups < 0 ? parts.length : ups;
        return byPath(index, joinPath(rustModule(file), "../".repeat(above) + parts.slice(above).join("/")));
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
      const exact = index.exact(joinPath(folder, bare));
      return exact.length > 0
        ? exact
        : bySuffix(index, bare.split("/").filter((p) => !/^\.*$/.test(p)), 1, 0);
    }
    case "ruby":
      return specifier.startsWith(".")
        ? index.exact(joinPath(folder, specifier.replace(/\.rb$/, "")))
        : bySuffix(index, specifier.replace(/\.rb$/, "").split("/"), 1, 0);
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
  #indices: readonly (PathIndex | undefined)[] = [];
  #rows: { imports: readonly string[]; row: readonly (readonly [number, number])[] }[] = [];

  /**
   * The import layer: an edge from a file to every file an import of it resolves to, of weight 1, or 1 / their number where
   * an import fits several. Files import files of their own language family only.
   */
  layer(files: readonly string[], tags: readonly CompactTags[]): EdgeLayer {
    if (files.length !== this.#files.length || files.some((file, i) => file !== this.#files[i])) {
      this.#files = files;
      const families = new Map<string, PathIndex>();
      this.#indices = files.map((file, i) => {
        const language = languageOf(file);
        if (language === undefined) return undefined;
        const family = FAMILY[language] ?? language;
        let index = families.get(family);
        if (!index) families.set(family, index = new PathIndex());
        index.add(file, i);
        return index;
      });
      this.#rows = [];
    }
    return layerOf(files.map((file, i) => {
      const { imports } = tags[i]!;
      const known = this.#rows[i];
      if (known && known.imports === imports) return known.row;
      const row = new Map<number, number>();
      for (const specifier of imports) {
        const index = this.#indices[i];
        const found = index ? resolveImport(index, file, specifier) : [];
        for (const target of found) {
          if (target !== i) row.set(target, Math.max(row.get(target) ?? 0, 1 / found.length));
        }
      }
      this.#rows[i] = { imports, row: [...row] };
      return this.#rows[i]!.row;
    }));
  }
}
