/**
 * Whether a repository's held-out figures can have seen what they are judged on: `deno run -A bench/cut_off.ts STUDY REPOSITORY [EVERY]`.
 * Exit code 1 when they can.
 *
 * Every test or lockbox commit (or every so-many-th) is extracted again from a repository that holds the commit and its ancestors and
 * nothing else: features must be the same in every byte, labels in every field. Then relevant files are dealt out at random among the
 * candidates: the formula found, or the study's own, must score them like a random order.
 */
import { Buffer } from "node:buffer";
import { join } from "node:path";
import { randomStream, shuffled } from "../lib/base/random.ts";
import { encodeBlock } from "../lib/corpus/block_codec.ts";
import type { Corpus } from "../lib/corpus/corpus.ts";
import { extractCorpus } from "../lib/corpus/extract.ts";
import { searchSpace } from "../lib/formula/parameters.ts";
import { aggregate } from "../lib/metrics/aggregate.ts";
import { ndcg } from "../lib/metrics/ndcg.ts";
import { rankFiles } from "../lib/ranker/rank.ts";
import type { SnapshotBlock } from "../lib/records/snapshot.ts";
import { defaultPoint } from "../lib/records/space.ts";
import { openRepository, runGit } from "../lib/repo/git.ts";
import { readStudy } from "../lib/study/config.ts";
import { readStructure } from "../lib/study/structure_file.ts";

/** Times relevant files are dealt out. */
const DEALS = 20;

const [study, name, every = "1"] = Deno.args;
if (study === undefined || name === undefined) {
  console.error("name a study and one of its repositories: deno run -A bench/cut_off.ts ten owner/name");
  Deno.exit(2);
}
const config = readStudy(study), stands = config.repositories.find((r) => r.name === name);
if (stands === undefined) {
  console.error(
    `${study} has no repository ${name}: one of ${
      config.repositories.map((r) => r.name).join(", ")
    } is wanted`,
  );
  Deno.exit(2);
}
const { dir, head, role, max_commits: maxCommits } = stands;
const whole = await extractCorpus({ ...await openRepository(dir, head), name, head }, { role, maxCommits });
const held = Array.from({ length: whole.nBlocks }, (_, b) => b)
  .filter((b) => ["test", "lockbox"].includes(whole.casesOf(b)[0]!.split));
const looked = held.filter((_, i) => i % Number(every) === 0);
const differing: string[] = [];
const root = Deno.makeTempDirSync({ prefix: "ripmap-cut-off-" });
try {
  for (const b of looked) {
    const { commit } = whole.casesOf(b)[0]!;
    if (!await sameWhenCutOff(commit, b, join(root, commit))) differing.push(commit);
  }
} finally {
  Deno.removeSync(root, { recursive: true });
}
console.log(
  `${name}: ${
    looked.length - differing.length
  } of ${looked.length} held-out commits are the same without their future` +
    (differing.length > 0 ? `; not ${differing.join(", ")}` : ""),
);
const { truth, dealt, chance } = dealOut();
const far = Math.abs(dealt - chance) > 0.02;
console.log(
  `true labels ${truth.toFixed(3)}, labels dealt at random ${dealt.toFixed(3)}, random order ${
    chance.toFixed(3)
  }`,
);
Deno.exit(differing.length > 0 || far ? 1 : 0);

/** Extracts a commit from a repository that ends there, and compares. */
async function sameWhenCutOff(commit: string, b: number, folder: string): Promise<boolean> {
  await runGit(root, ["init", "--quiet", "--bare", folder]);
  const upload = "--upload-pack=git -c uploadpack.allowAnySHA1InWant=true upload-pack";
  await runGit(folder, ["fetch", "--quiet", "--no-tags", upload, dir, `${commit}:refs/heads/cut`]);
  const repository = { ...await openRepository(folder, commit), name: name!, head: commit };
  const cut = await extractCorpus(repository, {
    role: "lockbox",
    maxCommits: 1,
    cacheDir: join(root, "cache"),
  });
  const again = Array.from({ length: cut.nBlocks }, (_, k) => k)
    .find((k) => cut.casesOf(k)[0]!.commit === commit);
  Deno.removeSync(folder, { recursive: true });
  return again !== undefined && labels(cut, again) === labels(whole, b) &&
    Buffer.from(bytes(cut.read(again))).equals(bytes(whole.read(b)));
}

/** Cases without their split, which is the whole history's to give. */
function labels(corpus: Corpus, b: number): string {
  return JSON.stringify(corpus.casesOf(b).map(({ split: _, ...rest }) => rest));
}

/** Bytes of a block with paths numbered by their place in it, so that no other block takes part. */
function bytes(block: SnapshotBlock): Uint8Array {
  const place = new Map(block.snapshot.files.map((file, i) => [file, i]));
  return encodeBlock(block, (path) => place.get(path)!);
}

/** Mean nDCG@10 of the true labels, of labels dealt at random, and of true labels under a random order. */
function dealOut(): { truth: number; dealt: number; chance: number } {
  const found = readStructure(study!), formula = found?.formula ?? config.formula;
  const point = found?.params ?? defaultPoint(searchSpace(formula));
  const cases = held.flatMap((b) => {
    const { snapshot, queries } = whole.read(b), own = whole.casesOf(b);
    return queries.map((query, i) => ({
      case: own[i]!,
      files: rankFiles(formula, point, { snapshot, query }, config.query).files.map((f) => f.file),
    }));
  });
  const mean = (of: (c: typeof cases[number]) => { order: readonly string[]; relevant: readonly string[] }) =>
    aggregate(cases.map((c) => {
      const { order, relevant } = of(c), { repo, commit, case_id } = c.case;
      return { repo, commit, case_id, value: ndcg(order, new Map(relevant.map((f) => [f, 1])), 10) };
    })).mean!;
  const expected = (c: typeof cases[number]) => c.case.expected.map((e) => e.file);
  const deals = Array.from({ length: DEALS }, (_, deal) => {
    const random = randomStream(deal, "cut-off");
    return {
      dealt: mean((c) => ({
        order: c.files,
        relevant: shuffled(random, c.files).slice(0, c.case.expected.length),
      })),
      chance: mean((c) => ({ order: shuffled(random, c.files), relevant: expected(c) })),
    };
  });
  const average = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  return {
    truth: mean((c) => ({ order: c.files, relevant: expected(c) })),
    dealt: average(deals.map((d) => d.dealt)),
    chance: average(deals.map((d) => d.chance)),
  };
}
