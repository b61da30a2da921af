/** Made-up corpora of any size, through the same writer as true ones: for speed and memory, never for quality. */
import { randomIndex, type RandomSource, randomStream } from "../lib/base/random.ts";
import { layerOf } from "../lib/corpus/cochange.ts";
import { type Corpus, CorpusWriter } from "../lib/corpus/corpus.ts";
import type { Case } from "../lib/records/case.ts";
import { tieOrder } from "../lib/records/run.ts";
import {
  DENSE_FEATURES,
  DENSE_LEVELS,
  type EdgeLayer,
  type Query,
  type Snapshot,
  SPARSE_FEATURES,
  type SparseFeature,
  UNREACHED,
} from "../lib/records/snapshot.ts";

/** What is made. */
export interface GeneratedSize {
  readonly repo: string;
  readonly seed: number;
  readonly files: number;
  readonly commits: number;
  /** cases of one commit */
  readonly cases: number;
  /** out-edges of a file in each layer, on average; default 12 */
  readonly degree?: number;
}

/** Writes a corpus of one repository to a folder and opens it. Equal sizes and seeds give equal bytes. */
export function generateCorpus(folder: string, size: GeneratedSize): Corpus {
  const writer = new CorpusWriter(folder), random = randomStream(size.seed, `corpus ${size.repo}`);
  const names = Array.from({ length: size.files }, (_, i) => {
    const depth = randomIndex(random, 5);
    return `${"dir/".repeat(depth)}part${randomIndex(random, 20)}/file${i}.ts`;
  });
  const files = Array.from(tieOrder(names), (i) => names[i]!);
  let nCases = 0;
  for (let c = 0; c < size.commits; c++) {
    const snapshot = snapshotOf(size, files, c, random);
    const queries = Array.from({ length: size.cases }, (_, q) => queryOf(size, c, q, snapshot, random));
    writer.add({ snapshot, queries }, queries.map((query) => caseOf(size, c, query, snapshot, random)));
    nCases += queries.length;
  }
  return writer.finish({
    repo: size.repo,
    head: "0".repeat(40),
    key: `generated ${JSON.stringify(size)}`,
    role: "development",
    n_commits: size.commits,
    n_window: size.commits,
    n_teaching: size.commits,
    n_case_files: nCases * (size.files - 1),
    dropped: {},
    blobs: {},
    n_added: 0,
    n_changed: 0,
    missing: [],
  });
}

/** Most files are referred to by few, a few by many. */
const skewed = (random: RandomSource, n: number) => Math.floor(n * Math.pow(random(), 3));

function layer(n: number, degree: number, random: RandomSource): EdgeLayer {
  return layerOf(Array.from({ length: n }, (_, i) => {
    const row = new Map<number, number>();
    const out = random() < 0.3 ? 0 : randomIndex(random, 2 * degree + 1);
    for (let k = 0; k < out; k++) {
      const target = skewed(random, n);
      if (target !== i) row.set(target, 1 + randomIndex(random, 9));
    }
    return [...row].sort((a, b) => a[0] - b[0]);
  }));
}

function snapshotOf(size: GeneratedSize, files: string[], c: number, random: RandomSource): Snapshot {
  const n = files.length, { degree = 12 } = size;
  const references = layer(n, degree, random);
  const numbers = (f: () => number) => Uint16Array.from({ length: n }, f);
  return {
    repo: size.repo,
    commit: `c${c}`,
    parent: `p${c}`,
    now_s: 1_600_000_000 + 86_400 * c,
    files,
    depth_class: Uint8Array.from(files, (f) => {
      const slashes = f.split("/").length - 1;
      return slashes <= 2 ? 0 : slashes <= 4 ? 1 : 2;
    }),
    days: numbers(() => skewed(random, 2500)),
    churn: numbers(() => skewed(random, 120)),
    author_days: numbers(() => skewed(random, 2500)),
    layers: {
      references,
      references_idf: { ...references, weights: references.weights.map((w) => Math.fround(w / 3)) },
      imports: layer(n, Math.ceil(degree / 4), random),
      cochange: layer(n, Math.ceil(degree / 2), random),
      semantic: layer(n, Math.ceil(degree / 4), random),
    },
  };
}

function sparse(n: number, expected: number, random: RandomSource): SparseFeature {
  const index = new Set<number>();
  for (let k = 0; k < expected; k++) index.add(skewed(random, n));
  const sorted = Uint32Array.from(index).sort();
  return { index: sorted, values: Float32Array.from(sorted, () => (1 + randomIndex(random, 40)) / 41) };
}

function queryOf(
  size: GeneratedSize,
  c: number,
  q: number,
  { files }: Snapshot,
  random: RandomSource,
): Query {
  const n = files.length;
  const few = { test_pair: 1, chat: 5, message_identifiers: 6, message_files: 1 } as Record<string, number>;
  return {
    case_id: `${size.repo}@c${c}:${q}`,
    seed: randomIndex(random, n),
    hops: Uint8Array.from({ length: n }, () => random() < 0.2 ? UNREACHED : 1 + skewed(random, 6)),
    sparse: Object.fromEntries(
      SPARSE_FEATURES.map((name) => [name, sparse(n, few[name] ?? 30, random)]),
    ) as Query["sparse"],
    dense: Object.fromEntries(
      DENSE_FEATURES.map((name) => [
        name,
        Uint16Array.from(
          { length: n },
          () =>
            name === "path_proximity"
              ? Math.round(DENSE_LEVELS / (1 + randomIndex(random, 6)))
              : skewed(random, DENSE_LEVELS + 1),
        ),
      ]),
    ) as Query["dense"],
  };
}

function caseOf(
  size: GeneratedSize,
  c: number,
  query: Query,
  { files }: Snapshot,
  random: RandomSource,
): Case {
  const targets = new Set<string>();
  while (targets.size < 1 + randomIndex(random, 6)) {
    const i = skewed(random, files.length);
    if (i !== query.seed) targets.add(files[i]!);
  }
  return {
    record: "case/1",
    case_id: query.case_id,
    repo: size.repo,
    commit: `c${c}`,
    parent: `p${c}`,
    committed_at_s: 1_600_000_000 + 86_400 * c,
    subject: "made up",
    intent: "extend",
    weight: 1,
    split: c < size.commits * 0.5 ? "train" : c < size.commits * 0.7 ? "selection" : "test",
    seed_file: files[query.seed]!,
    expected: [...targets].map((file) => ({ file, coupling: 0.5 })),
    n_added: 0,
    n_files: files.length,
  };
}
