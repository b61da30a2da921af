/** Tags of the files of one working tree with every string numbered, kept on disk so that the next look costs milliseconds. */
import { type BlobTags, EXTRACTOR_VERSION } from "../repo/blob_tags.ts";
import { languageOf } from "../repo/languages.ts";
import { recordKey } from "../repo/tag_store.ts";
import type { TreeFile } from "../repo/tree.ts";
import type { WorkTree } from "../repo/work_tree.ts";
import { undirected } from "./hops.ts";
import { referenceGraph } from "./reference_graph.ts";
import type { CompactTags } from "./vocabulary.ts";
import {
  type FileTags,
  type KeptTags,
  readTagsPack,
  type WorkGraph,
  writeTagsPack,
} from "./work_tags_pack.ts";

/** One definition of a file: its name, what it is, and its 1-based line. */
export interface WorkDefinition {
  readonly name: string;
  readonly kind: string;
  readonly line: number;
}

/** Tags of every file of a tree, in the order of the files, and the graph they make. */
export class WorkTags {
  #graph: WorkGraph | undefined;

  constructor(
    readonly files: readonly TreeFile[],
    private readonly kept: Pick<KeptTags, "names" | "words" | "kinds" | "entries">,
    private readonly drawGraph: () => WorkGraph,
  ) {}

  get names(): readonly string[] {
    return this.kept.names;
  }

  get words(): readonly string[] {
    return this.kept.words;
  }

  /** As the graph and the text index take them. */
  get compact(): readonly CompactTags[] {
    return this.kept.entries;
  }

  /** Who uses what whom, and who is linked to whom. */
  get graph(): WorkGraph {
    return this.#graph ??= this.drawGraph();
  }

  /** Definitions of a file, in the order of the text. */
  definitionsOf(file: number): WorkDefinition[] {
    const { definitionNames, definitionKinds, definitionLines } = this.kept.entries[file]!;
    return Array.from(definitionNames, (name, i) => ({
      name: this.names[name]!,
      kind: this.kept.kinds[definitionKinds[i]!]!,
      line: definitionLines[i]!,
    }));
  }
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
  const kept = await readTagsPack(file), keys = tree.files.map(keyOf);
  if (kept && kept.keys.length === keys.length && keys.every((key, i) => key === kept.keys[i])) {
    return new WorkTags(tree.files, kept, kept.graph);
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
  const graph = drawGraph(tags);
  await writeTagsPack(file, tags, graph);
  return new WorkTags(tree.files, tags, () => graph);
}

function drawGraph({ entries, names }: Pick<KeptTags, "entries" | "names">): WorkGraph {
  const graph = referenceGraph(entries, names.length);
  return { ...graph, neighbours: undirected(graph.references).map((row) => Uint32Array.from(row)) };
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

function renumber(
  kept: KeptTags,
  place: number,
  names: Numbered,
  words: Numbered,
  kinds: Numbered,
): FileTags {
  const entry = kept.entries[place]!;
  const definitionNames = entry.definitionNames.map((id) => names.of(kept.names[id]!));
  return {
    imports: entry.imports,
    counts: entry.counts,
    wordCounts: entry.wordCounts,
    definitionLines: entry.definitionLines,
    length: entry.length,
    definitionNames,
    definitions: new Uint32Array(new Set(definitionNames)),
    definitionKinds: entry.definitionKinds.map((id) => kinds.of(kept.kinds[id]!)),
    references: entry.references.map((id) => names.of(kept.names[id]!)),
    words: entry.words.map((id) => words.of(kept.words[id]!)),
  };
}
