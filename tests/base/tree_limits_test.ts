import assert from "node:assert/strict";
import { checkTreeLimits } from "../../lib/base/tree_limits.ts";

const check = (value: unknown) => checkTreeLimits("plan", value, [3, "steps"]);

Deno.test("small trees pass, whatever their nodes are", () => {
  check({ of: [{ of: { kind: "step" } }, "step", 3] });
  check(null);
  check({ of: [] });
});

Deno.test("more leaves than allowed are refused, however they are spread", () => {
  assert.throws(
    () => check({ of: [1, { of: [2, { of: [3, 4] }] }] }),
    /Bad plan: more than 3 steps; use fewer/,
  );
});

Deno.test("trees too deep, cyclic or sharing a node too often are refused at once", () => {
  let chain: unknown = 1;
  for (let i = 0; i < 100_000; i++) chain = { of: chain };
  assert.throws(() => check(chain), /Bad plan: nested too deep/);
  const cycle: { of: unknown[] } = { of: [] };
  cycle.of.push(cycle);
  assert.throws(() => check(cycle), /nested too deep/);
  let shared: unknown = 1;
  for (let i = 0; i < 64; i++) shared = { of: [shared, shared] };
  assert.throws(() => check(shared), /more than 3 steps/);
});
