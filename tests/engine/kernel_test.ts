/** The kernel's bytes and its arithmetic. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { Arena } from "../../lib/engine/arena.ts";
import { KERNEL_BASE64 } from "../../lib/engine/kernel/binary.ts";
import { compileKernel, kernelBinaryText } from "../../lib/engine/kernel/compile.ts";
import { KernelMemory, Region } from "../../lib/engine/kernel_memory.ts";
import { chebyshevAlphas, chebyshevWeights } from "../../lib/engine/walk_basis.ts";

Deno.test("the committed kernel is what its sources compile to", async () => {
  const text = Deno.readTextFileSync(new URL("../../lib/engine/kernel/binary.ts", import.meta.url));
  const bytes = await compileKernel();
  assert.equal(kernelBinaryText(bytes), text);
  assert.equal(btoa(String.fromCharCode(...bytes)), KERNEL_BASE64);
});

Deno.test("powers of many numbers are Math.pow to a Float32, and 0 stays 0", () => {
  const memory = KernelMemory.of(Arena.load([], { splits: ["train"], mode: "seed" }));
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 9 }),
      fc.double({ min: -2, max: 5, noNaN: true }),
      fc.constantFrom(0, 1e-6),
      (numbers, exponent, floor) => {
        const region = new Region(memory), from = region.take(64), to = region.take(64);
        const input = memory.f32(from, numbers.length);
        input.set(numbers);
        memory.kernel.powers(from, to, numbers.length, 0, 1, floor, exponent);
        memory.f32(to, numbers.length).forEach((value, i) => {
          const base = input[i]! + floor, wanted = base < 1e-300 ? 0 : Math.fround(Math.pow(base, exponent));
          if (wanted === Infinity || (base > 0 && base < 2 ** -126)) return;
          assert.ok(
            Math.abs(value - wanted) <= 1.2e-7 * wanted + 2 ** -149,
            `${base}^${exponent} is ${value}`,
          );
        });
        region.release();
      },
    ),
    { seed: 51, numRuns: 300 },
  );
});

Deno.test("blocks given back are handed out again, zeroed", () => {
  const memory = KernelMemory.of(Arena.load([], { splits: ["test"], mode: "seed" }));
  const region = new Region(memory);
  memory.u8(region.take(100_000), 100_000).fill(7);
  const before = memory.size;
  region.release();
  const again = region.take(100_000);
  assert.equal(memory.size, before);
  assert.ok(memory.u8(again, 100_000).every((v) => v === 0));
});

Deno.test("interpolation reproduces what a walk may do in alpha, to 1e-7 of its size", () => {
  const nodes = chebyshevAlphas(20);
  fc.assert(
    fc.property(
      fc.double({ min: 0.05, max: 0.99, noNaN: true }),
      fc.double({ min: -0.8, max: 1, noNaN: true }),
      (alpha, eigenvalue) => {
        const curve = (a: number) => Math.sqrt(1 - a) / (1 - a * eigenvalue);
        const c = chebyshevWeights(nodes, alpha);
        const value = nodes.reduce((sum, node, k) => sum + c[k]! * curve(node), 0);
        assert.ok(Math.abs(value - curve(alpha)) < 1e-7 * Math.max(...nodes.map(curve)));
      },
    ),
    { seed: 52, numRuns: 300 },
  );
});
