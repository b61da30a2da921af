/** The npm packages grammars come from, and the versions that are installed. Loads no parser. */
import type { Language } from "./languages.ts";

/** Where a grammar and its queries come from. */
export interface GrammarSource {
  /** Package and WebAssembly file of the grammar */
  readonly npm: string;
  readonly wasm: string;
  /** Packages whose `queries/tags.scm` are joined, in this order */
  readonly tags: readonly string[];
  /** Package whose `queries/locals.scm` says which names are local, where the tag query asks for it */
  readonly locals?: string;
}

const own = (name: string): GrammarSource => ({
  npm: `tree-sitter-${name}`,
  wasm: `tree-sitter-${name.replaceAll("-", "_")}.wasm`,
  tags: [`tree-sitter-${name}`],
});

/** The packages of every language. */
export const GRAMMAR_SOURCES: Readonly<Record<Language, GrammarSource>> = {
  python: own("python"),
  rust: own("rust"),
  javascript: own("javascript"),
  typescript: { ...own("typescript"), tags: ["tree-sitter-typescript", "tree-sitter-javascript"] },
  tsx: {
    npm: "tree-sitter-typescript",
    wasm: "tree-sitter-tsx.wasm",
    tags: ["tree-sitter-typescript", "tree-sitter-javascript"],
  },
  go: own("go"),
  java: own("java"),
  c: own("c"),
  cpp: own("cpp"),
  ruby: { ...own("ruby"), locals: "tree-sitter-ruby" },
  php: own("php"),
  csharp: own("c-sharp"),
};

/** URL of a file of an installed grammar package or of the parser. @throws {TypeError} when the package is not installed */
export function packageFile(npm: string, file: string): URL {
  // The parser lets nobody name its package.json; its WebAssembly lies beside it.
  const known = npm === PARSER ? `${PARSER}.wasm` : "package.json";
  return new URL(file, import.meta.resolve(`${npm}/${known}`));
}

/** The package that runs every grammar. */
const PARSER = "web-tree-sitter";

const keys = new Map<Language, string>(), versions = new Map<string, string>();

/**
 * Names what a language's tags depend on outside this kit: the parser's and the grammar packages' versions, as in
 * "typescript web-tree-sitter@0.27.1 tree-sitter-typescript@0.23.2 tree-sitter-javascript@0.25.0".
 */
export function grammarKey(language: Language): string {
  let key = keys.get(language);
  if (key === undefined) {
    const { npm, tags } = GRAMMAR_SOURCES[language];
    const names = [PARSER, ...new Set([npm, ...tags])];
    keys.set(language, key = [language, ...names.map((name) => `${name}@${versionOf(name)}`)].join(" "));
  }
  return key;
}

function versionOf(npm: string): string {
  let version = versions.get(npm);
  if (version === undefined) {
    const text = Deno.readTextFileSync(packageFile(npm, "package.json"));
    versions.set(npm, version = (JSON.parse(text) as { version: string }).version);
  }
  return version;
}
