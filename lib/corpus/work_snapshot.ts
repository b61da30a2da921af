/** A working tree as the rankers see a case: the same features, of the tree as it stands and the history behind its head. */
import {
  DENSE_LEVELS,
  type DenseName,
  type LayerName,
  type Query,
  type Snapshot,
  type SparseFeature,
  type SparseName,
  UNREACHED,
} from "../records/snapshot.ts";
import { subtokens } from "../repo/identifiers.ts";
import { cochangeLayer, type Coupling, couplingOf } from "./cochange.ts";
import { hopsFrom } from "./hops.ts";
import { ImportResolver } from "./import_graph.ts";
import { mentionedFiles } from "./mentions.ts";
import { depthClass, type PathFacts, pathProximity, PathTable, semanticLayer } from "./path_facts.ts";
import { bagOf, TextIndex } from "./text_index.ts";
import type { WorkIndex } from "./work_index.ts";

/** A file the query stands on, and how firmly, in (0, 1]. */
export interface Anchor {
  /** position in the snapshot */
  readonly file: number;
  readonly weight: number;
}

/** What is asked of a working tree. */
export interface WorkQuery {
  /** The files everything is measured from, strongest first; at least one. The first is the query's seed */
  readonly anchors: readonly Anchor[];
  /** Files open in the session */
  readonly chat: readonly number[];
  /** How much each file is what the text speaks of, in [0, 1]; absent where there is no text */
  readonly mentions?: ArrayLike<number>;
  /** The words of the query; "" for none */
  readonly text: string;
}

/** A working tree ready to be asked. What a formula does not look at is never computed. */
export class WorkSnapshot {
  readonly snapshot: Snapshot;
  #known: readonly PathFacts[] | undefined;
  readonly #paths = new PathTable();
  readonly #ids: Int32Array;
  readonly #positionOf: Int32Array;
  readonly #activity: ReturnType<WorkIndex["history"]["activityAt"]>;
  #pathIndex: TextIndex | undefined;
  #wordIndex: TextIndex | undefined;

