/** What is extracted from one blob: the names it defines and uses, what it imports, and the words of its identifiers. */

/**
 * How a blob was read. Only "ok" and "no_grammar" carry content.
 *
 * - `ok`: parsed; every list may still be empty.
 * - `no_grammar`: text of a language without a grammar: identifiers only.
 * - `binary`: a NUL in the first 8,000 bytes.
 * - `too_large`: more than {@link MAX_BLOB_BYTES} bytes.
 * - `undecodable`: not UTF-8.
 * - `unparsable`: the parser gave up within its work limit, or failed.
 * - `missing`: the repository does not hold the blob (a partial or damaged clone). Never cached.
 */
export const PARSE_STATUSES = [
  "ok",
  "no_grammar",
  "binary",
  "too_large",
  "undecodable",
  "unparsable",
  "missing",
] as const;
export type ParseStatus = typeof PARSE_STATUSES[number];

/** A name defined in a blob. `line` is 1-based and is the line of the name itself. */
export type Definition = readonly [name: string, kind: string, line: number];

/** Something that occurs `count` ≥ 1 times. */
export type Counted = readonly [text: string, count: number];

/** Tags, imports and identifiers of one blob. Lists are in the order of first appearance in the text. */
export interface BlobTags {
  readonly parsed: ParseStatus;
  /** One entry a defining name in the text, so a name defined twice stands here twice. */
  readonly definitions: readonly Definition[];
  /** Names used (called, constructed, implemented, ...), with the number of places. */
  readonly references: readonly Counted[];
  /** Module specifiers as written, distinct; `imports.ts` says per language how they are spelled. */
  readonly imports: readonly string[];
  /** Lower-case words of identifiers with their number of occurrences; `identifiers.ts` has the definition. */
  readonly identifiers: readonly Counted[];
}

/** Blobs larger than this are recorded as "too_large" and not read further. Bytes. */
export const MAX_BLOB_BYTES = 400 * 1024;

/** Bytes looked at for a NUL, as git does. */
export const BINARY_SNIFF_BYTES = 8000;

/**
 * Version of everything that decides a {@link BlobTags} besides the grammar packages. Raise it with any change to
 * queries, identifiers, imports or limits; cached tags of other versions are then ignored.
 */
export const EXTRACTOR_VERSION = 1;

/** Tags of a blob that has none, and why. */
export function emptyTags(parsed: ParseStatus): BlobTags {
  return { parsed, definitions: [], references: [], imports: [], identifiers: [] };
}
