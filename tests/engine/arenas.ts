/** Arenas from drawn blocks, without a repository or a disk. */
import { randomIndex, randomStream } from "../../lib/base/random.ts";
import type { Corpus } from "../../lib/corpus/corpus.ts";
import { Arena } from "../../lib/engine/arena.ts";
import type { Case } from "../../lib/records/case.ts";
import type { QueryMode, SnapshotBlock } from "../../lib/records/snapshot.ts";

/** A corpus in memory whose cases have one to three relevant files, the last file often among them. */
export function corpusOf(blocks: readonly SnapshotBlock[], repo = "r"): Corpus {
  const random = randomStream(blocks.length, "targets");
  const cases = blocks.flatMap(({ snapshot, queries }, b) =>
    queries.map((query, q): Case => {
      const n = snapshot.files.length;
      const candidates = snapshot.files.filter((_, i) => i !== query.seed);
      const expected = new Set([
        random() < 0.3 ? candidates.at(-1)! : candidates[randomIndex(random, n - 1)]!,
      ]);
      for (let k = 0; k < 2; k++) if (random() < 0.5) expected.add(candidates[randomIndex(random, n - 1)]!);
      return {
        record: "case/1",
        case_id: `${repo}@${b}:${q}`,
        repo,
        commit: `c${b}`,
        parent: `p${b}`,
        committed_at_s: b,
        subject: "",
        intent: "extend",
        weight: 1,
        split: "train",
        seed_file: snapshot.files[query.seed]!,
        expected: [...expected].map((file) => ({ file, coupling: 0 })),
        n_added: 0,
        n_files: n,
      };
    })
  );
  return {
    meta: { repo, blocks: blocks.map(({ queries }) => ({ n_cases: queries.length })) },
    cases,
    nBlocks: blocks.length,
    read: (b: number) => blocks[b]!,
  } as unknown as Corpus;
}

/** An arena over blocks. */
export function arenaOf(blocks: readonly SnapshotBlock[], mode: QueryMode = "message"): Arena {
  return Arena.load([corpusOf(blocks)], { splits: ["train"], mode });
}
