/**
 * Module specifiers of a text, found by patterns anchored at line starts where the language allows it.
 *
 * A light reading: an import inside a block comment or a string may be reported. Resolution to files is the reader's.
 */
import type { Language } from "./languages.ts";

type Finder = (text: string) => Iterable<string>;

/** Yields the first group that took part of every match of every pattern, in the patterns' order. */
function byPatterns(...patterns: RegExp[]): Finder {
  return function* (text) {
    for (const pattern of patterns) {
      for (const match of text.matchAll(pattern)) {
        const found = match.slice(1).find((group) => group !== undefined);
        if (found !== undefined) yield found;
      }
    }
  };
}

const PYTHON_IMPORT = /^[ \t]*import[ \t]+([^\n#;]+)/gm;
const PYTHON_FROM = /^[ \t]*from[ \t]+([.\w]+)[ \t]+import[ \t]*(?:\(([^)]*)\)|((?:[^\n\\#]|\\\r?\n)*))/gm;

/** `import a.b as c` gives a.b; `from a import b` gives a and a.b, since b may be a module; dots are kept as written. */
function* pythonImports(text: string): Generator<string> {
  const first = (item: string) => item.trim().split(/[\s\\]+/)[0]!;
  for (const match of text.matchAll(PYTHON_IMPORT)) {
    for (const item of match[1]!.split(",")) if (/^[.\w]+$/.test(first(item))) yield first(item);
  }
  for (const [, module = "", bracketed, plain = ""] of text.matchAll(PYTHON_FROM)) {
    yield module;
    const names = (bracketed ?? plain).replace(/#[^\n]*/g, "").replace(/\\\r?\n/g, " ");
    for (const item of names.split(",")) {
      if (/^\w+$/.test(first(item))) {
        yield module.endsWith(".") ? module + first(item) : `${module}.${first(item)}`;
      }
    }
  }
}

const RUST_USE = /^[ \t]*(?:pub(?:\([^)]*\))?[ \t]+)?use[ \t]+([^;]+);/gm;
const RUST_MOD = /^[ \t]*(?:pub(?:\([^)]*\))?[ \t]+)?mod[ \t]+(\w+)[ \t]*;/gm;

/** `use a::{b, c::d as e}` gives a::b and a::c::d, `use a::*` gives a; `mod x;` gives self::x. */
function* rustImports(text: string): Generator<string> {
  for (const match of text.matchAll(RUST_MOD)) yield `self::${match[1]}`;
  for (const match of text.matchAll(RUST_USE)) {
    yield* expandUse(match[1]!.replace(/\/\/[^\n]*/g, "").replace(/\s+as\s+\w+/g, "").replace(/\s+/g, ""));
  }
}

/** The paths of a use tree without white space and renames; a brace that is never closed ends the tree. */
function* expandUse(tree: string, prefix = ""): Generator<string> {
  let depth = 0, from = 0;
  for (let i = 0; i <= tree.length; i++) {
    const char = tree[i];
    if (char === "{") depth++;
    else if (char === "}") depth--;
    else if (char === undefined || (char === "," && depth === 0)) {
      const item = tree.slice(from, i), brace = item.indexOf("{");
      from = i + 1;
      if (brace >= 0) {
        yield* expandUse(item.slice(brace + 1, item.lastIndexOf("}")), prefix + item.slice(0, brace));
      } else if (item !== "") yield (prefix + item).replace(/::(\*|self)$/, "");
    }
  }
}

const GO_SINGLE = /^[ \t]*import[ \t]+(?:[\w.]+[ \t]+)?"([^"\n]+)"/gm;
const GO_BLOCK = /^[ \t]*import[ \t]*\(([^)]*)\)/gm;

function* goImports(text: string): Generator<string> {
  for (const match of text.matchAll(GO_SINGLE)) yield match[1]!;
  for (const block of text.matchAll(GO_BLOCK)) {
    for (const match of block[1]!.matchAll(/^[^"\n/]*"([^"\n]+)"/gm)) yield match[1]!;
  }
}

const RUBY_REQUIRE =
  /^[ \t]*(require|require_relative|load|autoload)\b[ \t(]*(?::\w+[ \t]*,[ \t]*)?["']([^"'\n]+)["']/gm;

/** `require "a/b"` gives a/b; `require_relative "c"` gives ./c. */
function* rubyImports(text: string): Generator<string> {
  for (const [, keyword, path = ""] of text.matchAll(RUBY_REQUIRE)) {
    yield keyword === "require_relative" && !path.startsWith(".") ? `./${path}` : path;
  }
}

const ecmascript = byPatterns(
  /\bfrom[ \t]*["']([^"'\n]+)["']/g,
  /^[ \t]*import[ \t]*["']([^"'\n]+)["']/gm,
  /\b(?:require|import)[ \t]*\([ \t\r\n]*["']([^"'\n]+)["']/g,
);
const include = byPatterns(/^[ \t]*#[ \t]*include[ \t]*"([^"\n]+)"/gm);

const FINDERS: Readonly<Record<Language, Finder>> = {
  python: pythonImports,
  rust: rustImports,
  javascript: ecmascript,
  typescript: ecmascript,
  tsx: ecmascript,
  go: goImports,
  java: byPatterns(/^[ \t]*import[ \t]+(?:static[ \t]+)?([\w.]+(?:\.\*)?)[ \t]*;/gm),
  c: include,
  cpp: include,
  ruby: rubyImports,
  php: byPatterns(
    /^[ \t]*use[ \t]+(?:function[ \t]+|const[ \t]+)?\\?(\w[\w\\]*)/gm,
    /\b(?:require|include)(?:_once)?\b[ \t(]*(?:__DIR__[ \t]*\.[ \t]*)?["']([^"'\n]+)["']/g,
  ),
  csharp: byPatterns(
    /^[ \t]*(?:global[ \t]+)?using[ \t]+(?:static[ \t]+)?(?:\w+[ \t]*=[ \t]*)?([A-Za-z_][\w.]*)[ \t]*;/gm,
  ),
};

/**
 * The distinct module specifiers of a text as written, in the order found.
 *
 * Python, Rust and Ruby are spelled as their finders say; JavaScript and TypeScript give import, export-from, require
 * and dynamic import of literal strings; C and C++ quoted includes only; PHP namespace uses and required files; Go,
 * Java and C# what follows the keyword.
 */
export function importsOf(text: string, language: Language): string[] {
  return [...new Set(FINDERS[language](text))];
}
