/**
 * What a ranker sees: a repository as it stood at the first parent of a case's commit, and one query on it.
 *
 * No label appears here or can be computed from here; relevance lives in `records/case.ts`, which rankers do not import.
 */

/** Depth classes in the order the spec's four weights are given. */
export const DEPTH_CLASSES = ["root", "moderate", "deep", "vendor"] as const;

/** Age in days of a file no listed commit has touched; treated as infinitely old. */
export const NEVER_DAYS = 65535;
/** Hop distance of a file the seed does not reach. */
export const UNREACHED = 255;

/** Directed weighted edges in compressed rows: row i holds targets[offsets[i] .. offsets[i+1]). */
export interface EdgeLayer {
  /** length n + 1 */
  readonly offsets: Uint32Array;
  /** ascending inside a row; never the row itself */
  readonly targets: Uint32Array;
  /** positive, same length as targets */
  readonly weights: Float32Array;
}

/** Names of the edge layers of a snapshot. */
export const LAYERS = ["references", "references_idf", "imports", "cochange", "semantic"] as const;
export type LayerName = typeof LAYERS[number];

/** One tree as of one commit's first parent; every array has one entry a file, in the order of `files`. */
export interface Snapshot {
  readonly repo: string;
  /** the case commit t */
  readonly commit: string;
  /** first parent of t: the tree and the end of the history seen here */
  readonly parent: string;
  /** committer time of t, Unix seconds: "now" */
  readonly now_s: number;
  /** source files of the parent tree, vendor files too, in the fixed tie order of `records/run.ts`: of equals, the earlier ranks higher */
  readonly files: readonly string[];
  /** index into DEPTH_CLASSES */
  readonly depth_class: Uint8Array;
  /** whole days from the last touching ancestor commit to now, capped; NEVER_DAYS where none touched it */
  readonly days: Uint16Array;
  /** commits among the last 500 non-merge ancestors that touched the file, capped at 65535 */
  readonly churn: Uint16Array;
  /** as `days`, for commits of t's author only */
  readonly author_days: Uint16Array;
  readonly layers: Readonly<Record<LayerName, EdgeLayer>>;
}

/** A number a file for the few files that have one; all others are 0. */
export interface SparseFeature {
  /** file positions, ascending */
  readonly index: Uint32Array;
  /** same length, never 0 */
  readonly values: Float32Array;
}

/** Sparse features of a query, by name. */
export const SPARSE_FEATURES = [
  "jaccard",
  "jaccard_500",
  "confidence",
  "decayed_50",
  "decayed_200",
  "decayed_800",
  "test_pair",
  "chat",
  "message_identifiers",
  "message_files",
] as const;
export type SparseName = typeof SPARSE_FEATURES[number];

/** Dense features of a query, by name. */
export const DENSE_FEATURES = [
  "path_proximity",
  "bm25_paths",
  "bm25_identifiers",
  "message_bm25_paths",
  "message_bm25_identifiers",
] as const;
export type DenseName = typeof DENSE_FEATURES[number];

/** Dense features are whole numbers 0..DENSE_LEVELS standing for 0..1: fine enough to rank by, small enough for look-up tables. */
export const DENSE_LEVELS = 1023;

/** Which evidence a query may use. "seed": the seed file and the session. "message": the commit subject as well. */
export const QUERY_MODES = ["seed", "message"] as const;
export type QueryMode = typeof QUERY_MODES[number];

/** One question to a snapshot: given this file (and, in message mode, this sentence), which files matter? */
export interface Query {
  readonly case_id: string;
  /** position of the seed file in the snapshot; it is never a candidate */
  readonly seed: number;
  /** hops from the seed in the undirected reference graph; UNREACHED where there is no path; 0 for the seed */
  readonly hops: Uint8Array;
  readonly sparse: Readonly<Record<SparseName, SparseFeature>>;
  /** codes 0..DENSE_LEVELS, one a file */
  readonly dense: Readonly<Record<DenseName, Uint16Array>>;
}

/** A snapshot with the queries asked of it: the unit of storage and of streaming. */
export interface SnapshotBlock {
  readonly snapshot: Snapshot;
  readonly queries: readonly Query[];
}
