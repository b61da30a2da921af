/** Tags of the files of one working tree with every string numbered, kept on disk so that the next look costs milliseconds. */
import { type BlobTags, EXTRACTOR_VERSION } from "../repo/blob_tags.ts";
import { languageOf } from "../repo/languages.ts";
import { recordKey } from "../repo/tag_store.ts";
import type { TreeFile } from "../repo/tree.ts";
import type { WorkTree } from "../repo/work_tree.ts";
import { readCheckedPack, writeCheckedPack } from "./checked_pack.ts";
import type { CompactTags } from "./vocabulary.ts";

/** Version of the layout; the extractor's and the grammars' are part of each file's key. */
const LAYOUT_VERSION = 1;

/** One definition of a file: its name, what it is, and its 1-based line. */
export interface WorkDefinition {
  readonly name: string;
  readonly kind: string;
  readonly line: number;
}

/** Tags of every file of a tree, in the order of the files. */
export class WorkTags {
  constructor(
    readonly files: readonly TreeFile[],
    readonly names: readonly string[],
    readonly words: readonly string[],
    private readonly kinds: readonly string[],
    private readonly entries: readonly FileTags[],
  ) {}

  /** As the graph and the text index take them. */
  get compact(): readonly CompactTags[] {
    return this.entries;
  }

  /** Definitions of a file, in the order of the text. */
  definitionsOf(file: number): WorkDefinition[] {
    const { definitionNames, definitionKinds, definitionLines } = this.entries[file]!;
    return Array.from(definitionNames, (name, i) => ({
      name: this.names[name]!,
      kind: this.kinds[definitionKinds[i]!]!,
      line: definitionLines[i]!,
    }));
  }
}

/** Numbered tags of one file; `definitions` holds each name once, `definitionNames` every place. */
interface FileTags extends CompactTags {
  readonly definitionNames: Uint32Array;
  readonly definitionKinds: Uint32Array;
  readonly definitionLines: Uint32Array;
}

/** What a file's tags depend on. */
const keyOf = ({ path, blob }: TreeFile): string =>
  `${blob} ${recordKey(languageOf(path))} ${EXTRACTOR_VERSION}`;

/**
 * Tags of a working tree: from the pack at `file` where it has them, the rest parsed now and the pack written anew.
 *
 * Changed files are read from what stands on the disk. A damaged pack is made again.
 */
export async function readWorkTags(
  tree: WorkTree,
  file: string,
  options: { readonly signal?: AbortSignal; readonly onProgress?: (done: number, total: number) => void } =
    {},
): Promise<WorkTags> {
  const kept = readPack(file), keys = tree.files.map(keyOf);
  if (kept && kept.keys.length === keys.length && keys.every((key, i) => key === kept.keys[i])) {
    return new WorkTags(tree.files, kept.names, kept.words, kept.kinds, kept.entries);
  }
  const known = new Map(kept?.keys.map((key, i) => [key, i]));
  const parsed = await parseMissing(tree, tree.files.filter((_, i) => !known.has(keys[i]!)), options);
  const names = new Numbered(), words = new Numbered(), kinds = new Numbered();
  const entries = tree.files.map((_, i): FileTags => {
    const place = known.get(keys[i]!);
    return place === undefined
      ? number(parsed.get(keys[i]!)!, names, words, kinds)
      : renumber(kept!, place, names, words, kinds);
  });
  const tags = { keys, names: names.texts, words: words.texts, kinds: kinds.texts, entries };
  writePack(file, tags);
  return new WorkTags(tree.files, tags.names, tags.words, tags.kinds, entries);
}

async function parseMissing(
  tree: WorkTree,
  missing: readonly TreeFile[],
  options: { readonly signal?: AbortSignal; readonly onProgress?: (done: number, total: number) => void },
): Promise<Map<string, BlobTags>> {
  const found = new Map<string, BlobTags>();
  const stored = missing.filter(({ path }) => !tree.changed.has(path));
  if (stored.length > 0) {
    const chains = stored.map(({ path, blob }) => ({ path, language: languageOf(path), shas: [blob] }));
    // Parsers are loaded only when there is something to parse: a warm look must not pay for them.
    const { extractTags } = await import("../repo/extract_tags.ts");
    const store = await extractTags(tree.dir, chains, {
      ...(options.signal ? { signal: options.signal } : {}),
      onProgress: ({ done, total }) => options.onProgress?.(done, total),
    });
    for (const f of stored) found.set(keyOf(f), store.get(f.blob, languageOf(f.path))!);
  }
  const fresh = missing.filter(({ path }) => tree.changed.has(path));
  if (fresh.length === 0) return found;
  const { extractBlobTags } = await import("../repo/tags.ts");
  for (const f of fresh) {
    const bytes = tree.changed.get(f.path);
    if (bytes !== undefined) found.set(keyOf(f), await extractBlobTags(bytes, languageOf(f.path)));
  }
  return found;
}

