/** Which files are source files, and which language each is written in; decided by the extension alone. */

/** The languages tags are extracted from. TSX is its own grammar; JSX is read by the JavaScript grammar. */
export const LANGUAGES = [
  "python",
  "rust",
  "javascript",
  "typescript",
  "tsx",
  "go",
  "java",
  "c",
  "cpp",
  "ruby",
  "php",
  "csharp",
] as const;

/** A language with a grammar. */
export type Language = typeof LANGUAGES[number];

const EXTENSIONS: Readonly<Record<Language, readonly string[]>> = {
  python: ["py", "pyi", "pyw"],
  rust: ["rs"],
  javascript: ["js", "mjs", "cjs", "jsx"],
  typescript: ["ts", "mts", "cts"],
  tsx: ["tsx"],
  go: ["go"],
  java: ["java"],
  c: ["c", "h"],
  cpp: ["cc", "cpp", "cxx", "hpp", "hh", "hxx"],
  ruby: ["rb"],
  php: ["php"],
  csharp: ["cs"],
};

/** Source code without a grammar here: ranked by everything but tags. Data, prose and build output are not source. */
const OTHER_SOURCE = (
  "kt kts scala swift m mm lua sh bash zsh fish ps1 pl pm r jl dart ex exs erl hrl elm hs ml mli fs fsi fsx clj " +
  "cljs cljc groovy nim zig v d cr vue svelte sql proto vb f90 cu coffee"
).split(" ");

const LANGUAGE_OF = new Map(
  LANGUAGES.flatMap((language) => EXTENSIONS[language].map((extension) => [extension, language] as const)),
);
const SOURCE = new Set([...LANGUAGE_OF.keys(), ...OTHER_SOURCE]);

/** Extension of a path: lower case, without the dot; "" for none. The name `.rs` has none: it is a hidden file's whole name. */
export function extensionOf(path: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const dot = name.lastIndexOf(".");
  return dot <= 0 ? "" : name.slice(dot + 1).toLowerCase();
}

/** The language of a path, or undefined when its extension has no grammar. Headers ending in `.h` count as C. */
export function languageOf(path: string): Language | undefined {
  return LANGUAGE_OF.get(extensionOf(path));
}

/**
 * Whether a path is a source file: what cases, candidates and trees are made of.
 *
 * Vendor folders are not filtered here; the ranker weighs them.
 */
export function isSourcePath(path: string): boolean {
  return SOURCE.has(extensionOf(path));
}
