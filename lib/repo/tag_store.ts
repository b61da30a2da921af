/** Tags of many blobs in memory, packed; a blob's tags are unpacked when asked for. */
import { type BlobTags, emptyTags, type ParseStatus } from "./blob_tags.ts";
import { grammarKey } from "./grammar_packages.ts";
import { type Language, LANGUAGES } from "./languages.ts";
import { SegmentReader } from "./tag_segment.ts";

/** Key of tags that no grammar took part in. */
const TEXT_KEY = "text";

/** The record key of a language today: what its tags depend on. */
export function recordKey(language: Language | undefined): string {
  return language === undefined ? TEXT_KEY : grammarKey(language);
}

/**
 * Tags by blob and language. The same bytes under two languages (a file renamed from .js to .ts) are two entries.
 *
 * About 1 to 3 KB a blob. Each `get` unpacks anew, so keep what you use more than once.
 */
export class TagStore {
  #places = new Map<string, { segment: SegmentReader; offset: number }>();
  #known = new Map<string, BlobTags>();
  #languages = new Map<string, Language | undefined>(
    [undefined, ...LANGUAGES].map((language) => [recordKey(language), language]),
  );

  /** Takes in a segment. Records of other grammar versions, and blobs already known, are left out. */
  add(bytes: Uint8Array): void {
    const segment = new SegmentReader(bytes);
    for (const { sha, key, offset } of segment.entries()) {
      if (!this.#languages.has(key)) continue;
      const name = nameOf(sha, this.#languages.get(key));
      if (!this.#places.has(name)) this.#places.set(name, { segment, offset });
    }
  }

  /** Notes a blob that has no tags, and why, for as long as this store lives. */
  note(sha: string, language: Language | undefined, status: ParseStatus): void {
    this.#known.set(nameOf(sha, language), emptyTags(status));
  }

  /** Tags of a blob read as a language (as `languageOf(path)` gives it), or undefined when it was never extracted. */
  get(sha: string, language: Language | undefined): BlobTags | undefined {
    const name = nameOf(sha, language);
    const place = this.#places.get(name);
    return place === undefined ? this.#known.get(name) : place.segment.tagsAt(place.offset);
  }

  /** Whether {@link get} would give tags, at the cost of a look-up. */
  has(sha: string, language: Language | undefined): boolean {
    const name = nameOf(sha, language);
    return this.#places.has(name) || this.#known.has(name);
  }

  /** Number of blobs, counted once a language. */
  get size(): number {
    return this.#places.size + this.#known.size;
  }
}

function nameOf(sha: string, language: Language | undefined): string {
  return language === undefined ? sha : `${sha} ${language}`;
}
