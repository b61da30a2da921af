/** What a ranker says: files with scores, best first, every score with its parts. */

/** One file of a run. */
export interface ScoredFile {
  readonly file: string;
  /** 1-based */
  readonly rank: number;
  readonly score: number;
  /** value each signal contributed, by the signal's id in the formula; their combination is the score */
  readonly parts: Readonly<Record<string, number>>;
}

/** A full ranking of one query's candidates. */
export interface Run {
  readonly case_id: string;
  readonly files: readonly ScoredFile[];
}

/**
 * The fixed tie-break of the whole kit: a 32-bit hash of the path (FNV-1a with a final mix), so that files with equal scores
 * stand in an order unrelated to their names, to input order and to relevance. Equal hashes fall back to the path itself.
 */
export function tieKey(path: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < path.length; i++) {
    h ^= path.charCodeAt(i);
    h = Math.imul(h, 0x01000193);
  }
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Positions of `files` in tie-break order: where scores are equal, the file earlier here ranks higher. */
export function tieOrder(files: readonly string[]): Uint32Array {
  const keys = files.map(tieKey);
  const order = Uint32Array.from(files, (_, i) => i);
  return order.sort((a, b) => keys[a]! - keys[b]! || (files[a]! < files[b]! ? -1 : 1));
}
