import assert from "node:assert/strict";
import { join } from "node:path";
import type { Point } from "../../lib/records/space.ts";
import { insightEvent } from "../../lib/records/insight.ts";
import { INSIGHTS, openJournal, readRecords, readScratchpad } from "../../lib/scratchpad/mod.ts";
import { knownInteractions, registerClaim } from "../../lib/sensitivity/claim_registry.ts";
import {
  HYPOTHESES,
  HYPOTHESIS_TESTS,
  latestTests,
  noteOnInsight,
  registerHypotheses,
  smallButReal,
  testedHypotheses,
  testHypothesis,
} from "../../lib/study/hypotheses.ts";
import { SPACE, syntheticObjective, unit } from "./synthetic_objective.ts";

const TEXT = "low pagerank_alpha & high boost_chat_file => worse";
const person = { origin: "person", source: "test" } as const;
const claim = registerClaim(TEXT, SPACE, person);
const options = { seed: 1, backgrounds: 16, resamples: 300 };

const inside = (point: Point) =>
  unit(point, "pagerank_alpha") <= 1 / 3 && unit(point, "boost_chat_file") >= 2 / 3;
const additive = (point: Point) =>
  0.4 + 0.05 * unit(point, "pagerank_alpha") - 0.1 * unit(point, "boost_chat_file");
const joint = (loss: number) => (point: Point) => additive(point) - (inside(point) ? loss : 0);

const ground = (train: (p: Point) => number, selection = train, lockbox?: (p: Point) => number) => ({
  discovery: syntheticObjective("train", train),
  replication: syntheticObjective("selection", selection),
  ...(lockbox ? { lockbox: syntheticObjective("lockbox", lockbox) } : {}),
});

