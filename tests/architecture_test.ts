/** The rooms of `lib` and which way imports may point. The table is the house; a broken edge is named. */
import assert from "node:assert/strict";
import { join, relative } from "node:path";
import { PROJECT_ROOT } from "../lib/base/paths.ts";

/** A room may import itself, rooms on lower lines, and nothing on its own line or above. */
const LINES: readonly (readonly string[])[] = [
  ["base"],
  ["records"],
  ["repo", "metrics", "claude", "graph"],
  ["oracle", "signals", "scratchpad", "focus"],
  ["formula"],
  ["corpus", "ranker"],
  ["engine"],
  ["search"],
  ["reasoning", "sensitivity"],
  ["wisdom"],
  ["study"],
  ["report"],
  ["notebook"],
  ["tasks"],
];

/** Rooms a scorer may never reach, by any chain of imports: they hold the labels. */
const BLIND: Readonly<Record<string, readonly string[]>> = {
  graph: ["oracle", "metrics"],
  signals: ["oracle", "metrics"],
  formula: ["oracle", "metrics"],
  ranker: ["oracle", "metrics"],
};

interface Edge {
  from: string;
  to: string;
}

function* sourceFiles(folder: string): Generator<string> {
  for (const entry of Deno.readDirSync(folder)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory) yield* sourceFiles(path);
    else if (entry.name.endsWith(".ts")) yield path;
  }
}

const LIB = join(PROJECT_ROOT, "lib");

/** Every import of one lib file by another, type-only imports included. */
function edges(): Edge[] {
  const found: Edge[] = [];
  for (const file of sourceFiles(LIB)) {
    const text = Deno.readTextFileSync(file);
    const pattern = /(?:from\s+|import\s*\(?\s*|new URL\(\s*)"(\.{1,2}\/[^"]+)"/g;
    for (const match of text.matchAll(pattern)) {
      found.push({ from: relative(LIB, file), to: relative(LIB, join(file, "..", match[1]!)) });
    }
  }
  return found;
}

const roomOf = (file: string) => file.split("/")[0]!;
const lineOf = (room: string) => LINES.findIndex((line) => line.includes(room));

Deno.test("every room of lib stands in the table", () => {
  const rooms = [...Deno.readDirSync(LIB)].filter((e) => e.isDirectory).map((e) => e.name);
  assert.deepEqual(rooms.filter((room) => lineOf(room) < 0), []);
});

Deno.test("imports point down the table only", () => {
  const wrong = edges().filter(({ from, to }) => {
    const a = roomOf(from), b = roomOf(to);
    return a !== b && lineOf(b) >= lineOf(a) && !to.startsWith("..");
  });
  assert.deepEqual(wrong, []);
});

Deno.test("no chain of imports leads from a scoring room to the labels", () => {
  const graph = Map.groupBy(edges(), (e) => e.from);
  for (const [room, forbidden] of Object.entries(BLIND)) {
    const seen = new Set([...graph.keys()].filter((file) => roomOf(file) === room));
    const queue = [...seen];
    for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
      assert.ok(!forbidden.includes(roomOf(file)), `${room} reaches ${file}`);
      for (const { to } of graph.get(file) ?? []) {
        if (!seen.has(to)) {
          seen.add(to);
          queue.push(to);
        }
      }
    }
  }
});

/** Text that may stand only in the files named; each guards one resource or one law. */
const RESERVED: readonly { what: string; pattern: RegExp; only: (file: string) => boolean }[] = [
  { what: "unseeded randomness", pattern: /Math\.random\(/, only: () => false },
  {
    what: "the clock",
    pattern: /\bDate\.now\(|new Date\(\)/,
    only: (f) => /^(tasks|notebook|claude)\//.test(f) || f === "base/clock.ts",
  },
];

Deno.test("the clock, randomness and child processes stand only where they are allowed", () => {
  const wrong: string[] = [];
  for (const file of sourceFiles(LIB)) {
    const name = relative(LIB, file), text = Deno.readTextFileSync(file);
    for (const rule of RESERVED) {
      if (rule.pattern.test(text) && !rule.only(name)) wrong.push(`${name}: ${rule.what}`);
    }
  }
  assert.deepEqual(wrong, []);
});
