import assert from "node:assert/strict";
import { canonicalJson } from "../../lib/base/canonical.ts";
import { functionModel } from "../../lib/claude/mod.ts";
import { SPEC } from "../../lib/formula/builtins.ts";
import { formulaHash } from "../../lib/formula/formula_hash.ts";
import { foldScratchpad } from "../../lib/scratchpad/mod.ts";
import { Arena } from "../../lib/engine/arena.ts";
import { distill, type DistillInput } from "../../lib/wisdom/distill.ts";
import { draftExample } from "../../lib/wisdom/distill_prompt.ts";
import { exportMarkdown } from "../../lib/wisdom/export_markdown.ts";
import { draftRelease, learnedSince, sealedScore } from "../../lib/wisdom/release.ts";
import { specWisdom } from "../../lib/wisdom/releases.ts";
import { DEFAULTS, SPACE, teaCorpora, teaScratchpad, TUNED } from "./tea_study.ts";

const dir = Deno.makeTempDirSync();
globalThis.addEventListener("unload", () => Deno.removeSync(dir, { recursive: true }));
const { corpora, history } = await teaCorpora(dir, ["tea/one", "dag/two", "tea/three"]);
const trainCases = corpora.flatMap((c) => c.cases).filter((c) => c.split === "train").map((c) => c.case_id);

const input: DistillInput = {
  name: "tea",
  agent: "analyst",
  scratchpads: [teaScratchpad(trainCases)],
  sources: [{ study: "tea", study_hash: "0", episodes: 3, repositories: [] }],
  formula: SPEC,
  tuned: { params: TUNED, episodes: ["tea/e0000", "tea/e0001"] },
  query: "seed",
  labels: "binary",
  corpora,
  history,
  seed: 1,
  backgrounds: 2,
};
const wisdom = await distill(input);

Deno.test("the same study is distilled to the same bytes", async () => {
  assert.equal(canonicalJson(await distill(input)), canonicalJson(wisdom));
});

Deno.test("every item names episodes of the study, but for the specification's own examples", () => {
  const known = new Set(["tea/e0000", "tea/e0001", "tea/e0002"]);
  const items = [...wisdom.presets, ...wisdom.heuristics, ...wisdom.warnings];
  assert.ok(wisdom.presets.length > 0 && wisdom.heuristics.length > 2 && wisdom.warnings.length >= 4);
  for (const { episodes, origin } of items) {
    assert.equal(episodes.length > 0, origin !== "spec");
    assert.ok(episodes.every((id) => known.has(id)), episodes.join());
  }
});

Deno.test("rules are judged on repositories they were not written from, and only supported ones are on", () => {
  for (const { tested, written_from, left_out, default_on, origin } of wisdom.heuristics) {
    assert.equal(left_out, origin === "analyst");
    if (!left_out) assert.deepEqual(tested.judged_on.filter((repo) => written_from.includes(repo)), []);
    assert.equal(default_on, tested.verdict === "supported");
  }
  assert.ok(wisdom.heuristics.some((h) => h.tested.judged_on.length > 0));
  assert.match(wisdom.conclusion, /default/);
});

Deno.test("warnings cite their hypothesis with its verdict, the study's own claim among them", () => {
  for (const { text, cites, status } of wisdom.warnings) {
    assert.ok(text.endsWith(`- hypothesis ${cites.id.slice(0, 8)}, ${status}`), text);
  }
  assert.ok(
    wisdom.warnings.some(({ cites }) =>
      cites.claim === "high focus_decay & low focus_max_hops => worse ndcg@10"
    ),
  );
});

Deno.test("sentences rest on evidence or say that they are opinions; foreign markup stays text", () => {
  assert.ok(wisdom.intuitions.some((i) => i.opinion) && wisdom.intuitions.some((i) => !i.opinion));
  const page = exportMarkdown(wisdom);
  const outsideCode = page.replace(/(?<!`)(`+)(?!`)[^]*?(?<!`)\1(?!`)/g, "");
  assert.ok(page.includes("tunnel vision") && page.length > 2 * outsideCode.length / 3);
  assert.doesNotMatch(outsideCode, /(?<!\\)[<`]/);
});

