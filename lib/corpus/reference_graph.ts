/** The file graph of a tree: who uses a name that whom defines. */
import type { EdgeLayer } from "../records/snapshot.ts";
import type { CompactTags } from "./vocabulary.ts";

/** The two weightings of the same edges. */
export interface ReferenceGraph {
  /** weight = how often the file uses names the other defines; every definer of a name gets the full count, as in ripmap */
  readonly references: EdgeLayer;
  /** weight = sum over names of sqrt(uses) / definers of the name: common names stop dominating */
  readonly references_idf: EdgeLayer;
}

/**
 * Joins references to definitions by name over a tree's files. No edge from a file to itself.
 *
 * @param tags one a file, in snapshot order
 * @param nNames size of the vocabulary the tags are numbered by
 */
export function referenceGraph(tags: readonly CompactTags[], nNames: number): ReferenceGraph {
  const n = tags.length;
  // Definers of a name as a linked list through flat arrays: one allocation a tree instead of one a name.
  const head = new Int32Array(nNames).fill(-1), fanOut = new Int32Array(nNames);
  let total = 0;
  for (const t of tags) total += t.definitions.length;
  const next = new Int32Array(total), definer = new Int32Array(total);
  let used = 0;
  for (let file = n - 1; file >= 0; file--) {
    for (const name of tags[file]!.definitions) {
      definer[used] = file;
      next[used] = head[name]!;
      head[name] = used++;
      fanOut[name]!++;
    }
  }
  const counts = new Float64Array(n), shares = new Float64Array(n);
  const offsets = new Uint32Array(n + 1);
  const targets: number[] = [], weights: number[] = [], idf: number[] = [];
  for (let file = 0; file < n; file++) {
    const { references, counts: uses } = tags[file]!;
    const reached: number[] = [];
    for (let i = 0; i < references.length; i++) {
      const name = references[i]!;
      for (let link = head[name]!; link >= 0; link = next[link]!) {
        const other = definer[link]!;
        if (other === file) continue;
        if (counts[other] === 0) reached.push(other);
        counts[other]! += uses[i]!;
        shares[other]! += Math.sqrt(uses[i]!) / fanOut[name]!;
      }
    }
    reached.sort((a, b) => a - b);
    for (const other of reached) {
      targets.push(other);
      weights.push(counts[other]!);
      idf.push(shares[other]!);
      counts[other] = shares[other] = 0;
    }
    offsets[file + 1] = targets.length;
  }
  const shared = { offsets, targets: Uint32Array.from(targets) };
  return {
    references: { ...shared, weights: Float32Array.from(weights) },
    references_idf: { ...shared, weights: Float32Array.from(idf) },
  };
}
