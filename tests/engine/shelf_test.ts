import assert from "node:assert/strict";
import fc from "fast-check";
import { Shelf } from "../../lib/engine/shelf.ts";

Deno.test("a shelf gives what was made for owner and key, whatever it had to let go", () => {
  const owners = Array.from({ length: 4 }, (_, i) => ({ i }));
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(3), fc.constantFrom("a", "b", "c"), fc.integer({ min: 1, max: 60 }))),
      (asked) => {
        const shelf = new Shelf<string>(100, (value) => value.length);
        const sizes = new Map<string, number>();
        for (const [o, key, size] of asked) {
          const name = `${o}${key}`, wanted = sizes.get(name) ?? size;
          sizes.set(name, wanted);
          assert.equal(shelf.get(owners[o]!, key, () => name.repeat(wanted)), name.repeat(wanted));
          assert.ok(shelf.bytes <= 100 || shelf.bytes === 2 * wanted, `${shelf.bytes} bytes`);
        }
      },
    ),
    { seed: 41, numRuns: 200 },
  );
});

Deno.test("what was used last is kept, what was used first is made again", () => {
  const shelf = new Shelf<string>(20, (value) => value.length), owner = {}, made: string[] = [];
  const ask = (key: string) =>
    shelf.get(owner, key, () => {
      made.push(key);
      return key.repeat(10);
    });
  for (const key of ["a", "b", "a", "c", "a", "b"]) ask(key);
  assert.deepEqual(made, ["a", "b", "c", "b"]);
});