Deno.test("a single repository leaves every rule untested and off", async () => {
  const alone = await distill({ ...input, corpora: corpora.slice(0, 1), backgrounds: 0 });
  const own = alone.heuristics.filter((h) => h.origin === "analyst");
  assert.ok(own.length > 0);
  assert.deepEqual(new Set(own.map((h) => h.tested.verdict)), new Set(["untested"]));
  assert.deepEqual(alone.warnings.map((w) => w.status), alone.warnings.map(() => "untested"));
  assert.match(alone.conclusion, /Nothing survived/);
});

Deno.test("a model's draft is tested like the analyst's, on repositories its episodes did not show", async () => {
  const asked = { scratchpads: input.scratchpads, space: SPACE, tuned: TUNED };
  const answer = {
    ...draftExample(asked),
    heuristics: [{
      text: "if seed.is_test: pagerank_alpha *= 0.5 - tests point at their source",
      episodes: ["tea/e0001"],
    }],
  };
  const { heuristics, presets, agent } = await distill({
    ...input,
    agent: "claude",
    model: functionModel("stand-in", () => answer),
    backgrounds: 0,
  });
  const rule = heuristics.find((h) => h.origin === "model")!;
  assert.deepEqual([agent, presets[0]!.origin, rule.written_from], ["claude", "model", ["tea/one"]]);
  assert.ok(!rule.tested.judged_on.includes("tea/one"));
});

Deno.test("a study without episodes has nothing to distil and says what to do", async () => {
  const empty = { study: "tea", state: foldScratchpad({ episodes: [], insights: [] }) };
  await assert.rejects(() => distill({ ...input, scratchpads: [empty] }), /deno task train/);
});

Deno.test("a version worse than its parent with the interval below zero is refused unless forced", () => {
  const sealed = { arena: Arena.load(corpora, { splits: ["test"], mode: "seed" }), history };
  // Files that change often last: co-change and recency turned off, depth turned around.
  const upsideDown = {
    ...specWisdom(),
    name: "v1.1",
    tuned: {
      ...specWisdom().tuned,
      params: {
        ...DEFAULTS,
        pagerank_alpha: 0.05,
        pagerank_chat_multiplier: 1,
        boost_focus_expansion: 1,
        boost_temporal_coupling: 1,
        boost_chat_file: 1,
        git_recency_max_boost: 1,
        git_churn_max_boost: 1,
        depth_weight_vendor: 1,
        depth_weight_root: 0.05,
        depth_weight_deep: 10,
      },
    },
  };
  const good = { version: "v1.0", wisdom: specWisdom() };
  const release = {
    version: "v1.1",
    wisdom: upsideDown,
    parent: good,
    sealed,
    seed: 1,
    kit: "0",
    code: null,
  };
  assert.throws(() => draftRelease(release), /worse than v1\.0 .*--force/s);
  const forced = draftRelease({ ...release, force: true });
  assert.deepEqual([forced.forced, forced.against_parent!.high < 0], [true, true]);
  const better = draftRelease({
    ...release,
    wisdom: good.wisdom,
    parent: { version: "v0.9", wisdom: upsideDown },
  });
  assert.deepEqual([better.forced, better.against_parent!.low > 0], [false, true]);
  assert.equal(better.score!.mean, sealedScore(sealed, good.wisdom, 1)!.mean);
  assert.deepEqual(better.sealed!.repositories, ["dag/two", "tea/one", "tea/three"]);
});

Deno.test("what a version learned is told line by line", () => {
  const lines = learnedSince(specWisdom(), wisdom);
  assert.ok(lines.includes("2 parameters moved: boost_temporal_coupling, pagerank_alpha"));
  assert.ok(lines.some((line) => line.startsWith("warning high boost_chat_file & low pagerank_alpha")));
  assert.deepEqual(learnedSince(wisdom, wisdom), ["nothing new"]);
  assert.equal(wisdom.formula_hash, formulaHash(SPEC));
});
