/** Reference, import and name graphs of small trees, and distances in them. */
import assert from "node:assert/strict";
import { hopsFrom, undirected } from "../../lib/corpus/hops.ts";
import { ImportResolver } from "../../lib/corpus/import_graph.ts";
import { PathTable, semanticLayer } from "../../lib/corpus/path_facts.ts";
import { referenceGraph } from "../../lib/corpus/reference_graph.ts";
import { type CompactTags, Vocabulary } from "../../lib/corpus/vocabulary.ts";
import { type BlobTags, emptyTags } from "../../lib/repo/blob_tags.ts";
import { edgesOf, layerFrom } from "../helpers/layers.ts";

/** Tags of files given as [defined names, used names with counts]. */
function tagged(files: readonly { defines?: string[]; uses?: Record<string, number>; imports?: string[] }[]) {
  const vocabulary = new Vocabulary();
  const tags = files.map((file, i): CompactTags => {
    const blob: BlobTags = {
      ...emptyTags("ok"),
      definitions: (file.defines ?? []).map((name) => [name, "function", 1]),
      references: Object.entries(file.uses ?? {}),
      imports: file.imports ?? [],
    };
    vocabulary.add(`${i}`, "python", blob);
    return vocabulary.of(`${i}`, "python");
  });
  return { tags, vocabulary };
}

Deno.test("referenceGraph counts uses toward every definer, and the rarer a name the more it says", () => {
  const { tags, vocabulary } = tagged([
    { uses: { boil: 4, pour: 1, nowhere: 9 } },
    { defines: ["boil", "boil"], uses: { boil: 3 } },
    { defines: ["boil", "pour"] },
  ]);
  const { references, references_idf } = referenceGraph(tags, vocabulary.nNames);
  // File 0 uses boil 4 times (files 1 and 2 define it, a second definition in one file adds nothing) and pour once (file 2).
  assert.deepEqual(edgesOf(references), [[0, 1, 4], [0, 2, 5], [1, 2, 3]]);
  assert.deepEqual(
    edgesOf(references_idf),
    [[0, 1, Math.fround(Math.sqrt(4) / 2)], [0, 2, Math.fround(Math.sqrt(4) / 2 + 1)], [
      1,
      2,
      Math.fround(Math.sqrt(3) / 2),
    ]],
  );
});

Deno.test("referenceGraph is the same whatever numbers the vocabulary gave, and has no edge to itself", () => {
  const files = [{ defines: ["x"], uses: { y: 2, z: 1 } }, { defines: ["y"], uses: { x: 1 } }, {
    defines: ["z"],
    uses: { z: 5 },
  }];
  const { tags, vocabulary } = tagged(files);
  const other = new Vocabulary();
  for (const name of ["z", "later", "y"]) {
    other.add(name, "python", { ...emptyTags("ok"), definitions: [[name, "function", 1]] });
  }
  files.forEach((file, i) =>
    other.add(`${i}`, "python", {
      ...emptyTags("ok"),
      definitions: file.defines.map((name) => [name, "function", 1]),
      references: Object.entries(file.uses),
    })
  );
  const again = files.map((_, i) => other.of(`${i}`, "python"));
  assert.deepEqual(referenceGraph(again, other.nNames), referenceGraph(tags, vocabulary.nNames));
  assert.ok(edgesOf(referenceGraph(tags, vocabulary.nNames).references).every(([from, to]) => from !== to));
});

/** Targets of one file's imports, by path. */
function imports(files: readonly string[], from: string, specifiers: string[]): Record<string, number> {
  const { tags } = tagged(files.map((file) => file === from ? { imports: specifiers } : {}));
  const layer = new ImportResolver().layer(files, tags);
  const at = files.indexOf(from);
  return Object.fromEntries(edgesOf(layer).filter(([i]) => i === at).map(([, to, w]) => [files[to]!, w]));
}

