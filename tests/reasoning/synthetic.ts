/** Small repositories made of numbers: co-change points at the relevant files, churn and recency point elsewhere. */
import type { Corpus } from "../../lib/corpus/corpus.ts";
import { Arena } from "../../lib/engine/arena.ts";
import { randomIndex, randomStream, shuffled } from "../../lib/base/random.ts";
import type { Case, Split } from "../../lib/records/case.ts";
import { INTENTS } from "../../lib/records/case.ts";
import {
  DENSE_FEATURES,
  DENSE_LEVELS,
  type EdgeLayer,
  LAYERS,
  type Query,
  type Snapshot,
  SPARSE_FEATURES,
  type SparseFeature,
} from "../../lib/records/snapshot.ts";
import { type ReasoningArenas, selectionArena, trainArena } from "../../lib/reasoning/guard.ts";

/** What is made. */
export interface SyntheticOptions {
  readonly repos?: number;
  /** commits a repository; the first six tenths are train, the next two selection */
  readonly commits?: number;
  readonly files?: number;
  readonly seed?: number;
  /** whether co-change knows anything of relevance; without it every ranking is luck. Default true */
  readonly informed?: boolean;
}

const SECONDS = 1_600_000_000;

/** Corpora held in memory. Same options, same bytes. */
export function syntheticCorpora(options: SyntheticOptions = {}): Corpus[] {
  const { repos = 2, commits = 60, files = 16, seed = 1, informed = true } = options;
  return Array.from({ length: repos }, (_, r) => {
    const repo = `repo-${r}`, random = randomStream(seed, `synthetic/${repo}`);
    const blocks: { snapshot: Snapshot; queries: Query[] }[] = [], cases: Case[] = [];
    const nCases: number[] = [];
    for (let t = 0; t < commits; t++) {
      const split: Split = t < commits * 0.6 ? "train" : t < commits * 0.8 ? "selection" : "test";
      const changed = shuffled(random, Array.from({ length: files }, (_, i) => i)).slice(
        0,
        2 + randomIndex(random, 2),
      );
      const commit = `c${t}`, paths = Array.from({ length: files }, (_, i) => `src/dir${i % 3}/file_${i}.ts`);
      const snapshot = snapshotOf(repo, commit, paths, random);
      const queries = changed.map((seed): Query => {
        const relevant = new Set(changed.filter((file) => file !== seed));
        return queryOf(`${repo}@${commit}:${paths[seed]}`, seed, files, relevant, informed, random);
      });
      changed.forEach((seed, i) =>
        cases.push({
          record: "case/1",
          case_id: queries[i]!.case_id,
          repo,
          commit,
          parent: `p${t}`,
          committed_at_s: SECONDS + t * 86_400,
          subject: `Fix <b>thing</b> ${t} @everyone`,
          intent: INTENTS[t % INTENTS.length]!,
          weight: 1,
          split,
          seed_file: paths[seed]!,
          expected: changed.filter((file) => file !== seed).map((file) => ({
            file: paths[file]!,
            coupling: 0.5,
          })),
          n_added: 0,
          n_files: files,
        })
      );
      blocks.push({ snapshot, queries });
      nCases.push(changed.length);
    }
    // Only what an arena reads of a corpus is here.
    return {
      meta: { repo, role: "development", blocks: nCases.map((n_cases) => ({ n_cases })) },
      cases,
      nBlocks: blocks.length,
      read: (b: number) => blocks[b]!,
    } as unknown as Corpus;
  });
}

/** The two arenas of a study over synthetic corpora. */
export function syntheticArenas(options: SyntheticOptions = {}): ReasoningArenas {
  const corpora = syntheticCorpora(options);
  return {
    train: trainArena(Arena.load(corpora, { splits: ["train"], mode: "seed" })),
    selection: selectionArena(Arena.load(corpora, { splits: ["selection"], mode: "seed" })),
  };
}

type Random = () => number;

function snapshotOf(repo: string, commit: string, files: readonly string[], random: Random): Snapshot {
  const n = files.length, layer = edges(n, random);
  return {
    repo,
    commit,
    parent: `${commit}^`,
    now_s: SECONDS,
    files,
    depth_class: Uint8Array.from({ length: n }, (_, i) => i % 4),
    days: Uint16Array.from({ length: n }, () => randomIndex(random, 200)),
    churn: Uint16Array.from({ length: n }, () => randomIndex(random, 60)),
    author_days: Uint16Array.from({ length: n }, () => randomIndex(random, 400)),
    layers: Object.fromEntries(LAYERS.map((name) => [name, layer])) as Snapshot["layers"],
  };
}

function edges(n: number, random: Random): EdgeLayer {
  const rows = Array.from({ length: n }, (_, i) => {
    const others = Array.from({ length: n }, (_, j) => j).filter((j) => j !== i && random() < 0.2);
    return others;
  });
  const offsets = new Uint32Array(n + 1);
  rows.forEach((row, i) => offsets[i + 1] = offsets[i]! + row.length);
  const targets = Uint32Array.from(rows.flat());
  return { offsets, targets, weights: Float32Array.from(targets, () => 0.5 + random()) };
}

function queryOf(
  case_id: string,
  seed: number,
  n: number,
  relevant: ReadonlySet<number>,
  informed: boolean,
  random: Random,
): Query {
  // A relevant file changed with the seed before in four of five cases, an irrelevant one in one of four and less often.
  const coupled = (i: number) => {
    const near = informed ? relevant.has(i) : random() < 0.2;
    const seen = random() < (near ? 0.8 : 0.25);
    return seen && i !== seed ? (near ? 0.1 + 0.5 * random() : 0.02 + 0.2 * random()) : 0;
  };
  const coupling = sparse(Array.from({ length: n }, (_, i) => coupled(i)));
  const silent = sparse([]);
  const noise = () => Uint16Array.from({ length: n }, () => randomIndex(random, DENSE_LEVELS + 1));
  return {
    case_id,
    seed,
    hops: Uint8Array.from({ length: n }, (_, i) => i === seed ? 0 : 1 + randomIndex(random, 4)),
    sparse: Object.fromEntries(
      SPARSE_FEATURES.map((name) => [name, /jaccard|decayed|confidence/.test(name) ? coupling : silent]),
    ) as Query["sparse"],
    dense: Object.fromEntries(DENSE_FEATURES.map((name) => [name, noise()])) as Query["dense"],
  };
}

function sparse(values: readonly number[]): SparseFeature {
  const index = values.flatMap((v, i) => v > 0 ? [i] : []);
  return { index: Uint32Array.from(index), values: Float32Array.from(index, (i) => values[i]!) };
}
