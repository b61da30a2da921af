/** The split: time order inside development repositories, everything apart in lockbox ones. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { splitCommits } from "../../lib/oracle/split.ts";
import { SPLITS } from "../../lib/records/case.ts";

const names = (n: number) => Array.from({ length: n }, (_, i) => `c${i}`);

Deno.test("splitCommits gives ten commits five, two and three", () => {
  assert.deepEqual([...splitCommits(names(10), "development").values()], [
    ...Array<string>(5).fill("train"),
    ...Array<string>(2).fill("selection"),
    ...Array<string>(3).fill("test"),
  ]);
});

Deno.test("splitCommits locks every commit of a lockbox repository away, whatever the shares", () => {
  assert.deepEqual(
    new Set(splitCommits(names(7), "lockbox", { train: 1, selection: 0 }).values()),
    new Set(["lockbox"]),
  );
});

Deno.test("splitCommits never puts a newer commit into an earlier role, and gives each exactly one", () => {
  fc.assert(
    fc.property(fc.nat(60), fc.nat(100), fc.nat(100), (n, a, b) => {
      const train = a / 100, selection = (1 - train) * b / 100;
      const splits = splitCommits(names(n), "development", { train, selection });
      assert.deepEqual([...splits.keys()], names(n));
      const places = [...splits.values()].map((s) => SPLITS.indexOf(s));
      places.forEach((place, i) => assert.ok(i === 0 || place >= places[i - 1]!));
      const count = (s: string) => [...splits.values()].filter((x) => x === s).length;
      assert.ok(Math.abs(count("train") - n * train) <= 0.5 + 1e-9);
    }),
    { seed: 1, numRuns: 200 },
  );
});

Deno.test("splitCommits refuses shares that are negative, not numbers, or more than everything", () => {
  for (
    const shares of [{ train: -0.1, selection: 0.2 }, { train: 0.9, selection: 0.2 }, {
      train: NaN,
      selection: 0,
    }]
  ) {
    assert.throws(
      () => splitCommits(names(3), "development", shares),
      /shares in \[0, 1\] with a sum of at most 1/,
    );
  }
});
