/** From a tree, its tags and the history that ends there to the block a ranker reads. The time law lives in the arguments. */
import type { DenseName, Query, Snapshot, SnapshotBlock, SparseName } from "../records/snapshot.ts";
import { DENSE_LEVELS, UNREACHED } from "../records/snapshot.ts";
import { tieOrder } from "../records/run.ts";
import type { TreeFile } from "../repo/tree.ts";
import { languageOf } from "../repo/languages.ts";
import { subtokens } from "../repo/identifiers.ts";
import type { Activity, Ancestry, HistoryIndex } from "./ancestry.ts";
import { cochangeLayer, couplingOf } from "./cochange.ts";
import type { ImportResolver } from "./import_graph.ts";
import { mentionedFiles, mentionedIdentifiers, sparseOf } from "./mentions.ts";
import { pathProximity, type PathTable, semanticLayer } from "./path_facts.ts";
import { referenceGraph } from "./reference_graph.ts";
import { bagOf, TextIndex } from "./text_index.ts";
import { hopsFrom, undirected } from "./hops.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** Everything a block is made from; nothing in it is younger than the parent but the subject and `now_s`. */
export interface BlockInput {
  readonly repo: string;
  readonly commit: string;
  readonly parent: string;
  readonly now_s: number;
  /** the case commit's first line: used by message features only */
  readonly subject: string;
  readonly tree: readonly TreeFile[];
  readonly vocabulary: Vocabulary;
  /** memories of the extraction: they save work and change nothing */
  readonly paths: PathTable;
  readonly imports: ImportResolver;
  readonly index: HistoryIndex;
  readonly ancestry: Ancestry;
  readonly activity: Activity;
  /** identity of a path at the parent */
  readonly identity: (path: string) => number;
  /** identities of files the author touched earlier in the session, newest first */
  readonly session: readonly number[];
  readonly seeds: readonly { case_id: string; path: string }[];
}

/** Builds the snapshot of a case commit and one query a seed. */
export function assembleBlock(input: BlockInput): SnapshotBlock {
  const { vocabulary, index, ancestry, activity } = input;
  const tree = Array.from(tieOrder(input.tree.map((f) => f.path)), (i) => input.tree[i]!);
  const files = tree.map((f) => f.path), n = files.length;
  const facts = files.map((file) => input.paths.of(file));
  const tags = tree.map((f) => vocabulary.of(f.blob, languageOf(f.path)));
  const ids = Int32Array.from(files, input.identity);
  const positionOf = new Int32Array(index.history.file_names.length).fill(-1);
  ids.forEach((id, i) => {
    if (id >= 0) positionOf[id] = i;
  });
  const graph = referenceGraph(tags, vocabulary.nNames);
  const pick = <A extends Uint16Array | Int32Array>(values: A, none: number) =>
    Uint16Array.from(ids, (id) => id < 0 ? none : Math.min(65535, values[id]!));
  const snapshot: Snapshot = {
    repo: input.repo,
    commit: input.commit,
    parent: input.parent,
    now_s: input.now_s,
    files,
    depth_class: Uint8Array.from(facts, (f) => f.depthClass),
    days: pick(activity.days, 65535),
    churn: pick(activity.churn, 0),
    author_days: pick(activity.author_days, 65535),
    layers: {
      ...graph,
      imports: input.imports.layer(files, tags),
      cochange: cochangeLayer(index, ancestry, positionOf, n),
      semantic: semanticLayer(facts),
    },
  };
  const neighbours = undirected(snapshot.layers.references);
  const words = new TextIndex(tags, vocabulary.nWords);
  const paths = new TextIndex(facts.map((f) => bagOf(f.words)), input.paths.nWords);
  const messageWords = input.subject.split(/[^A-Za-z0-9_\u0080-\uffff]+/).flatMap((
    word,
  ) => [...subtokens(word)]);
  const message = {
    identifiers: mentionedIdentifiers(input.subject, vocabulary, tags),
    files: mentionedFiles(input.subject, files),
    pathQuery: messageWords.map((word) => input.paths.word(word)),
    wordQuery: messageWords.map((word) => vocabulary.word(word)),
  };
  const at = new Map(files.map((file, i) => [file, i]));
  const queries = input.seeds.map(({ case_id, path }): Query => {
    const seed = at.get(path)!;
    const chat = new Map<number, number>();
    for (const id of input.session) if (positionOf[id]! >= 0) chat.set(positionOf[id]!, 1);
    const pairs = new Map<number, number>();
    for (let i = 0; i < n; i++) {
      if (facts[i]!.stem === facts[seed]!.stem && facts[i]!.isTest !== facts[seed]!.isTest) pairs.set(i, 1);
    }
    const sparse: Query["sparse"] = {
      ...couplingOf(index, ancestry, activity, ids[seed]!, positionOf),
      test_pair: sparseOf(pairs, seed),
      chat: sparseOf(chat, seed),
      message_identifiers: sparseOf(message.identifiers, seed),
      message_files: sparseOf(message.files, seed),
    } satisfies Record<SparseName, unknown>;
    const dense: Query["dense"] = {
      path_proximity: Uint16Array.from(
        facts,
        (f) => Math.round(DENSE_LEVELS * pathProximity(facts[seed]!.folders, f.folders)),
      ),
      bm25_paths: paths.scores(facts[seed]!.words, seed),
      bm25_identifiers: words.scores(words.queryOf(seed, (word) => vocabulary.wordText(word)), seed),
      message_bm25_paths: paths.scores(message.pathQuery, seed),
      message_bm25_identifiers: words.scores(message.wordQuery, seed),
    } satisfies Record<DenseName, unknown>;
    return { case_id, seed, hops: hopsFrom(neighbours, seed, UNREACHED), sparse, dense };
  });
  return { snapshot, queries };
}
