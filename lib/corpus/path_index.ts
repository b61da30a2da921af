/** Finding files by what other files call them: paths without extension, whole or in part. */
import { extensionOf } from "../repo/languages.ts";

/** Finds files of one language family by their path without extension, whole or by any trailing part of it. */
export class PathIndex {
  readonly #byPath = new Map<string, number[]>();
  readonly #bySuffix = new Map<string, number[]>();
  readonly #byFolder = new Map<string, number[]>();

  add(file: string, i: number): void {
    const bare = file.slice(0, file.length - extensionOf(file).length).replace(/\.$/, "");
    for (const path of new Set([bare, bare.replace(/(?:^|\/)(?:__init__|index|mod|lib)$/, "")])) {
      push(this.#byPath, path, i);
      const parts = path.split("/");
      for (let k = Math.max(0, parts.length - 6); k < parts.length; k++) {
        push(this.#bySuffix, parts.slice(k).join("/"), i);
      }
    }
    const folder = bare.split("/").slice(0, -1);
    for (let k = Math.max(0, folder.length - 4); k < folder.length; k++) {
      push(this.#byFolder, folder.slice(k).join("/"), i);
    }
  }

  /** Files with exactly this bare path; a folder stands for its `index`, `mod`, `lib` or `__init__`. */
  exact(path: string | undefined): readonly number[] {
    return path === undefined ? [] : this.#byPath.get(path) ?? [];
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
