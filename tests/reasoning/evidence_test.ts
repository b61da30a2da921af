import assert from "node:assert/strict";
import { evaluateFormula } from "../../lib/ranker/evaluate.ts";
import { rankFiles } from "../../lib/ranker/rank.ts";
import { carryPoint } from "../../lib/formula/carry.ts";
import { DECAYED, SPEC } from "../../lib/formula/builtins.ts";
import { parseFormula } from "../../lib/formula/document.ts";
import { searchSpace } from "../../lib/formula/parameters.ts";
import { ndcgFromRanks } from "../../lib/metrics/ndcg.ts";
import { Failure } from "../../lib/records/failure.ts";
import { defaultPoint, fromUnit, toUnit } from "../../lib/records/space.ts";
import { attributePair, findFlips } from "../../lib/reasoning/attribute.ts";
import { batchCandidates, chooseBatch } from "../../lib/reasoning/batch.ts";
import { listEdits } from "../../lib/reasoning/catalogue.ts";
import { orderCertificate, proveStuck } from "../../lib/reasoning/certify.ts";
import { clusteredMean, effectOf, standOf } from "../../lib/reasoning/effect.ts";
import { gatherEvidence, survey } from "../../lib/reasoning/evidence.ts";
import { collectFailures } from "../../lib/reasoning/failures.ts";
import { castVotes } from "../../lib/reasoning/gradient.ts";
import { judgeMovability } from "../../lib/reasoning/movability.ts";
import { Panel } from "../../lib/reasoning/panel.ts";
import { Scorer } from "../../lib/reasoning/scorer.ts";
import { syntheticArenas } from "./synthetic.ts";

const { train } = syntheticArenas({ repos: 2, commits: 24 });
const panel = new Panel([new Scorer(train)]);
const point = defaultPoint(searchSpace(SPEC));
const standing = standOf(panel, SPEC, point);
const votes = castVotes(standing);
const movability = judgeMovability(standing, votes.votes, (c) => standing.failed[c.place]!.length > 0);
const failures = collectFailures(standing, { study: "s", mode: "seed" });
const failed = panel.cases.filter((c) => standing.failed[c.place]!.length > 0);

/** What the engine's walks may be off by, in the logarithm: interpolation over alpha in single precision. */
const CLOSE = 5e-6;

/** The reference ranker's run of a case. */
const runOf = (c: Panel["cases"][number], at = point, formula = SPEC) =>
  rankFiles(formula, at, { snapshot: c.group.snapshot, query: c.own.query }, "seed");

Deno.test("failures carry the reference ranker's ranks, the true query and both kinds, and pass the record's shape", () => {
  assert.ok(failures.length > 10);
  for (const { place, failure } of failures) {
    Failure.parse(failure);
    const run = runOf(panel.cases[place]!);
    const rank = new Map(run.files.map((f) => [f.file, f.rank]));
    assert.deepEqual(failure.actual_top, run.files.slice(0, 10).map((f) => f.file));
    const ndcg = ndcgFromRanks(
      failure.expected_top.map((f) => rank.get(f)!),
      failure.expected_top.map(() => 1),
      10,
    )!;
    assert.ok(Math.abs(ndcg - failure.ndcg) < 1e-12);
    for (const pair of failure.pairs) {
      assert.equal(rank.get(pair.missed), pair.missed_rank);
      assert.equal(rank.get(pair.distractor), pair.distractor_rank);
      assert.ok(!failure.expected_top.includes(pair.distractor));
    }
    assert.equal(failure.kinds.includes("low_ndcg"), failure.ndcg < 0.5);
    assert.equal(failure.query, failure.seed_file);
    assert.match(failure.commit_context, /^Fix <b>thing/);
    assert.equal(failure.repo_file_count, 16);
  }
});

Deno.test("strata give at most as many failures as asked, the worst first", () => {
  const few = collectFailures(standing, { study: "s", mode: "seed", perStratum: 2 });
  const groups = Map.groupBy(few, ({ failure: f }) => `${f.repo_name} ${f.intent}`);
  assert.equal(groups.size, new Set(failures.map(({ failure: f }) => `${f.repo_name} ${f.intent}`)).size);
  for (const [key, own] of groups) {
    assert.ok(own.length <= 2);
    const all = failures.filter(({ failure: f }) => `${f.repo_name} ${f.intent}` === key).map((x) =>
      x.failure.ndcg
    );
    assert.deepEqual(own.map((x) => x.failure.ndcg), all.toSorted((a, b) => a - b).slice(0, own.length));
  }
});

