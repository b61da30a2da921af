import assert from "node:assert/strict";
import { join } from "node:path";
import fc from "fast-check";
import { RecordError } from "../../lib/base/artefacts.ts";
import { type VersionRow, versionsFigure, versionsTable } from "../../lib/report/wisdom_versions.ts";
import { WISDOM_SCHEMA_FILE, wisdomSchemaText } from "../../lib/wisdom/json_schema.ts";
import {
  compareVersions,
  findWisdom,
  indented,
  listVersions,
  type NewBundle,
  readBundle,
  RELEASES_DIR,
  specWisdom,
  writeBundle,
} from "../../lib/wisdom/releases.ts";

const bundle = (version: string, parent: string | null = null): NewBundle => ({
  release: {
    version,
    parent,
    kit: "0.0.0",
    code: null,
    learned: ["nothing new"],
    sealed: null,
    score: null,
    against_parent: null,
    forced: false,
  },
  wisdom: { ...specWisdom(), name: version },
  extras: { "wisdom.md": "# page\n" },
});

async function inFolder(body: (dir: string) => void | Promise<void>): Promise<void> {
  const dir = Deno.makeTempDirSync();
  try {
    await body(dir);
  } finally {
    Deno.removeSync(dir, { recursive: true });
  }
}

Deno.test("a bundle is read back as it was written, and never written again", async () => {
  await inFolder((dir) => {
    assert.deepEqual(listVersions(dir), []);
    assert.equal(findWisdom(undefined, dir).name, "v1.0");
    const written = writeBundle(bundle("v1.0"), dir);
    assert.deepEqual(readBundle("v1.0", dir), written);
    assert.throws(() => writeBundle(bundle("v1.0"), dir), /released and stays as it is/);
    writeBundle(bundle("v1.2", "v1.0"), dir);
    writeBundle(bundle("v1.10", "v1.2"), dir);
    assert.deepEqual(listVersions(dir), ["v1.0", "v1.2", "v1.10"]);
    assert.equal(findWisdom(undefined, dir).name, "v1.10");
    assert.equal(findWisdom("v1.2", dir).name, "v1.2");
    assert.throws(() => writeBundle(bundle("v1.9", "v1.10"), dir), /cannot follow v1\.10/);
    assert.throws(() => readBundle("v3.0", dir), /there is v1\.0, v1\.2, v1\.10/);
    assert.throws(() => writeBundle({ ...bundle("v2.0"), extras: { "../x": "" } }, dir), /cannot hold/);
    assert.deepEqual(
      [...Deno.readDirSync(dir)].map((e) => e.name).filter((name) => name.endsWith(".tmp")),
      [],
    );
  });
});

Deno.test("any change to a released file is noticed", async () => {
  await inFolder((dir) => {
    writeBundle(bundle("v1.0"), dir);
    for (const name of ["wisdom.json", "wisdom.md"]) {
      const file = join(dir, "v1.0", name), text = Deno.readTextFileSync(file);
      Deno.writeTextFileSync(file, text + " ");
      assert.throws(() => readBundle("v1.0", dir), RecordError);
      Deno.writeTextFileSync(file, text);
    }
    Deno.removeSync(join(dir, "v1.0", "wisdom.md"));
    assert.throws(() => readBundle("v1.0", dir), /no such file/);
  });
});

Deno.test("every bundle committed with the kit is whole, and the first is the specification's defaults", () => {
  const versions = listVersions(RELEASES_DIR);
  assert.equal(versions[0], "v1.0");
  for (const version of versions) assert.equal(readBundle(version).release.version, version);
  assert.equal(indented(readBundle("v1.0").wisdom), indented(specWisdom()));
});

Deno.test("the published JSON Schema is the one the code has", () => {
  assert.equal(
    Deno.readTextFileSync(WISDOM_SCHEMA_FILE),
    wisdomSchemaText(),
    "data/wisdom.schema.json is stale: write wisdomSchemaText() of lib/wisdom/json_schema.ts to it",
  );
});

Deno.test("versions are ordered by their numbers, and no other text is one", () => {
  const version = fc.tuple(fc.nat(30), fc.nat(30));
  fc.assert(
    fc.property(version, version, (a, b) => {
      const order = compareVersions(`v${a[0]}.${a[1]}`, `v${b[0]}.${b[1]}`);
      assert.equal(Math.sign(order), Math.sign(a[0] * 100 + a[1] - b[0] * 100 - b[1]));
    }),
    { seed: 2 },
  );
  for (const text of ["1.0", "v1", "v01.0", "v1.0.0", "../v1.0", ""]) {
    assert.throws(() => compareVersions(text, "v1.0"), /no version/);
  }
});

Deno.test("versions are shown as a table and a figure with a text for those who do not see it", () => {
  const estimate = (mean: number) => ({
    metric: "ndcg@10",
    mean,
    low: mean - 0.01,
    high: mean + 0.01,
    level: 0.95,
    n_cases: 9,
    n_commits: 4,
    n_repos: 2,
  });
  const rows: VersionRow[] = [
    {
      version: "v1.0",
      parent: null,
      score: estimate(0.3),
      against_parent: null,
      learned: ["defaults"],
      forced: false,
    },
    {
      version: "v1.1",
      parent: "v1.0",
      score: estimate(0.4),
      against_parent: estimate(0.1),
      learned: ["a <b>"],
      forced: false,
    },
  ];
  const shown = versionsTable(rows);
  assert.match(shown.text, /v1\.1.*better.*a <b>/);
  assert.ok(!shown.html.includes("<b>"));
  const worse = { ...rows[1]!, against_parent: estimate(-0.1) };
  assert.match(versionsTable([worse]).text, /v1\.1.*−0\.1000.*worse/);
  const drawn = versionsFigure(rows)!;
  assert.match(drawn.alt, /v1\.0 0\.300 .*v1\.1 0\.400/);
  assert.match(drawn.svg, /^<svg/);
  // A first version without a score stands where its successor's difference puts it.
  const unscored = rows.map((row, i) => i === 0 ? { ...row, score: null } : row);
  assert.match(versionsFigure(unscored)!.alt, /v1\.0 0\.\d{3}, v1\.1 0\.400/);
  const many = [{
    ...rows[1]!,
    learned: [
      "formula a instead of b",
      "2 parameters moved: x, y",
      "preset p",
      "preset q",
      "rule r dropped",
      "warning w",
    ],
  }];
  assert.match(
    versionsTable(many).text,
    /formula a instead of b; 2 parameters moved; presets \+2; rules −1; warnings \+1/,
  );
  assert.equal(versionsFigure(rows.map((row) => ({ ...row, score: null }))), undefined);
});
