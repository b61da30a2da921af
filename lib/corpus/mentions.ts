/** What a sentence names: identifiers that the tree defines and files that the tree holds. */
import type { SparseFeature } from "../records/snapshot.ts";
import type { CompactTags, Vocabulary } from "./vocabulary.ts";

const WORD = /[A-Za-z_][A-Za-z0-9_]{2,}/g;

/** File stems too common to be a mention when they stand alone in a sentence. */
const MIN_STEM = 4;
const GENERIC = new Set([
  "index",
  "main",
  "init",
  "test",
  "tests",
  "util",
  "utils",
  "type",
  "types",
  "lib",
  "core",
  "base",
  "common",
]);

/** Packs a map of position to value as a sparse feature without the seed. */
export function sparseOf(values: ReadonlyMap<number, number>, seed: number): SparseFeature {
  const kept = [...values].filter(([i, v]) => i !== seed && v > 0).sort((a, b) => a[0] - b[0]);
  return { index: Uint32Array.from(kept, (k) => k[0]), values: Float32Array.from(kept, (k) => k[1]) };
}

/** Files that define a word of the sentence, exactly and with its case: sum over such names of 1 / definers. */
export function mentionedIdentifiers(
  sentence: string,
  vocabulary: Vocabulary,
  tags: readonly CompactTags[],
): Map<number, number> {
  const names = new Set<number>();
  for (const [word] of sentence.matchAll(WORD)) {
    const name = vocabulary.name(word);
    if (name >= 0) names.add(name);
  }
  const values = new Map<number, number>();
  if (names.size === 0) return values;
  const definers = new Map<number, number[]>();
  tags.forEach((t, file) => {
    for (const name of t.definitions) {
      if (!names.has(name)) continue;
      const list = definers.get(name);
      if (list) list.push(file);
      else definers.set(name, [file]);
    }
  });
  for (const files of definers.values()) {
    for (const file of files) values.set(file, (values.get(file) ?? 0) + 1 / files.length);
  }
  return values;
}

/** Files the sentence names: by full path or file name (value 1), or by a stem of at least four letters as a word (value 0.5). */
export function mentionedFiles(sentence: string, files: readonly string[]): Map<number, number> {
  const text = sentence.toLowerCase();
  const words = new Set(text.match(/[a-z0-9_]+(?:[-.][a-z0-9_]+)*/g) ?? []);
  for (const word of [...words]) for (const part of word.split(/[.-]/)) words.add(part);
  // Names as written, without the punctuation around them: "see lib/a.py." names lib/a.py.
  const trim = (token: string) => token.replace(/^(?:\.\/|[^\p{L}\p{N}_./@])+|[^\p{L}\p{N}_]+$/gu, "");
  const pathLike = new Set(
    [...sentence.match(/[\w./-]+/g) ?? [], ...sentence.split(/\s+/)].map(trim).filter((t) => t !== ""),
  );
  const values = new Map<number, number>();
  files.forEach((file, i) => {
    const name = file.slice(file.lastIndexOf("/") + 1);
    const stem = name.replace(/\.[A-Za-z0-9]+$/, "").toLowerCase();
    if (pathLike.has(file) || (name.includes(".") && pathLike.has(name))) values.set(i, 1);
    else if (stem.length >= MIN_STEM && !GENERIC.has(stem) && words.has(stem)) values.set(i, 0.5);
  });
  return values;
}
