/** The files of a commit's tree, read object by object with unchanged sub-trees remembered. */
import { decodeGitBytes } from "./git.ts";
import type { GitObject, ObjectReader } from "./objects.ts";

/** A regular file of a tree. */
export interface TreeFile {
  readonly path: string;
  readonly blob: string;
}

/** A tree a repository promises but does not hold. */
export class MissingObjectError extends Error {
  override name = "MissingObjectError";
  constructor(readonly object: string, dir: string) {
    super(
      `${dir} lacks the object ${object}: the clone is partial or damaged. Fetch it whole, or run git fsck in it`,
    );
  }
}

/** Lists trees of one repository. Symbolic links and submodules are left out: they are not files to rank. */
export class TreeReader {
  #cache = new Map<string, Promise<readonly TreeFile[]>>();

  constructor(private readonly objects: ObjectReader, private readonly keep: (path: string) => boolean) {}

  /**
   * Lists the kept files of a commit's tree, sorted by path in code-unit order.
   * @throws {MissingObjectError} when a tree is not in the repository
   * @throws {SyntaxError} when what stands in for a tree is not one
   */
  async list(commitSha: string): Promise<TreeFile[]> {
    const files = await this.#tree(`${commitSha}^{tree}`, "");
    return files.slice().sort((a, b) => a.path < b.path ? -1 : a.path > b.path ? 1 : 0);
  }

  #tree(name: string, prefix: string): Promise<readonly TreeFile[]> {
    const key = `${name}\0${prefix}`;
    let files = this.#cache.get(key);
    if (!files) this.#cache.set(key, files = this.#read(name, prefix));
    return files;
  }

  async #read(name: string, prefix: string): Promise<readonly TreeFile[]> {
    const object: GitObject = await this.objects.read(name);
    if (object === "missing") throw new MissingObjectError(name, this.objects.repoDir);
    if (object.type !== "tree") {
      throw new SyntaxError(
        `${this.objects.repoDir}: ${name} is a ${object.type} where a tree is wanted. Run git fsck in it`,
      );
    }
    const { bytes } = object;
    const parts: (TreeFile | Promise<readonly TreeFile[]>)[] = [];
    for (let at = 0; at < bytes.length;) {
      const space = bytes.indexOf(32, at), nul = bytes.indexOf(0, space);
      if (space < 0 || nul < 0) {
        throw new SyntaxError(`${this.objects.repoDir}: the tree ${name} is cut off. Run git fsck in it`);
      }
      // Old tools wrote modes with leading zeros.
      const mode = decodeGitBytes(bytes.subarray(at, space)).replace(/^0+/, "");
      const path = prefix + decodeGitBytes(bytes.subarray(space + 1, nul));
      const sha = hex(bytes.subarray(nul + 1, nul + 21));
      at = nul + 21;
      if (mode === "40000") parts.push(this.#tree(sha, path + "/"));
      else if (mode.startsWith("100") && this.keep(path)) parts.push({ path, blob: sha });
    }
    return (await Promise.all(parts)).flat();
  }
}

const HEX = Array.from({ length: 256 }, (_, i) => i.toString(16).padStart(2, "0"));

function hex(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += HEX[byte];
  return text;
}