Deno.test("imports resolve in every language the way the language means them", () => {
  const table: { files: string[]; from: string; specifier: string; to: string[] }[] = [
    // Python: absolute by the longest suffix, a symbol dropped; relative by the exact path.
    { files: ["src/tea/leaf.py", "a.py"], from: "a.py", specifier: "tea.leaf", to: ["src/tea/leaf.py"] },
    {
      files: ["src/tea/leaf.py", "a.py"],
      from: "a.py",
      specifier: "tea.leaf.steep",
      to: ["src/tea/leaf.py"],
    },
    { files: ["tea/__init__.py", "tea/a.py"], from: "tea/a.py", specifier: ".", to: ["tea/__init__.py"] },
    { files: ["tea/b.py", "tea/a.py", "b.py"], from: "tea/a.py", specifier: ".b", to: ["tea/b.py"] },
    { files: ["tea/b.py", "tea/a.py"], from: "tea/a.py", specifier: ".b.symbol", to: ["tea/b.py"] },
    { files: ["tea/up.py", "tea/in/a.py"], from: "tea/in/a.py", specifier: "..up", to: ["tea/up.py"] },
    { files: ["a.py", "b.py", "x/b.py"], from: "a.py", specifier: ".b", to: ["b.py"] },
    { files: ["a.py"], from: "a.py", specifier: "...nowhere", to: [] },
    // ECMAScript: with and without extension, folders by their index, bare packages not at all.
    { files: ["s/a.ts", "s/b.ts", "b.ts"], from: "s/a.ts", specifier: "./b.ts", to: ["s/b.ts"] },
    { files: ["s/a.ts", "s/b.tsx", "b.ts"], from: "s/a.ts", specifier: "./b", to: ["s/b.tsx"] },
    { files: ["s/a.ts", "s/b.ts"], from: "s/a.ts", specifier: "./b.js", to: ["s/b.ts"] },
    { files: ["s/a.ts", "s/ui/index.ts"], from: "s/a.ts", specifier: "./ui", to: ["s/ui/index.ts"] },
    { files: ["s/a.ts", "index.ts"], from: "s/a.ts", specifier: "..", to: ["index.ts"] },
    { files: ["a.ts", "lib/zod.ts"], from: "a.ts", specifier: "zod", to: [] },
    { files: ["a.ts", "src/lib/tea.ts"], from: "a.ts", specifier: "@/lib/tea", to: ["src/lib/tea.ts"] },
    {
      files: ["a/b/c/d/e/f/g/x.ts", "a/b/c/d/e/f/g/y.ts"],
      from: "a/b/c/d/e/f/g/x.ts",
      specifier: "./y.ts",
      to: ["a/b/c/d/e/f/g/y.ts"],
    },
    // Rust: crate paths by suffix; self and super by the module a file is.
    { files: ["src/lib.rs", "src/pan.rs"], from: "src/lib.rs", specifier: "self::pan", to: ["src/pan.rs"] },
    {
      files: ["src/pan.rs", "src/pan/lid.rs", "src/lid.rs"],
      from: "src/pan.rs",
      specifier: "self::lid",
      to: ["src/pan/lid.rs"],
    },
    {
      files: ["src/pan/mod.rs", "src/pan/lid.rs"],
      from: "src/pan/mod.rs",
      specifier: "self::lid",
      to: ["src/pan/lid.rs"],
    },
    {
      files: ["src/pan/lid.rs", "src/pan.rs"],
      from: "src/pan/lid.rs",
      specifier: "super::Pan",
      to: ["src/pan.rs"],
    },
    {
      files: ["src/a.rs", "src/b.rs", "b.rs"],
      from: "src/a.rs",
      specifier: "super::b::Boil",
      to: ["src/b.rs"],
    },
    {
      files: ["src/a.rs", "src/pan/lid.rs"],
      from: "src/a.rs",
      specifier: "crate::pan::lid::Lid",
      to: ["src/pan/lid.rs"],
    },
    // Go: a package is its folder.
    {
      files: ["main.go", "store/a.go", "store/b.go"],
      from: "main.go",
      specifier: "x.y/z/store",
      to: ["store/a.go", "store/b.go"],
    },
    { files: ["main.go", "store/a.py"], from: "main.go", specifier: "x.y/z/store", to: [] },
    // C and C++: beside the file first, then by suffix.
    { files: ["s/a.c", "s/b.h", "include/b.h"], from: "s/a.c", specifier: "b.h", to: ["s/b.h"] },
    { files: ["s/a.cpp", "include/x/b.hpp"], from: "s/a.cpp", specifier: "x/b.hpp", to: ["include/x/b.hpp"] },
    // Ruby, Java, C#, PHP.
    { files: ["lib/a.rb", "lib/b.rb", "b.rb"], from: "lib/a.rb", specifier: "./b", to: ["lib/b.rb"] },
    { files: ["lib/a.rb", "lib/tea/b.rb"], from: "lib/a.rb", specifier: "tea/b", to: ["lib/tea/b.rb"] },
    {
      files: ["src/org/tea/Pot.java", "A.java"],
      from: "A.java",
      specifier: "org.tea.Pot",
      to: ["src/org/tea/Pot.java"],
    },
    { files: ["Tea/Pot.cs", "A.cs"], from: "A.cs", specifier: "House.Tea.Pot", to: ["Tea/Pot.cs"] },
    {
      files: ["src/Tea/Pot.php", "a.php"],
      from: "a.php",
      specifier: "House\\Tea\\Pot",
      to: ["src/Tea/Pot.php"],
    },
    // Never into another language family, never to itself, nothing without a grammar.
    { files: ["a.py", "tea/leaf.ts"], from: "a.py", specifier: "tea.leaf", to: [] },
    { files: ["a.py"], from: "a.py", specifier: ".a", to: [] },
    { files: ["a.sh", "b.sh"], from: "a.sh", specifier: "./b.sh", to: [] },
  ];
  for (const { files, from, specifier, to } of table) {
    assert.deepEqual(
      Object.keys(imports(files, from, [specifier])).sort(),
      to,
      `${specifier} in ${from} of ${files}`,
    );
  }
});

