import assert from "node:assert/strict";
import fc from "fast-check";
import { fromUnit, type Point } from "../../lib/records/space.ts";
import { compileClaim, KNOWN_INTERACTIONS } from "../../lib/sensitivity/claim_registry.ts";
import { insideRegions } from "../../lib/sensitivity/claim_regions.ts";
import { claimOfWords, warningOfClaim } from "../../lib/wisdom/claim_warning.ts";
import { compileWarnings } from "../../lib/wisdom/heuristic_warning.ts";
import { FACTS_HERE } from "./heuristic_cases.ts";
import { DEFAULTS, SPACE } from "./tea_study.ts";

/** Points in the middle of the thirds: nowhere near an edge that three digits may move. */
const points = fc.tuple(...SPACE.map(() => fc.constantFrom(0.05, 0.5, 0.95))).map((units): Point =>
  Object.fromEntries(SPACE.map((spec, i) => [spec.name, fromUnit(spec, units[i]!)]))
);

Deno.test("a warning fires exactly where its claim's regions and stratum lie", () => {
  for (const { claim } of KNOWN_INTERACTIONS) {
    const compiled = compileClaim(claim, SPACE);
    const warning = compileWarnings([warningOfClaim(claim, SPACE, "it hurts - badly", "test")], SPACE);
    fc.assert(
      fc.property(points, fc.boolean(), (point, young) => {
        const facts = { ...FACTS_HERE, "history.is_young": young };
        const expected = insideRegions(SPACE, compiled.regions, point) &&
          (compiled.stratum["history"] === undefined || young);
        assert.equal(warning.fires(facts, point).length === 1, expected, JSON.stringify({ claim, point }));
      }),
      { seed: 3, numRuns: 300 },
    );
  }
});

Deno.test("every stratum a claim can name becomes a condition", () => {
  const claim = (stratum: string) =>
    warningOfClaim(`low pagerank_alpha & high boost_chat_file => worse in ${stratum}`, SPACE, "m", "c");
  assert.match(claim("intent=debug"), /intent == debug/);
  assert.match(claim("seed=source"), /not seed\.is_test/);
  assert.match(claim("size=medium"), /repo\.file_count >= 200 and repo\.file_count < 1000/);
  assert.match(claim("language=rust"), /repo\.language == rust/);
  assert.doesNotMatch(claim("repo=tea"), /tea/);
});

Deno.test("words about two parameters with a direction each are a claim; other words are none", () => {
  const of = (text: string) => claimOfWords(text, SPACE);
  assert.equal(
    of("low alpha + high boost_chat_file = tunnel vision"),
    "high boost_chat_file & low pagerank_alpha => worse",
  );
  assert.equal(
    of("raising focus_decay and raising focus_max_hops helps"),
    "high focus_decay & high focus_max_hops => better",
  );
  assert.equal(of("low alpha buries nested code"), undefined);
  assert.equal(of("low alpha does not hurt with high boost_chat_file"), undefined);
});

Deno.test("no wording breaks the reading: what comes out is a claim of this space or nothing", () => {
  const words = fc.constantFrom(
    ...SPACE.map(({ name }) => name),
    ...["high", "low", "not", "and", "=", "raises", "hurts", "good", "10", ";", "α"],
  );
  const texts = fc.oneof(
    fc.string({ unit: "binary", maxLength: 60 }),
    fc.array(words, { maxLength: 12 }).map((w) => w.join(" ")),
  );
  let found = 0;
  fc.assert(
    fc.property(texts, (text) => {
      const claim = claimOfWords(text, SPACE);
      if (claim === undefined) return;
      found++;
      compileWarnings([warningOfClaim(claim, SPACE, `because ${text}`, "cite")], SPACE).fires(
        FACTS_HERE,
        DEFAULTS,
      );
    }),
    { seed: 5, numRuns: 5000 },
  );
  assert.ok(found > 100, `${found} claims were read`);
});
