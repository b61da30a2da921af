/** Source text of the imagined project's files: definitions, imports and calls that a tag reader finds, around lines that grow. */
import { dirname, relative } from "node:path/posix";
import type { SampleFile } from "./sample_project.ts";

/** A file as it stands at some commit. */
export interface SampleState {
  readonly file: SampleFile;
  /** where it is now: renames move it */
  path: string;
  /** statements by function (by tested function in a test), oldest first */
  readonly lines: Map<string, string[]>;
}

/** Statements a function keeps; the oldest give way. */
const KEPT_LINES = 7;

/** Adds one statement to a function of a file. */
export function growState(state: SampleState, name: string, value: number, topic: string): void {
  const lines = state.lines.get(name) ?? [];
  lines.push(statement(state.path, value, topic));
  if (lines.length > KEPT_LINES) lines.shift();
  state.lines.set(name, lines);
}

const languageOf = (path: string) => path.slice(path.lastIndexOf(".") + 1) as "ts" | "py" | "go" | "rs";
const stem = (path: string) => path.slice(path.lastIndexOf("/") + 1).replace(/\.\w+$/, "");

function statement(path: string, value: number, topic: string): string {
  switch (languageOf(path)) {
    case "py":
      return `    total += ${value}  # ${topic}`;
    case "go":
      return `\ttotal += ${value} // ${topic}`;
    default:
      return `${languageOf(path) === "rs" ? "    " : "  "}total += ${value}; // ${topic}`;
  }
}

/** The functions a state's own functions (or tests) are about. */
export function subjectsOf(state: SampleState, at: ReadonlyMap<string, SampleState>): readonly string[] {
  return state.file.role === "test"
    ? state.file.uses.flatMap((used) => at.get(used)?.file.names ?? [])
    : state.file.names;
}

/** Writes a file. @param at states by the path a file was born with; those not there yet are not linked to */
export function renderState(state: SampleState, at: ReadonlyMap<string, SampleState>): string {
  const used = state.file.uses.flatMap((path) => at.get(path) ?? []);
  const language = languageOf(state.path);
  const head = used.map((other) => importOf(language, state.path, other)).filter((line) => line !== "");
  if (language === "go") head.unshift(`package ${state.path === "gate/main.go" ? "main" : "ticket"}`);
  if (state.path === "tide_core/src/lib.rs") head.unshift("mod curve;", "mod harmonics;");
  const bodies = subjectsOf(state, at).map((name, i) => {
    const calls = state.file.role === "test"
      ? [name]
      : used.filter(({ file }) => file.role !== "types").map(({ file }) =>
        file.names[i % file.names.length]!
      );
    const types = used.filter(({ file }) => file.role === "types").map(({ file }) =>
      file.names[i % file.names.length]!
    );
    return definition(language, state, name, { calls, types, lines: state.lines.get(name) ?? [] });
  });
  return [...new Set(head), "", ...bodies].join("\n").replace(/^\n/, "") + "\n";
}

function importOf(
  language: ReturnType<typeof languageOf>,
  from: string,
  { path, file }: SampleState,
): string {
  switch (language) {
    case "ts": {
      const link = relative(dirname(from), path);
      const kind = file.role === "types" ? "import type" : "import";
      return `${kind} { ${file.names.join(", ")} } from "${link.startsWith(".") ? link : `./${link}`}";`;
    }
    case "py":
      return `from ${path.replace(/\.py$/, "").replaceAll("/", ".")} import ${file.names.join(", ")}`;
    case "go":
      return from === "gate/main.go" ? `import "ferry.example/gate/ticket"` : "";
    case "rs":
      return `use ${from.includes("/tests/") ? "tide_core" : "crate"}::${stem(path)}::{${
        file.names.join(", ")
      }};`;
  }
}

/** What a function's body is made of. */
interface Uses {
  readonly calls: readonly string[];
  readonly types: readonly string[];
  readonly lines: readonly string[];
}

function definition(
  language: ReturnType<typeof languageOf>,
  { file, path }: SampleState,
  name: string,
  { calls, types, lines }: Uses,
): string {
  const isTest = file.role === "test",
    body = (indent: string, end: string) =>
      [...calls.map((call) => `${indent}total += ${call}(total)${end}`), ...lines].join("\n");
  switch (language) {
    case "ts":
      if (file.role === "types") {
        return `export interface ${name} {\n  total: number;\n${
          lines.map((line, i) => line.replace(/total \+= (\d+);/, `field${i}: $1;`)).join("\n")
        }\n}\n`;
      }
      return isTest
        ? `Deno.test("${name} holds", () => {\n  let total = 0;\n${body("  ", ";")}\n});\n`
        : `export function ${name}(total: number${
          types.map((type) => `, given?: ${type}`).join("")
        }): number {\n${body("  ", ";")}\n  return total;\n}\n`;
    case "py":
      if (file.role === "types") {
        return `class ${name}:\n    total = 0\n${
          lines.map((line, i) => line.replace("total +=", `field_${i} =`)).join("\n")
        }\n\n`;
      }
      return `def ${isTest ? `test_${name}` : name}(${isTest ? "" : "total"}):\n${
        isTest ? "    total = 0\n" : ""
      }${types.map((type) => `    given = ${type}()\n`).join("")}${body("    ", "")}\n    return total\n\n`;
    case "go": {
      const prefix = path === "gate/main.go" ? "ticket." : "";
      const goBody = [...calls.map((call) => `\ttotal += ${prefix}${call}(total)`), ...lines].join("\n");
      return isTest
        ? `func Test${name}(t *testing.T) {\n\ttotal := 0\n${goBody}\n}\n`
        : `func ${name}(total int) int {\n${goBody}\n\treturn total\n}\n`;
    }
    case "rs":
      return isTest
        ? `#[test]\nfn ${name}_holds() {\n    let mut total = 0;\n${body("    ", ";")}\n}\n`
        : `pub fn ${name}(start: i64) -> i64 {\n    let mut total = start;\n${
          body("    ", ";")
        }\n    total\n}\n`;
  }
}
