/**
 * Tree-sitter grammars and tag queries, from the npm grammar packages.
 *
 * Queries are the packages' own `queries/tags.scm`. TypeScript's and TSX's are followed by JavaScript's, as the
 * package's `tree-sitter.json` lists them: alone they hold no call reference at all. Every query compiles whole with
 * the pinned versions; one that does not is an error, never a shorter query. What the packages' queries lack is added
 * in {@link SUPPLEMENTS}, so that no language is without calls:
 *
 * | language | packaged definitions | packaged references | added |
 * | --- | --- | --- | --- |
 * | Python | class, function, module constant | call | - |
 * | Rust | struct/enum/union/alias, function, method, trait, mod, macro | call, field call, macro, impl | path calls `a::b()`, generic calls |
 * | JavaScript | class, function, arrow, method, constant | call, member call, new | - |
 * | TypeScript, TSX | + interface, signature, module, abstract class | + annotated types | enum, type alias |
 * | Go | function, method, type | call, type | - |
 * | Java | class, interface, method | call, new, superclass, implements | enum, record |
 * | C | struct, union, function, typedef, enum | none | call |
 * | C++ | + class, method | none | call, member call, qualified call |
 * | Ruby | class, module, method | call, bare identifier or constant | - (locals are left out by `locals.scm`) |
 * | PHP | module, interface, trait, class, field, function | qualified call, member and static call, implements | plain call, `new` and `extends` of a plain name |
 * | C# | class, interface, method, namespace | bases, new, declared types, member call | plain call, struct, enum, record |
 */
import { Language as Grammar, Parser, Query } from "web-tree-sitter";
import { GRAMMAR_SOURCES, packageFile } from "./grammar_packages.ts";
import type { Language } from "./languages.ts";

const TYPESCRIPT_TYPES = `
(enum_declaration name: (identifier) @name) @definition.enum
(type_alias_declaration name: (type_identifier) @name) @definition.type`;

const C_CALLS = `
(call_expression function: (identifier) @name) @reference.call
(call_expression function: (field_expression field: (field_identifier) @name)) @reference.call`;

/**
 * A packaged query without its doc comments: `(comment)* @doc .` before a definition, and the directives on `@doc`.
 *
 * They decide no name and no kind, only which comment belongs to it. Without them every pattern has one outermost node,
 * which is what lets `incremental.ts` query the changed part of a tree alone.
 */
function withoutDocs(query: string): string {
  return query.replace(/\(comment\)\*\s*@doc\s*\.\s*/g, "")
    .replace(/\(#[\w-]+!\s+@doc(?:\s+(?:@[\w.]+|"(?:[^"\\]|\\.)*"))*\s*\)/g, "");
}

/** Patterns of our own, appended to the packaged query. They never displace a packaged tag: the first pattern wins. */
const SUPPLEMENTS: Readonly<Partial<Record<Language, string>>> = {
  rust: `
(call_expression function: (scoped_identifier name: (identifier) @name)) @reference.call
(call_expression function: (generic_function function: [
  (identifier) @name
  (scoped_identifier name: (identifier) @name)
  (field_expression field: (field_identifier) @name)])) @reference.call`,
  typescript: TYPESCRIPT_TYPES,
  tsx: TYPESCRIPT_TYPES,
  java: `
(enum_declaration name: (identifier) @name) @definition.enum
(record_declaration name: (identifier) @name) @definition.class`,
  c: C_CALLS,
  cpp: C_CALLS + `
(call_expression function: (qualified_identifier name: (identifier) @name)) @reference.call
(call_expression function: (template_function name: (identifier) @name)) @reference.call`,
  php: `
(function_call_expression function: (name) @name) @reference.call
(object_creation_expression (name) @name) @reference.class
(base_clause (name) @name) @reference.class`,
  csharp: `
(invocation_expression function: (identifier) @name) @reference.call
(invocation_expression function: (generic_name (identifier) @name)) @reference.call
(struct_declaration name: (identifier) @name) @definition.class
(record_declaration name: (identifier) @name) @definition.class
(enum_declaration name: (identifier) @name) @definition.enum`,
};

/** A grammar ready to parse and its tag query. They live as long as the thread. */
export interface LoadedGrammar {
  readonly language: Language;
  readonly parser: Parser;
  readonly tags: Query;
  /** Scopes and local definitions; present where the tag query leaves out local names */
  readonly locals?: Query;
}

const loaded = new Map<Language, Promise<LoadedGrammar>>();
let runtime: Promise<void> | undefined;

/**
 * Loads a grammar once a thread.
 *
 * @throws {Error} when its package is not installed or its query does not compile, naming the package and the cause
 */
export function loadGrammar(language: Language): Promise<LoadedGrammar> {
  let grammar = loaded.get(language);
  if (grammar === undefined) loaded.set(language, grammar = load(language));
  return grammar;
}

async function load(language: Language): Promise<LoadedGrammar> {
  const source = GRAMMAR_SOURCES[language];
  try {
    runtime ??= Parser.init({
      wasmBinary: Deno.readFileSync(packageFile("web-tree-sitter", "web-tree-sitter.wasm")),
    });
    await runtime;
    const grammar = await Grammar.load(Deno.readFileSync(packageFile(source.npm, source.wasm)));
    const text = source.tags.map((npm) => Deno.readTextFileSync(packageFile(npm, "queries/tags.scm")));
    const tags = new Query(grammar, [...text.map(withoutDocs), SUPPLEMENTS[language] ?? ""].join("\n"));
    for (let pattern = 0; pattern < tags.patternCount(); pattern++) {
      if (!tags.isPatternRooted(pattern)) {
        throw new Error(`pattern ${pattern} of its query has several roots`);
      }
    }
    const parser = new Parser().setLanguage(grammar);
    if (source.locals === undefined) return { language, parser, tags };
    const scm = Deno.readTextFileSync(packageFile(source.locals, "queries/locals.scm"));
    return { language, parser, tags, locals: new Query(grammar, scm) };
  } catch (cause) {
    throw new Error(
      `Cannot load the ${language} grammar of ${source.npm}: ${(cause as Error).message}. Run "deno install"`,
      { cause },
    );
  }
}
