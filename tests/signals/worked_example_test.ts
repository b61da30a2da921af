import assert from "node:assert/strict";
import { cp, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { PROJECT_ROOT } from "../../lib/base/paths.ts";
import { blankInput } from "../helpers/arbitrary_snapshot.ts";

/** Name and text of the block between the markers. */
function workedExample(): { file: string; code: string } {
  const text = Deno.readTextFileSync(join(PROJECT_ROOT, "CONTRIBUTING.md"));
  const found = /<!-- worked example begins: (\S+) -->\n```ts\n([\s\S]*?)```\n<!-- worked example ends -->/
    .exec(text);
  assert.ok(found, "CONTRIBUTING.md has no worked example between its markers");
  return { file: found[1]!, code: found[2]! };
}

/** The rooms a ranking needs, copied with one file more. */
async function kitWith(
  file: string,
  code: string,
  folder: string,
): Promise<(path: string) => Promise<unknown>> {
  for (const room of ["base", "records", "graph", "signals", "formula", "ranker"]) {
    await mkdir(join(folder, "lib"), { recursive: true });
    await cp(join(PROJECT_ROOT, "lib", room), join(folder, "lib", room), { recursive: true });
  }
  await Deno.writeTextFile(join(folder, "lib", "signals", file), code);
  return (path) => import(pathToFileURL(join(folder, "lib", path)).href);
}

Deno.test("the worked example of CONTRIBUTING adds a signal by one file, and formulas tune and rank with it", async () => {
  const { file, code } = workedExample();
  const folder = await Deno.makeTempDir();
  try {
    const load = await kitWith(file, code, folder);
    const { allSignals } = await load(
      "signals/registry.ts",
    ) as typeof import("../../lib/signals/registry.ts");
    const { parseFormula } = await load(
      "formula/document.ts",
    ) as typeof import("../../lib/formula/document.ts");
    const { searchSpace } = await load(
      "formula/parameters.ts",
    ) as typeof import("../../lib/formula/parameters.ts");
    const { rankFiles } = await load("ranker/rank.ts") as typeof import("../../lib/ranker/rank.ts");
    const name = file.replace(".signal.ts", "");
    assert.ok(allSignals().some((signal) => signal.name === name));

    const formula = parseFormula({
      record: "formula/1",
      name: "with-example",
      description: "a boost of the new signal",
      root: { op: "product", terms: [{ op: "boost", term: { op: "signal", signal: name } }] },
    });
    const space = searchSpace(formula);
    assert.deepEqual(space.map((p) => p.name), [`${name}_boost`, `${name}_gamma`]);
    const input = blankInput(["src/parse_date.ts", "src/render.ts", "tests/parse_date_test.ts", "zebra.rs"]);
    const run = rankFiles(formula, { [`${name}_boost`]: 10, [`${name}_gamma`]: 1 }, input, "seed");
    assert.deepEqual(run.files.map((f) => f.file), ["tests/parse_date_test.ts", "src/render.ts", "zebra.rs"]);
    assert.deepEqual(run.files.map((f) => f.score), [1 + 9 * 0.75, 1 + 9 * 0.5, 1]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("the worked example type-checks where it is to stand", async () => {
  const { file, code } = workedExample();
  const folder = await Deno.makeTempDir();
  try {
    await kitWith(file, code, folder);
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["check", "--config", join(PROJECT_ROOT, "deno.json"), join(folder, "lib", "signals", file)],
      cwd: PROJECT_ROOT,
      env: { NO_COLOR: "1" },
    }).output();
    assert.ok(success, new TextDecoder().decode(stderr));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
