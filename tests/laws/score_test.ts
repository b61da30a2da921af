/** Two laws of scoring: labels that mean nothing score like chance, and every parameter can move a ranking. */
import assert from "node:assert/strict";
import { randomStream, shuffled } from "../../lib/base/random.ts";
import { extractCorpus } from "../../lib/corpus/extract.ts";
import { BUILTINS, SPEC } from "../../lib/formula/builtins.ts";
import { searchSpace } from "../../lib/formula/parameters.ts";
import { aggregate } from "../../lib/metrics/aggregate.ts";
import { expectedNdcg } from "../../lib/metrics/expected.ts";
import { ndcg } from "../../lib/metrics/ndcg.ts";
import { randomRanking } from "../../lib/metrics/ties.ts";
import { rankFiles } from "../../lib/ranker/rank.ts";
import { judgments } from "../../lib/records/case.ts";
import type { QueryMode } from "../../lib/records/snapshot.ts";
import { defaultPoint } from "../../lib/records/space.ts";
import type { SignalInput } from "../../lib/signals/signal.ts";
import { teaHouse } from "../helpers/scripted_repository.ts";

const root = Deno.makeTempDirSync({ prefix: "score-law-" });
globalThis.addEventListener("unload", () => Deno.removeSync(root, { recursive: true }));

const { repository } = await teaHouse().write(`${root}/tea`);
const corpus = await extractCorpus(repository, { role: "development", cacheDir: `${root}/cache` });
const inputs = Array.from({ length: corpus.nBlocks }, (_, b) => {
  const { snapshot, queries } = corpus.read(b), cases = corpus.casesOf(b);
  return queries.map((query, i) => ({ input: { snapshot, query } satisfies SignalInput, case: cases[i]! }));
}).flat();

/** Macro mean nDCG@10 of rankings under labels handed to files by `relabel`. */
function macro(
  runs: readonly (readonly string[])[],
  relabel: (i: number, files: readonly string[]) => readonly string[],
) {
  const scores = inputs.map(({ case: c }, i) => {
    const labelled = new Map(
      relabel(i, runs[i]!).map((file, k) => [file, [...judgments(c, "binary").values()][k]!]),
    );
    return { case_id: c.case_id, repo: c.repo, commit: c.commit, value: ndcg(runs[i]!, labelled, 10) };
  });
  return aggregate(scores).mean!;
}

/** The same mean for an order drawn at random, in closed form. */
const CHANCE = aggregate(inputs.map(({ input, case: c }) => ({
  case_id: c.case_id,
  repo: c.repo,
  commit: c.commit,
  value: expectedNdcg(randomRanking(input.snapshot.files.length - 1, c.expected.map(() => 1)), 10),
}))).mean!;

Deno.test("labels dealt out at random score like chance under every built-in formula, and true labels do not", () => {
  for (const [name, formula] of BUILTINS) {
    const point = defaultPoint(searchSpace(formula));
    const runs = inputs.map(({ input }) => rankFiles(formula, point, input, "seed").files.map((f) => f.file));
    const dealt = Array.from({ length: 60 }, (_, deal) => {
      const random = randomStream(deal, "labels");
      return macro(runs, (i, files) => shuffled(random, files).slice(0, inputs[i]!.case.expected.length));
    });
    const mean = dealt.reduce((sum, v) => sum + v, 0) / dealt.length;
    const variance = dealt.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (dealt.length - 1);
    const error = Math.sqrt(variance / dealt.length);
    assert.ok(error < 0.005, `the deals pin the mean down (standard error ${error})`);
    assert.ok(Math.abs(mean - CHANCE) < 3.3 * error, `${name}: ${mean} against ${CHANCE} ± ${error}`);
    const truth = macro(runs, (i) => inputs[i]!.case.expected.map((e) => e.file));
    assert.ok(truth > CHANCE + 0.1, `${name}: true labels score ${truth}, chance ${CHANCE}`);
  }
});

/** Parameters whose signal listens to the message are silent in seed mode, by the law that a seed query knows no message. */
const MESSAGE_ONLY = ["boost_mentioned_ident", "boost_mentioned_file"];

const orders = (name: string, value: number, mode: QueryMode) => {
  const point = { ...defaultPoint(searchSpace(SPEC)), [name]: value };
  return inputs.map(({ input }) => rankFiles(SPEC, point, input, mode).files.map((f) => f.file).join("\n"));
};

for (const { name, low, high } of searchSpace(SPEC)) {
  const mode: QueryMode = MESSAGE_ONLY.includes(name) ? "message" : "seed";
  Deno.test(`${name} is live: moving it from ${low} to ${high} changes a ranking (${mode} queries)`, () => {
    const before = orders(name, low, mode), after = orders(name, high, mode);
    const changed = before.filter((order, i) => order !== after[i]).length;
    assert.ok(changed > 0, `no ranking of ${before.length} changed`);
  });
}

Deno.test("a seed query does not hear the message: the two mention boosts move nothing there", () => {
  for (const name of MESSAGE_ONLY) assert.deepEqual(orders(name, 1, "seed"), orders(name, 100, "seed"));
});