async function inStudy(body: (dir: string) => Promise<void>, claims = [claim]): Promise<void> {
  const dir = await Deno.makeTempDir();
  try {
    {
      using journal = openJournal(dir);
      registerHypotheses(journal, claims);
    }
    await body(dir);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

Deno.test("a claim that is not in the registry is not tested, and nothing is scored for it", async () => {
  await inStudy(async (dir) => {
    const other = registerClaim("high pagerank_alpha & high boost_chat_file => better", SPACE, person);
    await assert.rejects(
      testHypothesis(dir, other.id, ground(() => assert.fail("it was scored")), options),
      /it is not registered; register it first/,
    );
    assert.deepEqual(readRecords(dir, HYPOTHESIS_TESTS), []);
  });
});

Deno.test("the registry stands on the disk before the first evaluation", async () => {
  await inStudy(async (dir) => {
    const seen: number[] = [];
    const watching = (p: Point) => {
      if (seen.length === 0) {
        seen.push(readRecords(dir, HYPOTHESES).length, readRecords(dir, HYPOTHESIS_TESTS).length);
      }
      return additive(p);
    };
    await testHypothesis(dir, claim.id, ground(watching, additive), options);
    assert.deepEqual(seen, [1, 0]);
  });
});

Deno.test("a planted interaction is supported, a sum is refuted, and one that does not replicate is neither", async () => {
  await inStudy(async (dir) => {
    const planted = await testHypothesis(dir, claim.id, ground(joint(0.08)), options);
    assert.equal(planted.verdict, "supported");
    assert.ok(Math.abs(planted.found[0]!.surplus.value + 0.08) < 1e-9);
    assert.deepEqual(planted.found.map((f) => f.split), ["train", "selection"]);
    const sum = await testHypothesis(dir, claim.id, ground(additive), { ...options, seed: 2 });
    assert.equal(sum.verdict, "refuted");
    const luck = await testHypothesis(dir, claim.id, ground(joint(0.08), additive), { ...options, seed: 3 });
    assert.equal(luck.verdict, "undetermined");
    assert.deepEqual(
      testedHypotheses(dir),
      { tested: 1, supported: [] },
      "the latest test of a claim counts",
    );
    assert.equal(latestTests(dir)[0]!.seed, 3);
  });
});

Deno.test("an effect that is there but below the margin is refuted, and said to be there", async () => {
  await inStudy(async (dir) => {
    const small = await testHypothesis(dir, claim.id, ground(joint(0.004)), options);
    assert.equal(small.verdict, "refuted");
    assert.match(smallButReal(small)!, /-0\.0040 on train, -0\.0040 on selection.*at least 0\.01/);
    const none = await testHypothesis(dir, claim.id, ground(additive), { ...options, seed: 2 });
    assert.equal(smallButReal(none), undefined);
  });
});

Deno.test("the lockbox must agree, and a look at it is written down", async () => {
  await inStudy(async (dir) => {
    const agreed = await testHypothesis(
      dir,
      claim.id,
      ground(joint(0.08), joint(0.08), joint(0.05)),
      options,
    );
    assert.equal(agreed.verdict, "supported");
    assert.deepEqual(agreed.found.map((f) => f.split), ["train", "selection", "lockbox"]);
    const broken = await testHypothesis(dir, claim.id, ground(joint(0.08), joint(0.08), additive), {
      ...options,
      seed: 2,
    });
    assert.equal(broken.verdict, "undetermined");
    assert.match(broken.reason, /on lockbox/);
  });
});

Deno.test("a stratum without cases leaves a claim undetermined and says why", async () => {
  await inStudy(async (dir) => {
    const test = await testHypothesis(
      dir,
      claim.id,
      { discovery: syntheticObjective("train", additive), replication: undefined },
      options,
    );
    assert.equal(test.verdict, "undetermined");
    assert.match(test.reason, /no selection case lies in the claim's stratum/);
    assert.equal(test.minimal_detectable_effect, null);
  });
});

Deno.test("the same test again is the same line; the same claim again is the same record", async () => {
  await inStudy(async (dir) => {
    const one = await testHypothesis(dir, claim.id, ground(joint(0.03)), options);
    const two = await testHypothesis(dir, claim.id, ground(joint(0.03)), options);
    assert.equal(one.id, two.id);
    assert.equal(readRecords(dir, HYPOTHESIS_TESTS).length, 1);
    using journal = openJournal(dir);
    const again = registerClaim(TEXT, SPACE, { origin: "reasoner", source: "elsewhere" });
    const kept = registerHypotheses(journal, [again, again]);
    assert.equal(kept[0]!.origin, "person", "the first who said it stays its origin");
    assert.equal(journal.read(HYPOTHESES).length, 1);
  });
});

Deno.test("a claim registered over another space is refused", async () => {
  const wider = SPACE.map((p) => p.name === "pagerank_alpha" ? { ...p, low: 0.01 } : p);
  await inStudy(async (dir) => {
    await assert.rejects(
      testHypothesis(dir, claim.id, ground(additive), options),
      /registered over another search space/,
    );
  }, [registerClaim(TEXT, wider, person)]);
});

Deno.test("a registration that was changed after it was written is refused, whatever field it was", async () => {
  const changes = [
    { sign: "better" as const },
    { threshold: 0.5 },
    { stratum: { history: "young" } },
    { metric: "rr" },
    { regions: claim.regions.map((r) => ({ ...r, ranges: [[0, 0.5] as [number, number]] })) },
  ];
  for (const change of changes) {
    await inStudy(async (dir) => {
      await assert.rejects(
        testHypothesis(dir, claim.id, ground(() => assert.fail("it was scored")), options),
        new RegExp(`registration has ${Object.keys(change)[0]} .* where its text says`),
      );
    }, [{ ...claim, ...change }]);
  }
});

Deno.test("a verdict that was changed after it was written is not read", async () => {
  await inStudy(async (dir) => {
    await testHypothesis(dir, claim.id, ground(additive), options);
    assert.equal(readRecords(dir, HYPOTHESIS_TESTS)[0]!.verdict, "refuted");
    const file = join(dir, HYPOTHESIS_TESTS.name), text = await Deno.readTextFile(file);
    await Deno.writeTextFile(file, text.replaceAll('"verdict":"refuted"', '"verdict":"supported"'));
    assert.throws(() => readRecords(dir, HYPOTHESIS_TESTS), /changed after it was written/);
  });
});

Deno.test("the specification's four interactions are registered together, in order", async () => {
  await inStudy((dir) => {
    const sources = readRecords(dir, HYPOTHESES).map((h) => h.source);
    assert.deepEqual(sources, [1, 2, 3, 4].map((n) => `spec, known interaction ${n}`));
    return Promise.resolve();
  }, knownInteractions(SPACE));
});

Deno.test("a tested insight of a reasoner learns its verdict, and the same hypothesis again counts once", async () => {
  await inStudy(async (dir) => {
    const common = { study: "s", insight: "i-1", episode: null, episode_index: 0 };
    {
      using journal = openJournal(dir);
      journal.append(
        INSIGHTS,
        insightEvent({
          ...common,
          order: 0,
          event: "created",
          kind: "interaction",
          text: TEXT,
          params: ["boost_chat_file", "pagerank_alpha"],
          source: "person",
          provenance: [],
        }),
      );
    }
    for (const seed of [1, 2]) {
      const test = await testHypothesis(dir, claim.id, ground(joint(0.08)), { ...options, seed });
      using journal = openJournal(dir);
      noteOnInsight(journal, readScratchpad(dir), "i-1", test, { study: "s", metric: "ndcg@10" });
    }
    const [insight] = readScratchpad(dir).insights;
    assert.equal(insight!.status, "supported");
    assert.equal(insight!.tests.length, 1);
    assert.equal(insight!.tests[0]!.by, "hypothesis");
    assert.ok(insight!.tests[0]!.effect.mean < -0.07);
    assert.ok((await Deno.stat(join(dir, "insights.jsonl"))).size > 0);
  });
});
