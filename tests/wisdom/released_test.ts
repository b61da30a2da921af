/** What is released with the kit: every bundle is whole, is accepted by the published schema, and is what the measured page says. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { z } from "zod";
import { DATA_DIR } from "../../lib/base/paths.ts";
import { searchSpace } from "../../lib/formula/parameters.ts";
import { parseFormula } from "../../lib/formula/document.ts";
import { wisdomPage } from "../../lib/report/wisdom_page.ts";
import { exportToml } from "../../lib/wisdom/export_toml.ts";
import { compileHeuristics } from "../../lib/wisdom/heuristic_compile.ts";
import { compileWarnings } from "../../lib/wisdom/heuristic_warning.ts";
import { WISDOM_SCHEMA_FILE } from "../../lib/wisdom/json_schema.ts";
import { listVersions, readBundle } from "../../lib/wisdom/releases.ts";

const bundles = listVersions().map((version) => readBundle(version));

Deno.test("the published schema accepts every released wisdom and refuses a broken one", () => {
  const schema = z.fromJSONSchema(JSON.parse(Deno.readTextFileSync(WISDOM_SCHEMA_FILE)));
  for (const { dir, wisdom } of bundles) {
    const text = JSON.parse(Deno.readTextFileSync(join(dir, "wisdom.json")));
    const read = schema.safeParse(text);
    assert.ok(read.success, `${wisdom.name}: ${read.error?.message}`);
    const { conclusion: _, ...without } = text;
    assert.ok(!schema.safeParse(without).success);
    assert.ok(!schema.safeParse({ ...text, record: "wisdom/2" }).success);
    assert.ok(!schema.safeParse({ ...text, surplus: 1 }).success);
  }
});

Deno.test("every released rule and warning compiles, every point is legal, and what is on was supported", () => {
  for (const { wisdom } of bundles) {
    const space = searchSpace(parseFormula(wisdom.formula));
    compileHeuristics(wisdom.heuristics.map(({ text }) => text), space);
    compileWarnings(wisdom.warnings.map(({ text }) => text), space);
    for (const { default_on, tested } of wisdom.heuristics) {
      assert.equal(default_on, tested.verdict === "supported");
      if (default_on) assert.ok(tested.effect!.low > 0 && tested.p_adjusted! <= 0.05);
    }
    for (const { kept, tested } of wisdom.presets) if (kept) assert.ok(tested.effect!.low > -0.01);
  }
});

Deno.test("a bundle holds names of repositories and no path of theirs or of a machine", () => {
  for (const { dir, release } of bundles) {
    for (const name of Object.keys(release.files)) {
      const text = Deno.readTextFileSync(join(dir, name));
      assert.doesNotMatch(
        text,
        /[\w.-]+\/[\w./-]+\.(?:py|rs|ts|tsx|js|go|java|rb|php|c|h)\b/,
        `${dir}/${name}`,
      );
      assert.doesNotMatch(text, /(?:^|["\s(])\/(?:home|root|tmp|work|Users)\b/m, `${dir}/${name}`);
    }
  }
});

Deno.test("the measured page is made from the released bundles", () => {
  const file = join(DATA_DIR, "measured", "wisdom.md"), page = Deno.readTextFileSync(file);
  const commands = /Made by:\n\n```sh\n([^]*?)\n```/.exec(page)?.[1]?.split("\n") ?? [];
  const made = wisdomPage({
    versions: bundles.map(({ release, wisdom }) => ({ release, wisdom, row: release })),
    commands,
    figure: "figures/wisdom-versions.svg",
  });
  assert.equal(page, made, "run deno task versions --page data/measured/wisdom.md");
  Deno.statSync(join(DATA_DIR, "measured", "figures", "wisdom-versions.svg"));
});

Deno.test("a TOML reader reads the export of every bundle and finds its presets and rules", () => {
  const python = ["-c", "import json,sys,tomllib; print(json.dumps(tomllib.loads(sys.stdin.read())))"];
  if (spawnSync("python3", ["-c", "import tomllib"]).status !== 0) {
    console.log("skipped: there is no python3 with tomllib on this machine");
    return;
  }
  for (const { wisdom } of bundles) {
    const { status, stdout, stderr } = spawnSync("python3", python, { input: exportToml(wisdom) });
    assert.equal(status, 0, String(stderr));
    const read = JSON.parse(String(stdout));
    const kept = wisdom.presets.filter((p) => p.kept);
    for (const { name, params } of kept) assert.deepEqual(read.presets[name].params, params, name);
    assert.equal((read.heuristics ?? []).length, wisdom.heuristics.length);
    assert.equal((read.warnings ?? []).length, wisdom.warnings.length);
  }
});
