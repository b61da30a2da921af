/** Tags of many blobs with every string replaced by a number, so that a tree's graph and text index cost microseconds. */
import type { BlobTags } from "../repo/blob_tags.ts";
import type { Language } from "../repo/languages.ts";

/** One blob's tags by number. */
export interface CompactTags {
  /** distinct names defined */
  readonly definitions: Uint32Array;
  /** distinct names used, with how often */
  readonly references: Uint32Array;
  readonly counts: Uint32Array;
  readonly imports: readonly string[];
  /** distinct identifier words with how often, and their sum */
  readonly words: Uint32Array;
  readonly wordCounts: Uint32Array;
  readonly length: number;
}

const EMPTY: CompactTags = {
  definitions: new Uint32Array(0),
  references: new Uint32Array(0),
  counts: new Uint32Array(0),
  imports: [],
  words: new Uint32Array(0),
  wordCounts: new Uint32Array(0),
  length: 0,
};

/** Numbers names and words in the order first seen; the numbers never leave one extraction. */
export class Vocabulary {
  readonly #names = new Map<string, number>();
  readonly #words = new Map<string, number>();
  #texts: string[] = [];
  readonly #blobs = new Map<string, CompactTags>();

  get nNames(): number {
    return this.#names.size;
  }

  get nWords(): number {
    return this.#words.size;
  }

  /** Number of a name as defined or used in code, or -1. */
  name(text: string): number {
    return this.#names.get(text) ?? -1;
  }

  /** Number of an identifier word, or -1. */
  word(text: string): number {
    return this.#words.get(text) ?? -1;
  }

  /** The text of a word number. */
  wordText(word: number): string {
    if (this.#texts.length !== this.#words.size) this.#texts = [...this.#words.keys()];
    return this.#texts[word]!;
  }

  add(blob: string, language: Language | undefined, tags: BlobTags): void {
    const name = (text: string) => intern(this.#names, text);
    this.#blobs.set(`${blob} ${language}`, {
      definitions: Uint32Array.from(new Set(tags.definitions.map(([text]) => name(text)))),
      references: Uint32Array.from(tags.references, ([text]) => name(text)),
      counts: Uint32Array.from(tags.references, ([, count]) => count),
      imports: tags.imports,
      words: Uint32Array.from(tags.identifiers, ([text]) => intern(this.#words, text)),
      wordCounts: Uint32Array.from(tags.identifiers, ([, count]) => count),
      length: tags.identifiers.reduce((n, [, count]) => n + count, 0),
    });
  }

  /** Tags of a blob; empty where it could not be read (binary, too large, missing), which the extraction report counts. */
  of(blob: string, language: Language | undefined): CompactTags {
    return this.#blobs.get(`${blob} ${language}`) ?? EMPTY;
  }
}

function intern(table: Map<string, number>, text: string): number {
  let id = table.get(text);
  if (id === undefined) table.set(text, id = table.size);
  return id;
}