Deno.test("an import shared by several files weighs a part on each; the best of several imports counts", () => {
  assert.deepEqual(imports(["main.go", "s/a.go", "s/b.go"], "main.go", ["x/s"]), {
    "s/a.go": 0.5,
    "s/b.go": 0.5,
  });
  assert.deepEqual(imports(["a.py", "t/b.py", "u/b.py"], "a.py", ["b", "t.b"]), {
    "t/b.py": 1,
    "u/b.py": 0.5,
  });
});

Deno.test("ImportResolver forgets what it resolved when the files change", () => {
  const resolver = new ImportResolver();
  const { tags } = tagged([{ imports: ["./b"] }, {}]);
  assert.deepEqual(edgesOf(resolver.layer(["a.ts", "b.ts"], tags)), [[0, 1, 1]]);
  assert.deepEqual(edgesOf(resolver.layer(["a.ts", "c.ts"], tags)), []);
  assert.deepEqual(edgesOf(resolver.layer(["a.ts", "b.ts"], tags)), [[0, 1, 1]]);
});

Deno.test("the semantic layer joins files of one stem, tests with their sources, unless the stem is everywhere", () => {
  const table = new PathTable();
  const layer = (files: string[]) => edgesOf(semanticLayer(files.map((file) => table.of(file))));
  assert.deepEqual(layer(["a/leaf.py", "b/leaf.ts", "c/well.go", "tests/test_leaf.py"]), [
    [0, 1, 1],
    [0, 3, 1],
    [1, 0, 1],
    [1, 3, 1],
    [3, 0, 1],
    [3, 1, 1],
  ]);
  assert.deepEqual(layer(Array.from({ length: 11 }, (_, i) => `d${i}/index.ts`)), []);
});

Deno.test("hopsFrom counts edges in either direction and marks what it cannot reach", () => {
  const layer = layerFrom(6, [[0, 1, 1], [2, 1, 1], [2, 3, 1], [4, 5, 1]]);
  assert.deepEqual([...hopsFrom(undirected(layer), 0, 255)], [0, 1, 2, 3, 255, 255]);
  assert.deepEqual([...hopsFrom(undirected(layer), 5, 255)], [255, 255, 255, 255, 1, 0]);
  const chain = layerFrom(300, Array.from({ length: 299 }, (_, i) => [i, i + 1, 1] as const));
  const far = hopsFrom(undirected(chain), 0, 255);
  assert.equal(far[254], 254);
  assert.equal(far[255], 255);
  assert.equal(far[299], 255, "beyond 254 hops counts as unreached");
});
