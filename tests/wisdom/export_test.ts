import assert from "node:assert/strict";
import { join } from "node:path";
import { spawnSync } from "node:child_process";
import fc from "fast-check";
import type { Wisdom } from "../../lib/records/wisdom.ts";
import { exportMarkdown } from "../../lib/wisdom/export_markdown.ts";
import { exportRust, RIPMAP_FIELDS } from "../../lib/wisdom/export_rust.ts";
import { exportDistilled, exportPoint } from "../../lib/wisdom/export_spec.ts";
import { exportToml } from "../../lib/wisdom/export_toml.ts";
import { specWisdom } from "../../lib/wisdom/releases.ts";
import { untested } from "../../lib/wisdom/tested.ts";
import { SPACE } from "./tea_study.ts";

const NASTY = "ends */ here\" \\ `code` </script>\n// {} \u0085 \u202e é # ][ ''' = ⚠";

const effect = {
  metric: "ndcg@10",
  mean: 0.1,
  low: 0.05,
  high: 0.15,
  level: 0.95,
  n_cases: 9,
  n_commits: 5,
  n_repos: 2,
};

function wisdomSaying(words: string): Wisdom {
  const base = specWisdom();
  const tested = { ...untested(words || "x"), verdict: "supported" as const, effect, judged_on: ["r2"] };
  const preset = {
    name: "debugging",
    description: words || "x",
    stratum: "intent == debug",
    formula: null,
    params: { ...base.defaults, pagerank_alpha: 1e-7, focus_max_hops: 3 },
    origin: "model" as const,
    episodes: ["s/e0000"],
    tested,
    beyond_tuned: null,
    kept: true,
  };
  return {
    ...base,
    name: words || "x",
    presets: [preset, { ...preset, name: "match", kept: false }],
    heuristics: [{
      text: "if seed.is_test: pagerank_alpha *= 0.5",
      origin: "model",
      episodes: ["s/e0000"],
      written_from: ["r1"],
      left_out: false,
      tested,
      elsewhere: null,
      default_on: true,
    }],
    warnings: [{
      text: "warn if pagerank_alpha <= 0.3: narrow",
      origin: "spec",
      episodes: [],
      cites: { kind: "hypothesis", id: "1234567890", claim: null },
      status: "untested",
      reason: words || "x",
      effect: null,
    }],
    intuitions: [{ sentence: words || "x", evidence: [], opinion: true }],
  };
}

/** What the export needs of ripmap: the fields it names, and two it does not. */
const STUB = `pub mod types {
    #[derive(Debug, Clone)]
    pub struct RankingConfig {
${Object.values(RIPMAP_FIELDS).map(({ field, type }) => `        pub ${field}: ${type},`).join("\n")}
        pub boost_caller_weight: f64,
        pub vendor_patterns: Vec<String>,
    }
    impl Default for RankingConfig {
        fn default() -> Self {
            Self {
${
  Object.values(RIPMAP_FIELDS).map(({ field, type }) =>
    `                ${field}: ${type === "f64" ? "0.0" : "0"},`
  ).join("\n")
}
                boost_caller_weight: 2.0,
                vendor_patterns: Vec::new(),
            }
        }
    }
}
mod presets;
fn main() {
    for preset in presets::PRESETS {
        let config = (preset.config)();
        println!("{} {} {} {} {}", preset.name, config.pagerank_alpha, config.focus_expansion_max_hops,
            config.boost_caller_weight, preset.description);
    }
    println!("{}", presets::preset("nonesuch").unwrap_err());
}
`;

Deno.test("the presets compile in Rust against ripmap's configuration and say what the wisdom says", () => {
  if (spawnSync("rustc", ["--version"]).status !== 0) {
    console.log("skipped: there is no rustc on this machine");
    return;
  }
  const dir = Deno.makeTempDirSync();
  try {
    Deno.writeTextFileSync(join(dir, "main.rs"), STUB);
    Deno.writeTextFileSync(join(dir, "presets.rs"), exportRust(wisdomSaying(NASTY)));
    const built = spawnSync("rustc", [
      "--edition",
      "2021",
      "-A",
      "dead_code",
      "-o",
      join(dir, "main"),
      join(dir, "main.rs"),
    ]);
    assert.equal(built.status, 0, String(built.stderr));
    const lines = String(spawnSync(join(dir, "main")).stdout).trim().split("\n");
    assert.match(lines[0]!, /^defaults 0\.85 2 2 /);
    assert.match(lines[2]!, /^debugging 0\.0000001 3 2 ends \*\/ here" \\ `code`/);
    assert.match(lines[3]!, /unknown preset "nonesuch": there is defaults, tuned, debugging$/);
  } finally {
    Deno.removeSync(dir, { recursive: true });
  }
});

Deno.test("all 17 parameters of the specification have a field in ripmap", () => {
  assert.deepEqual(Object.keys(RIPMAP_FIELDS).sort(), SPACE.map(({ name }) => name).sort());
});

Deno.test("whatever the words, each line of the TOML is one key, one table or nothing", () => {
  const bare = /^(?:\[\[?[a-z_.]+\]\]?|[a-z_]+ = (.+)|)$/;
  fc.assert(
    fc.property(fc.oneof(fc.constant(NASTY), fc.string({ unit: "binary", maxLength: 60 })), (words) => {
      const read: Record<string, unknown>[] = [];
      for (const line of exportToml(wisdomSaying(words)).split("\n")) {
        const found = bare.exec(line);
        assert.ok(found, JSON.stringify(line));
        if (found[1] !== undefined) read.push({ [line.split(" ")[0]!]: JSON.parse(found[1]) });
      }
      const said = read.find((row) => "name" in row)!["name"];
      assert.equal(said, (words || "x").toWellFormed());
    }),
    { seed: 4, numRuns: 1000 },
  );
});

Deno.test("the specification's shapes hold what was kept, on and not refuted", () => {
  const wisdom = wisdomSaying("plain");
  assert.deepEqual(Object.keys(exportDistilled(wisdom).presets), ["debugging"]);
  assert.equal(exportDistilled(wisdom).heuristics.length, 1);
  assert.deepEqual(exportPoint(wisdom), wisdom.tuned.params);
  assert.equal(exportPoint(wisdom, "debugging")["pagerank_alpha"], 1e-7);
  assert.throws(() => exportPoint(wisdom, "match"), /has debugging/);
});

Deno.test("no words open markup in the guidance", () => {
  fc.assert(
    fc.property(fc.oneof(fc.constant(NASTY), fc.string({ unit: "binary", maxLength: 80 })), (words) => {
      const page = exportMarkdown(wisdomSaying(words));
      const outsideCode = page.replace(/(?<![\\`])(`+)(?!`)[^]*?(?<!`)\1(?!`)/g, "");
      assert.doesNotMatch(outsideCode, /(?<!\\)(?:\\\\)*[<`]/);
    }),
    { seed: 6, numRuns: 1000 },
  );
});
