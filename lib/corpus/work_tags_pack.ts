/** Tags of a working tree and the graph they make, as they lie on the disk. */
import type { PackedArray } from "../base/pack.ts";
import { readCheckedPack, writeCheckedPack } from "./checked_pack.ts";
import type { ReferenceGraph } from "./reference_graph.ts";
import type { CompactTags } from "./vocabulary.ts";

/** Version of the layout; the extractor's and the grammars' are part of each file's key. */
const LAYOUT_VERSION = 2;

/** The reference graph of a tree, kept beside its tags. */
export interface WorkGraph extends ReferenceGraph {
  /** Neighbours of every file with directions forgotten */
  readonly neighbours: readonly Uint32Array[];
}

/** Numbered tags of one file; `definitions` holds each name once, `definitionNames` every place. */
export interface FileTags extends CompactTags {
  readonly definitionNames: Uint32Array;
  readonly definitionKinds: Uint32Array;
  readonly definitionLines: Uint32Array;
}

/** Tags of every file with the texts they number. */
export interface KeptTags {
  /** What each file's tags depend on: its blob and everything that reads it */
  readonly keys: readonly string[];
  readonly names: readonly string[];
  readonly words: readonly string[];
  readonly kinds: readonly string[];
  readonly entries: readonly FileTags[];
}

const LISTS = [
  "definitions",
  "definitionNames",
  "definitionKinds",
  "definitionLines",
  "references",
  "counts",
  "words",
  "wordCounts",
] as const;
type ListName = typeof LISTS[number];

/** Writes tags and their graph, atomically. */
export async function writeTagsPack(
  file: string,
  { keys, names, words, kinds, entries }: KeptTags,
  { references, references_idf, neighbours }: WorkGraph,
): Promise<void> {
  const arrays: Record<string, PackedArray> = {};
  for (const list of LISTS) addRows(arrays, list, entries.map((entry) => entry[list]));
  addRows(arrays, "neighbours", neighbours);
  arrays["length"] = Uint32Array.from(entries, (entry) => entry.length);
  arrays["graph/offsets"] = references.offsets;
  arrays["graph/targets"] = references.targets;
  arrays["graph/weights"] = references.weights;
  arrays["graph/idf"] = references_idf.weights;
  const imports = entries.map((entry) => entry.imports);
  await writeCheckedPack(file, LAYOUT_VERSION, { keys, names, words, kinds, imports }, arrays);
}

/** Rows of unequal length as one array and where each begins. */
function addRows(arrays: Record<string, PackedArray>, name: string, rows: readonly Uint32Array[]): void {
  const offsets = new Uint32Array(rows.length + 1);
  rows.forEach((row, i) => offsets[i + 1] = offsets[i]! + row.length);
  const all = new Uint32Array(offsets[rows.length]!);
  rows.forEach((row, i) => all.set(row, offsets[i]!));
  arrays[name] = all;
  arrays[`${name}/offsets`] = offsets;
}

/** Reads tags and their graph; undefined when there are none, or they are of another layout, cut off or damaged. */
export async function readTagsPack(
  file: string,
): Promise<(KeptTags & { readonly graph: () => WorkGraph }) | undefined> {
  const found = await readCheckedPack(file, LAYOUT_VERSION);
  if (found === undefined) return undefined;
  const { keys, names, words, kinds, imports } = found.head as Omit<KeptTags, "entries"> & {
    readonly imports: readonly (readonly string[])[];
  };
  const arrays = found.arrays as Readonly<Record<string, Uint32Array>>;
  const rows = new PackedRows(arrays);
  return {
    keys,
    names,
    words,
    kinds,
    entries: imports.map((imports, i) => new PackedTags(rows, i, imports)),
    graph: () => {
      const shared = { offsets: arrays["graph/offsets"]!, targets: arrays["graph/targets"]! };
      const weights = (name: string) => arrays[name] as unknown as Float32Array;
      return {
        references: { ...shared, weights: weights("graph/weights") },
        references_idf: { ...shared, weights: weights("graph/idf") },
        neighbours: imports.map((_, i) => rows.of("neighbours", i)),
      };
    },
  };
}

/** Rows of a pack. */
class PackedRows {
  constructor(readonly arrays: Readonly<Record<string, Uint32Array>>) {}

  of(name: ListName | "neighbours", i: number): Uint32Array {
    const offsets = this.arrays[`${name}/offsets`]!;
    return this.arrays[name]!.subarray(offsets[i]!, offsets[i + 1]!);
  }
}

/** Tags of one file in a pack. A list is cut out when it is asked for: most queries look at few of them. */
class PackedTags implements FileTags {
  constructor(
    private readonly rows: PackedRows,
    private readonly i: number,
    readonly imports: readonly string[],
  ) {}

  get definitions(): Uint32Array {
    return this.rows.of("definitions", this.i);
  }

  get definitionNames(): Uint32Array {
    return this.rows.of("definitionNames", this.i);
  }

  get definitionKinds(): Uint32Array {
    return this.rows.of("definitionKinds", this.i);
  }

  get definitionLines(): Uint32Array {
    return this.rows.of("definitionLines", this.i);
  }

  get references(): Uint32Array {
    return this.rows.of("references", this.i);
  }

  get counts(): Uint32Array {
    return this.rows.of("counts", this.i);
  }

  get words(): Uint32Array {
    return this.rows.of("words", this.i);
  }

  get wordCounts(): Uint32Array {
    return this.rows.of("wordCounts", this.i);
  }

  get length(): number {
    return this.rows.arrays["length"]![this.i]!;
  }
}
