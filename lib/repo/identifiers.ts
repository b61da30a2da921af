/** Words of the identifiers in a text: the vocabulary BM25 ranks by. */
import type { Counted } from "./blob_tags.ts";

/** Over-approximates an identifier cheaply; {@link subtokens} splits off what is no letter. */
const WORD = /[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*/g;

/** A capital run before a capitalised word (HTTP|Server), a capitalised or small word, or letters without case. */
const PART = /\p{Lu}+(?!\p{Ll})|\p{Lu}?\p{Ll}+|\p{Lo}+/gu;

/** Identifiers longer than this are generated data (hashes, encoded blobs), not words anyone chose. UTF-16 units. */
const MAX_WORD = 80;

/** Splitting is memoised, since the same identifiers return in every version of a file; cleared at this size. */
const MEMO_LIMIT = 100_000;
const memo = new Map<string, readonly string[]>();

/**
 * Splits one identifier at underscores, case changes and digits: `parseHTTPHeader_v2` gives parse, http, header.
 *
 * Parts are lower case and at least two UTF-16 units long; single letters and digits are dropped.
 */
export function subtokens(identifier: string): readonly string[] {
  const known = memo.get(identifier);
  if (known !== undefined) return known;
  const parts: string[] = [];
  if (identifier.length <= MAX_WORD) {
    for (const [part] of identifier.matchAll(PART)) if (part.length >= 2) parts.push(part.toLowerCase());
  }
  if (memo.size >= MEMO_LIMIT) memo.clear();
  memo.set(identifier, parts);
  return parts;
}

/**
 * Counts the subtokens of every identifier-like word of a text, comments and strings included, in the order of first
 * appearance. Whole words found in `keywords` are left out; a keyword inside a compound (`returnValue`) is kept.
 */
export function identifiersOf(text: string, keywords: ReadonlySet<string>): Counted[] {
  const words = new Map<string, number>();
  for (const word of text.match(WORD) ?? []) words.set(word, (words.get(word) ?? 0) + 1);
  const counts = new Map<string, number>();
  for (const [word, count] of words) {
    if (keywords.has(word)) continue;
    for (const part of subtokens(word)) counts.set(part, (counts.get(part) ?? 0) + count);
  }
  return [...counts];
}