Deno.test("parts of a gap add up to the reference scores' log ratio, and carriers speak against the missed file", () => {
  for (const c of failed.slice(0, 12)) {
    const values = evaluateFormula(SPEC, point, { snapshot: c.group.snapshot, query: c.own.query }, "seed");
    for (const pair of standing.failed[c.place]!) {
      const { gap, parts, carriers } = attributePair(c, SPEC, point, pair);
      const scores = values.get("score")!;
      assert.ok(Math.abs(gap - Math.log(scores[pair.target]! / scores[pair.other]!)) < CLOSE);
      assert.ok(Math.abs(parts.reduce((s, p) => s + p.log_ratio, 0) - gap) < 1e-12);
      for (const { factor, log_ratio } of parts) {
        const own = values.get(factor)!;
        assert.ok(Math.abs(log_ratio - Math.log(own[pair.target]! / own[pair.other]!)) < CLOSE, factor);
      }
      for (const name of carriers) assert.ok(parts.find((p) => p.factor === name)!.log_ratio < 0);
    }
  }
});

Deno.test("a flip turns its pair in the reference ranker, and a smaller exact move does not", () => {
  let exact = 0, local = 0;
  for (const c of failed.slice(0, 10)) {
    const pairs = standing.failed[c.place]!;
    const { flips } = findFlips(c, SPEC, point, pairs);
    const { files } = c.group.snapshot;
    flips.forEach((list, k) => {
      assert.deepEqual(list.map((f) => f.distance), list.map((f) => f.distance).toSorted((a, b) => a - b));
      for (const flip of list.slice(0, 4)) {
        const spec = searchSpace(SPEC).find((p) => p.name === flip.param)!;
        assert.ok(flip.to >= spec.low && flip.to <= spec.high);
        const above = (value: number) => {
          const run = runOf(c, { ...point, [flip.param]: value });
          const rank = new Map(run.files.map((f) => [f.file, f.rank]));
          return rank.get(files[pairs[k]!.target]!)! < rank.get(files[pairs[k]!.other]!)!;
        };
        assert.ok(above(flip.to), `${flip.param} to ${flip.to}`);
        if (flip.how === "local") {
          local++;
          continue;
        }
        exact++;
        const middle = fromUnit(
          spec,
          toUnit(spec, flip.from) + 0.99 * (toUnit(spec, flip.to) - toUnit(spec, flip.from)),
        );
        assert.ok(!above(middle), `${flip.param}: ${middle} turns it already`);
      }
    });
  }
  assert.ok(exact > 5 && local > 5, `${exact} exact and ${local} local flips were looked at`);
});

Deno.test("a vote counts exactly the pairs that a step turns either way", () => {
  const vote = votes.votes.find((v) =>
    v.param === "boost_temporal_coupling" && v.magnitude === "large" && v.direction === "increase"
  )!;
  let fixes = 0, breaks = 0;
  for (const c of panel.cases) {
    const run = runOf(c, { ...point, boost_temporal_coupling: 6 }), { files } = c.group.snapshot;
    const rank = new Map(run.files.map((f) => [f.file, f.rank]));
    const above = (p: { target: number; other: number }) =>
      rank.get(files[p.target]!)! < rank.get(files[p.other]!)!;
    fixes += standing.failed[c.place]!.filter(above).length;
    breaks += standing.correct[c.place]!.filter((p) => !above(p)).length;
  }
  assert.deepEqual([vote.to, vote.effect.fixes, vote.effect.breaks], [6, fixes, breaks]);
  assert.ok(fixes > breaks);
  const byIntent = Object.values(vote.effect.by_intent);
  assert.equal(byIntent.reduce((s, b) => s + b.fixes, 0), fixes);
});

Deno.test("parameters that change nothing are named dead, and get no vote", () => {
  assert.deepEqual(votes.dead.toSorted(), [
    "boost_chat_file",
    "boost_mentioned_file",
    "boost_mentioned_ident",
  ]);
  assert.ok(votes.votes.every((v) => !votes.dead.includes(v.param)));
  assert.equal(new Set(votes.votes.map((v) => `${v.param} ${v.to}`)).size, votes.votes.length);
});

Deno.test("stuck failures are those no step and no end of any range helps", () => {
  for (const c of failed) {
    const helped = votes.votes.some(({ effect }) =>
      effect.gains[c.place]! > 0 || effect.turned[c.place]! > 0
    );
    if (helped) assert.ok(movability.movable[c.place]);
  }
  for (const place of movability.stuck) {
    for (const p of searchSpace(SPEC)) {
      for (const end of [p.low, p.high]) {
        const { gains } = effectOf(standing, SPEC, { ...point, [p.name]: end });
        assert.ok(gains[place]! <= 0);
      }
    }
  }
  assert.deepEqual(movability.proofs, { checked: 0, proven: [], orderable: [] });
});

Deno.test("a batch holds five movable failures of different kinds, new ones first, chosen by the seed", () => {
  const candidates = batchCandidates(standing, failures, movability);
  const choose = (shown: string[], turn = 0) =>
    chooseBatch(candidates, { seed: 1, turn, shown: new Set(shown) });
  const first = choose([]);
  assert.equal(first.length, 5);
  assert.ok(first.every((c) => c.movable && c.gain > 0));
  assert.equal(new Set(first.map((c) => c.failure.repo_name)).size, 2);
  assert.ok(new Set(first.map((c) => c.failure.intent)).size >= 3);
  assert.deepEqual(choose([]).map((c) => c.place), first.map((c) => c.place));
  const ids = first.map((c) => c.failure.case_id);
  assert.ok(choose(ids, 1).every((c) => !ids.includes(c.failure.case_id)));
  const stuck = candidates.map((c) => ({ ...c, movable: c.place === candidates[3]!.place }));
  assert.equal(chooseBatch(stuck, { seed: 1, turn: 0, shown: new Set() })[0]!.place, candidates[3]!.place);
});