/** Texts numbered in the order first seen. */
class Numbered {
  readonly #ids = new Map<string, number>();
  readonly texts: string[] = [];

  of(text: string): number {
    let id = this.#ids.get(text);
    if (id === undefined) {
      this.#ids.set(text, id = this.texts.length);
      this.texts.push(text);
    }
    return id;
  }
}

function number(tags: BlobTags, names: Numbered, words: Numbered, kinds: Numbered): FileTags {
  const definitionNames = Uint32Array.from(tags.definitions, ([name]) => names.of(name));
  const wordCounts = Uint32Array.from(tags.identifiers, ([, count]) => count);
  return {
    definitions: new Uint32Array(new Set(definitionNames)),
    definitionNames,
    definitionKinds: Uint32Array.from(tags.definitions, ([, kind]) => kinds.of(kind)),
    definitionLines: Uint32Array.from(tags.definitions, ([, , line]) => line),
    references: Uint32Array.from(tags.references, ([name]) => names.of(name)),
    counts: Uint32Array.from(tags.references, ([, count]) => count),
    imports: tags.imports,
    words: Uint32Array.from(tags.identifiers, ([word]) => words.of(word)),
    wordCounts,
    length: wordCounts.reduce((sum, count) => sum + count, 0),
  };
}

interface Kept {
  readonly keys: readonly string[];
  readonly names: readonly string[];
  readonly words: readonly string[];
  readonly kinds: readonly string[];
  readonly entries: readonly FileTags[];
}

function renumber(kept: Kept, place: number, names: Numbered, words: Numbered, kinds: Numbered): FileTags {
  const entry = kept.entries[place]!;
  const definitionNames = entry.definitionNames.map((id) => names.of(kept.names[id]!));
  return {
    ...entry,
    definitionNames,
    definitions: new Uint32Array(new Set(definitionNames)),
    definitionKinds: entry.definitionKinds.map((id) => kinds.of(kept.kinds[id]!)),
    references: entry.references.map((id) => names.of(kept.names[id]!)),
    words: entry.words.map((id) => words.of(kept.words[id]!)),
  };
}

const LISTS = [
  "definitionNames",
  "definitionKinds",
  "definitionLines",
  "references",
  "counts",
  "words",
  "wordCounts",
] as const;
type ListName = typeof LISTS[number];

function writePack(file: string, { keys, names, words, kinds, entries }: Kept): void {
  const arrays: Record<string, Uint32Array> = {};
  for (const list of LISTS) {
    const offsets = new Uint32Array(entries.length + 1);
    entries.forEach((entry, i) => offsets[i + 1] = offsets[i]! + entry[list].length);
    const all = new Uint32Array(offsets[entries.length]!);
    entries.forEach((entry, i) => all.set(entry[list], offsets[i]!));
    arrays[list] = all;
    arrays[`${list}/offsets`] = offsets;
  }
  const imports = entries.map((entry) => entry.imports);
  writeCheckedPack(file, LAYOUT_VERSION, { keys, names, words, kinds, imports }, arrays);
}

function readPack(file: string): Kept | undefined {
  const found = readCheckedPack(file, LAYOUT_VERSION);
  if (found === undefined) return undefined;
  const { arrays } = found;
  const head = found.head as Omit<Kept, "entries"> & { readonly imports: readonly (readonly string[])[] };
  const list = (name: ListName, i: number): Uint32Array => {
    const offsets = arrays[`${name}/offsets`] as Uint32Array;
    return (arrays[name] as Uint32Array).subarray(offsets[i]!, offsets[i + 1]!);
  };
  const entries = head.imports.map((imports, i): FileTags => {
    const lists = Object.fromEntries(LISTS.map((name) => [name, list(name, i)])) as Record<
      ListName,
      Uint32Array
    >;
    return {
      ...lists,
      imports,
      definitions: new Uint32Array(new Set(lists.definitionNames)),
      length: lists.wordCounts.reduce((sum, count) => sum + count, 0),
    };
  });
  return { keys: head.keys, names: head.names, words: head.words, kinds: head.kinds, entries };
}