  /** @param now_s Unix seconds: the moment recency is counted to */
  constructor(readonly index: WorkIndex, now_s: number) {
    const { tree, tags, history } = index;
    const files = tree.files.map(({ path }) => path), n = files.length;
    this.#ids = Int32Array.from(files, history.identity);
    this.#positionOf = new Int32Array(history.nFiles).fill(-1);
    this.#ids.forEach((id, i) => {
      if (id >= 0) this.#positionOf[id] = i;
    });
    const activity = this.#activity = history.activityAt(now_s);
    const pick = (values: Uint16Array | Int32Array, none: number) =>
      Uint16Array.from(this.#ids, (id) => id < 0 ? none : Math.min(65535, values[id]!));
    this.snapshot = {
      repo: tree.dir,
      commit: tree.head,
      parent: tree.head,
      now_s,
      files,
      depth_class: Uint8Array.from(files, depthClass),
      days: pick(activity.days, 65535),
      churn: pick(activity.churn, 0),
      author_days: pick(activity.author_days, 65535),
      layers: lazily<Snapshot["layers"]>(
        {
          references: () => tags.graph.references,
          references_idf: () => tags.graph.references_idf,
          imports: () => new ImportResolver().layer(files, tags.compact),
          cochange: () => cochangeLayer(history.rows, history.ancestry, this.#positionOf, n),
          semantic: () => semanticLayer(this.#facts),
        } satisfies Record<LayerName, () => unknown>,
      ),
    };
  }

  get #facts(): readonly PathFacts[] {
    return this.#known ??= this.snapshot.files.map((file) => this.#paths.of(file));
  }

  /** Neighbours of every file in the reference graph, directions forgotten. */
  get neighbours(): readonly Uint32Array[] {
    return this.index.tags.graph.neighbours;
  }

  /**
   * The features of a query.
   *
   * With one anchor of weight 1 they are those of a case with that seed. With several, each file has its best value over the
   * anchors, each value times its anchor's weight; hops count from the nearest anchor of at least half the first one's weight.
   * An anchor couples with itself, so that it is not the only file without a coupling.
   * @throws {RangeError} without an anchor
   */
  query({ anchors, chat, mentions, text }: WorkQuery): Query {
    const first = anchors[0];
    if (first === undefined) throw new RangeError("Cannot query a working tree without an anchor");
    const n = this.snapshot.files.length, several = anchors.length > 1;
    const couplings = memo(() => anchors.map(({ file }) => this.#couplingOf(file)));
    const coupling = (name: keyof Coupling): SparseFeature => {
      const best = new Map<number, number>();
      anchors.forEach(({ file, weight }, a) => {
        const { index, values } = couplings()[a]![name];
        index.forEach((i, k) => best.set(i, Math.max(best.get(i) ?? 0, weight * values[k]!)));
        if (several) best.set(file, Math.max(best.get(file) ?? 0, weight));
      });
      return sparse(best);
    };
    const words = memo(() =>
      text.split(/[^A-Za-z0-9_\u0080-\uffff]+/).flatMap((word) => [...subtokens(word)])
    );
    const wordIds = memo(() => new Map(this.index.tags.words.map((word, i) => [word, i])));
    const strong = anchors.filter(({ weight }) => weight >= first.weight / 2).map(({ file }) => file);
    return {
      case_id: text,
      seed: first.file,
      hops: hopsFromAll(this.neighbours, strong),
      sparse: lazily<Query["sparse"]>(
        {
          jaccard: () => coupling("jaccard"),
          jaccard_500: () => coupling("jaccard_500"),
          confidence: () => coupling("confidence"),
          decayed_50: () => coupling("decayed_50"),
          decayed_200: () => coupling("decayed_200"),
          decayed_800: () => coupling("decayed_800"),
          test_pair: () => {
            const pairs = new Map<number, number>();
            for (const { file } of anchors) {
              const { stem, isTest } = this.#facts[file]!;
              this.#facts.forEach((f, i) => f.stem === stem && f.isTest !== isTest && pairs.set(i, 1));
            }
            return sparse(pairs);
          },
          chat: () => sparse(new Map(chat.map((file) => [file, 1]))),
          message_identifiers: () =>
            sparse(new Map(Array.from(mentions ?? [], (weight, i) => [i, weight] as const))),
          message_files: () => sparse(mentionedFiles(text, this.snapshot.files)),
        } satisfies Record<SparseName, () => SparseFeature>,
      ),
      dense: lazily<Query["dense"]>(
        {
          path_proximity: () =>
            Uint16Array.from({ length: n }, (_, i) =>
              Math.round(
                DENSE_LEVELS *
                  Math.max(
                    ...anchors.map(({ file, weight }) =>
                      weight * pathProximity(this.#facts[file]!.folders, this.#facts[i]!.folders)
                    ),
                  ),
              )),
          bm25_paths: () =>
            this.#byPaths().scores(
              anchors.flatMap(({ file }) => this.#facts[file]!.words),
              first.file,
            ),
          bm25_identifiers: () =>
            this.#byWords().scores(
              anchors.flatMap(({ file }) =>
                this.#byWords().queryOf(file, (word) => this.index.tags.words[word]!)
              ),
              first.file,
            ),
          message_bm25_paths: () => this.#byPaths().scores(words().map((word) => this.#paths.word(word)), -1),
          message_bm25_identifiers: () =>
            this.#byWords().scores(words().map((word) => wordIds().get(word) ?? -1), -1),
        } satisfies Record<DenseName, () => Uint16Array>,
      ),
    };
  }

  #couplingOf(file: number): Coupling {
    const { rows, ancestry } = this.index.history;
    return couplingOf(rows, ancestry, this.#activity, this.#ids[file]!, this.#positionOf);
  }

  #byPaths(): TextIndex {
    return this.#pathIndex ??= new TextIndex(this.#facts.map((f) => bagOf(f.words)), this.#paths.nWords);
  }

  #byWords(): TextIndex {
    const { compact, words } = this.index.tags;
    return this.#wordIndex ??= new TextIndex(compact, words.length);
  }
}

function memo<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** An object whose fields are made when first read. */
function lazily<T extends object>(makers: { readonly [K in keyof T]: () => T[K] }): T {
  const object = {} as T;
  for (const [name, make] of Object.entries(makers) as [string, () => unknown][]) {
    Object.defineProperty(object, name, { enumerable: true, get: memo(make) });
  }
  return object;
}

function sparse(values: ReadonlyMap<number, number>): SparseFeature {
  const kept = [...values].filter(([, value]) => value > 0).sort((a, b) => a[0] - b[0]);
  return { index: Uint32Array.from(kept, (k) => k[0]), values: Float32Array.from(kept, (k) => k[1]) };
}

/** Hops from the nearest of some files. */
function hopsFromAll(neighbours: readonly Iterable<number>[], files: readonly number[]): Uint8Array {
  const all = files.map((file) => hopsFrom(neighbours, file, UNREACHED));
  return all.length === 1 ? all[0]! : all.reduce((a, b) => a.map((hops, i) => Math.min(hops, b[i]!)));
}