Deno.test("every listed edit applies, changes the formula and names itself; message signals wait for the message", () => {
  const seed = listEdits(SPEC, "seed"), message = listEdits(SPEC, "message");
  assert.ok(seed.some((e) => /replace the gate/.test(e.what)) && seed.some((e) => /test_pair/.test(e.what)));
  assert.ok(message.length > seed.length);
  assert.ok(!seed.some((e) => /boost of message_/.test(e.what)));
  for (const { formula, edits } of [...seed, ...listEdits(DECAYED, "seed")]) {
    assert.ok(edits.length > 0);
    const moved = carryPoint(SPEC, formula, point);
    assert.deepEqual(Object.keys(moved).toSorted(), searchSpace(formula).map((p) => p.name).toSorted());
  }
});

Deno.test("evidence is a pure function of its sample, and its collateral is counted on the whole sample", () => {
  const make = () => {
    const surveyed = survey(new Panel([new Scorer(train)]), SPEC, point, { study: "s", mode: "seed" });
    return gatherEvidence(surveyed, { seed: 1, turn: 0, shown: new Set() });
  };
  const evidence = make();
  assert.deepEqual(make().view, evidence.view);
  assert.equal(evidence.view.failures.length, 5);
  const flip = evidence.view.failures.flatMap((f) => f.pairs.flatMap((p) => p.flips))[0]!;
  const effect = effectOf(standing, SPEC, { ...point, [flip.param]: flip.to });
  assert.deepEqual([flip.fixes, flip.breaks], [effect.fixes, effect.breaks]);
  assert.ok(evidence.view.options[0]!.delta >= evidence.view.options.at(-1)!.delta);
  assert.ok(evidence.view.bundles.every((b) => b.steps.length >= 2));
});

Deno.test("a standard error pools what lone commits lack, and one commit alone can be off by all there is", () => {
  const score = (repo: string, commit: string, value: number) => ({ repo, commit, case_id: commit, value });
  const pair = [score("a", "1", 0.1), score("a", "2", 0.3)];
  assert.ok(Math.abs(clusteredMean(pair).se - 0.1) < 1e-12);
  const lone = clusteredMean([...pair, score("b", "1", 0)]);
  assert.ok(Math.abs(lone.se - Math.sqrt(0.02 / 2 + 0.02) / 2) < 1e-12);
  assert.equal(clusteredMean([score("a", "1", 0.2)]).se, 1);
  assert.ok(Math.abs(clusteredMean([score("a", "1", 0), score("b", "1", 0.2)]).se - 0.1) < 1e-12);
});

Deno.test("a certificate is asked about the worst stuck failures, and one pair without proof leaves a failure open", () => {
  const places = failed.slice(0, 9).map((c) => c.place), asked: number[] = [];
  const all = proveStuck(standing, places, (_, place) => {
    asked.push(place);
    return "infeasible";
  });
  assert.equal(all.checked, 6);
  assert.deepEqual(all.proven, [...new Set(asked)]);
  assert.deepEqual(
    all.proven.map((p) => standing.values[p]!),
    all.proven.map((p) => standing.values[p]!).toSorted((a, b) => a - b),
  );
  const none = proveStuck(
    standing,
    places,
    (_, __, pair) => pair === standing.failed[places[0]!]![0] ? "orderable" : "unknown",
  );
  assert.deepEqual(none.proven, []);
});

Deno.test("a file that is older and changed less is proven never to pass, and one that is newer is ordered by some point", () => {
  const simple = parseFormula({
    record: "formula/1",
    name: "simple",
    description: "recency and popularity",
    root: {
      op: "product",
      terms: ["recency", "popularity"].map((signal) => ({ op: "boost", term: { op: "signal", signal } })),
    },
  });
  const own = standOf(panel, simple, defaultPoint(searchSpace(simple))), certify = orderCertificate("seed");
  const c = panel.cases[0]!, { days, churn, files } = c.group.snapshot;
  const found = { orderable: 0, infeasible: 0 };
  for (let target = 0; target < files.length; target++) {
    for (let other = 0; other < files.length; other++) {
      const older = days[target]! > days[other]!, lessChanged = churn[target]! < churn[other]!;
      if ([target, other].includes(c.own.query.seed) || target === other || older !== lessChanged) continue;
      const wanted = older ? "infeasible" : "orderable";
      found[wanted]++;
      assert.equal(certify(own, c.place, { target, other }), wanted, `${target} over ${other}`);
    }
  }
  assert.ok(found.orderable > 10 && found.infeasible > 10);
});
