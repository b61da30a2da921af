/** Worlds and expressions for the tests of the focus algebra. */
import fc from "fast-check";
import type { FocusExpression, Refinement } from "../../lib/focus/focus_expression.ts";
import type { FocusWorld } from "../../lib/focus/focus_world.ts";

/** A world from rows of path, symbols, links, days, commits; tests are files under tests/. */
export function world(rows: readonly (readonly [string, string, number[], number?, number?])[]): FocusWorld {
  const symbols = new Map<string, { node: number; score: number }[]>();
  rows.forEach(([, names], node) => {
    for (const name of names.split(" ").filter(Boolean)) {
      symbols.set(name, [...(symbols.get(name) ?? []), { node, score: 1 }]);
    }
  });
  return {
    paths: rows.map(([path]) => path),
    symbols: [...symbols].map(([name, files]) => ({ name, files })),
    neighbours: (node) => rows[node]![2],
    recencyDays: (node) => rows[node]![3],
    churn: (node) => rows[node]![4] ?? 0,
    isTest: (node) => rows[node]![0].startsWith("tests/"),
  };
}

/** auth - session - store - parser - lexer in a row; a test beside the parser; a loose file. */
export const CHAIN = world([
  ["src/auth.ts", "login AuthService", [1], 2, 40],
  ["src/session.ts", "openSession", [2], 50, 3],
  ["src/store.py", "save_row", [3], 400, 12],
  ["src/syntax/parser.ts", "parseConfig parse_header", [4, 5], 10, 25],
  ["src/syntax/lexer.ts", "Lexer nextToken", [], 29, 9],
  ["tests/parser_test.ts", "checksParser", [], 1, 30],
  ["docs/notes.md", "Notes", []],
]);

const WORDS = ["auth", "parser", "login", "Config", "store", "tests/parser_test.ts", "*.py", "zebra", "lexr"];

export const refinements: fc.Arbitrary<Refinement> = fc.oneof(
  fc.record({ kind: fc.constant("hops" as const), hops: fc.integer({ min: 0, max: 8 }) }),
  fc.record({ kind: fc.constant("recent" as const) }),
  fc.record({ kind: fc.constant("recent" as const), days: fc.double({ min: 1e-9, max: 1e30, noNaN: true }) }),
  fc.record({ kind: fc.constant("churned" as const), commits: fc.integer({ min: 1, max: 50 }) }),
  fc.constantFrom<Refinement>({ kind: "churned" }, { kind: "tests" }, { kind: "source" }),
  fc.record({
    kind: fc.constant("lang" as const),
    language: fc.constantFrom("py", "typescript", "c++", "a b"),
  }),
  fc.record({
    kind: fc.constant("path" as const),
    glob: fc.constantFrom("src/**", "*.ts", "with space/*", 'q"'),
  }),
);

const names: fc.Arbitrary<FocusExpression> = fc.oneof(
  fc.record({ kind: fc.constant("name" as const), text: fc.constantFrom(...WORDS), exact: fc.boolean() }),
  fc.record({
    kind: fc.constant("name" as const),
    text: fc.string({ minLength: 1, maxLength: 12, unit: "binary" }).filter((text) => text.trim() !== ""),
    exact: fc.constant(true),
  }),
);

/** Any expression of modest size. */
export const expressions: fc.Arbitrary<FocusExpression> = fc.letrec<{ node: FocusExpression }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 3, depthIdentifier: "focus" },
    names,
    fc.record({
      kind: fc.constantFrom("any" as const, "all" as const, "path" as const),
      of: fc.array(tie("node"), { minLength: 2, maxLength: 3, depthIdentifier: "focus" }),
    }),
    fc.record({
      kind: fc.constant("refined" as const),
      of: tie("node"),
      by: fc.array(refinements, { minLength: 1, maxLength: 2 }),
    }),
  ),
})).node;
