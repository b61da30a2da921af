import assert from "node:assert/strict";
import { minimalDetectableDifference } from "../../lib/metrics/power.ts";
import type { CaseScore } from "../../lib/metrics/mod.ts";
import { detectableDifference } from "../../lib/study/detectable.ts";

/** One case a commit; values alternate by 2 around a mean, so the spread is known. */
function differences(commits: Readonly<Record<string, number>>): CaseScore[] {
  return Object.entries(commits).flatMap(([repo, n]) =>
    Array.from({ length: n }, (_, i) => ({
      repo,
      commit: `c${i}`,
      case_id: `${repo}@c${i}`,
      value: i % 2 === 0 ? 0.1 : -0.1,
    }))
  );
}

Deno.test("in one repository it is the usual formula over commits", () => {
  const n = 10, sd = Math.sqrt(n * 0.01 / (n - 1));
  assert.equal(detectableDifference(differences({ a: n })), minimalDetectableDifference(n, { sd }));
});

Deno.test("equal repositories add up, and a poor one is not made up for by a rich one", () => {
  const pair = detectableDifference(differences({ a: 10, b: 10 }))!;
  assert.ok(Math.abs(pair / detectableDifference(differences({ a: 10 }))! - Math.SQRT1_2) < 1e-12);
  const uneven = detectableDifference(differences({ a: 2, b: 18 }))!;
  assert.ok(uneven > pair * 1.5, `${uneven} beside ${pair}`);
});

Deno.test("what repositories differ by on average is not spread within them", () => {
  const shifted = [
    ...differences({ a: 10 }),
    ...differences({ b: 10 }).map((d) => ({ ...d, value: d.value! + 0.7 })),
  ];
  assert.ok(
    Math.abs(detectableDifference(shifted)! - detectableDifference(differences({ a: 10, b: 10 }))!) < 1e-12,
  );
});

Deno.test("a single commit a repository, no case, or no difference at all tell nothing", () => {
  assert.equal(detectableDifference(differences({ a: 1, b: 1 })), null);
  assert.equal(detectableDifference([]), null);
  assert.equal(detectableDifference(differences({ a: 10 }).map((d) => ({ ...d, value: 0 }))), null);
});
