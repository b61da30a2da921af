/** BM25 over the files of one tree: documents are bags of numbered words. */
import { DENSE_LEVELS } from "../records/snapshot.ts";

/** Bag of words of one document: distinct words with counts, and their sum. */
export interface Bag {
  readonly words: Uint32Array;
  readonly wordCounts: Uint32Array;
  readonly length: number;
}

const K1 = 1.2;
const B = 0.75;

/** Words of a seed file that make its query, the heaviest by count x idf. */
const QUERY_WORDS = 40;

/**
 * An index of one tree's documents.
 *
 * score(d) = sum over query words of idf(w) * tf (k1 + 1) / (tf + k1 (1 - b + b |d| / mean)), with k1 = 1.2, b = 0.75 and
 * idf(w) = ln(1 + (N - df + 0.5) / (df + 0.5)). Source: Robertson and Zaragoza 2009, the always-positive idf of Lucene.
 */
export class TextIndex {
  readonly #df: Uint32Array;
  readonly #meanLength: number;
  /** query weight of every word; all zero between queries */
  readonly #query: Float64Array;

  constructor(private readonly documents: readonly Bag[], nWords: number) {
    this.#df = new Uint32Array(nWords);
    this.#query = new Float64Array(nWords);
    let length = 0;
    for (const { words, length: l } of documents) {
      for (const word of words) this.#df[word]!++;
      length += l;
    }
    this.#meanLength = Math.max(1, length / Math.max(1, documents.length));
  }

  #idf(word: number): number {
    const df = this.#df[word]!;
    return Math.log(1 + (this.documents.length - df + 0.5) / (df + 0.5));
  }

  /** The words that tell a document apart: its QUERY_WORDS heaviest by count x idf (ties: by `text`, never by number). */
  queryOf(document: number, text: (word: number) => string): number[] {
    const { words, wordCounts } = this.documents[document]!;
    const weighed = [...words].map((word, i) => ({ word, weight: wordCounts[i]! * this.#idf(word) }));
    weighed.sort((a, b) => b.weight - a.weight || (text(a.word) < text(b.word) ? -1 : 1));
    return weighed.slice(0, QUERY_WORDS).map(({ word }) => word);
  }

  /** Scores all documents for distinct query words, as codes scaled so that the best document other than `except` has DENSE_LEVELS; all 0 without a match. */
  scores(query: Iterable<number>, except: number): Uint16Array {
    const asked = [...new Set(query)].filter((word) => word >= 0 && word < this.#query.length);
    for (const word of asked) this.#query[word] = this.#idf(word);
    const scores = new Float64Array(this.documents.length);
    let best = 0;
    for (let d = 0; d < this.documents.length; d++) {
      const { words, wordCounts, length } = this.documents[d]!;
      const norm = K1 * (1 - B + B * length / this.#meanLength);
      let score = 0;
      for (let i = 0; i < words.length; i++) {
        const weight = this.#query[words[i]!]!;
        if (weight > 0) score += weight * wordCounts[i]! * (K1 + 1) / (wordCounts[i]! + norm);
      }
      scores[d] = score;
      if (d !== except && score > best) best = score;
    }
    for (const word of asked) this.#query[word] = 0;
    return Uint16Array.from(scores, (s) => best > 0 ? Math.round(DENSE_LEVELS * Math.min(1, s / best)) : 0);
  }
}

/** Makes a bag of word numbers. */
export function bagOf(words: Iterable<number>): Bag {
  const counts = new Map<number, number>();
  let length = 0;
  for (const word of words) {
    counts.set(word, (counts.get(word) ?? 0) + 1);
    length++;
  }
  return { words: Uint32Array.from(counts.keys()), wordCounts: Uint32Array.from(counts.values()), length };
}
