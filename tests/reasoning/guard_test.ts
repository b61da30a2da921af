import assert from "node:assert/strict";
import { join } from "node:path";
import { PROJECT_ROOT } from "../../lib/base/paths.ts";
import { Arena } from "../../lib/engine/arena.ts";
import type { Corpus } from "../../lib/corpus/corpus.ts";
import { loadArenas, selectionArena, trainArena } from "../../lib/reasoning/guard.ts";
import { syntheticCorpora } from "./synthetic.ts";

const corpora = syntheticCorpora({ repos: 1, commits: 20 });
const load = (splits: Parameters<typeof Arena.load>[1]["splits"]) =>
  Arena.load(corpora, { splits, mode: "seed" });

Deno.test("only an arena of exactly the wanted split is admitted", () => {
  assert.equal(trainArena(load(["train"])).splits.join(), "train");
  assert.equal(selectionArena(load(["selection"])).splits.join(), "selection");
  for (
    const splits of [
      ["test"],
      ["lockbox"],
      ["train", "test"],
      ["train", "selection"],
      ["selection"],
      [],
    ] as const
  ) {
    assert.throws(() => trainArena(load(splits)), /exactly \["train"\] is wanted/, splits.join());
  }
  assert.throws(() => selectionArena(load(["test"])), TypeError);
  assert.throws(() => selectionArena(load(["train"])), TypeError);
});

Deno.test("an arena that says train and holds another case is refused, and the case is named", () => {
  const mixed = load(["train"]), foreign = load(["test"]);
  const forged = Object.assign(Object.create(mixed), { cases: [...mixed.cases, foreign.cases[0]!] }) as Arena;
  assert.throws(() => trainArena(forged), /the case repo-0@c\d+:\S+ of test/);
});

Deno.test("a corpus kept for the last look is refused before anything of it is read", () => {
  const sealed = { meta: { ...corpora[0]!.meta, role: "lockbox" }, read: () => assert.fail("it was read") };
  assert.throws(
    () => loadArenas([sealed as unknown as Corpus], { mode: "seed" }),
    /development repository is wanted/,
  );
});

Deno.test("a split without cases is refused by name", () => {
  assert.throws(
    () => loadArenas(syntheticCorpora({ commits: 1 }), { mode: "seed" }),
    /without selection cases/,
  );
});

Deno.test("no file of the room but the guard names the splits kept from it, and nothing else makes arenas", () => {
  const folder = join(PROJECT_ROOT, "lib/reasoning");
  const wrong: string[] = [];
  for (const { name } of Deno.readDirSync(folder)) {
    if (!name.endsWith(".ts") || name === "guard.ts") continue;
    const text = Deno.readTextFileSync(join(folder, name));
    if (/["'`]test["'`]|lockbox/i.test(text)) wrong.push(`${name} names a sealed split`);
    if (/Arena\.load\(|as unknown as (Train|Selection)Arena|as (Train|Selection)Arena/.test(text)) {
      wrong.push(`${name} makes an arena`);
    }
  }
  assert.deepEqual(wrong, []);
});
