/** Definitions and references of one syntax tree, by its grammar's tag query. */
import type { Node, Query, QueryMatch } from "web-tree-sitter";
import type { LoadedGrammar } from "./grammars.ts";

/** One tagged name. Positions are UTF-16 indices and 0-based rows. */
export interface Tag {
  readonly name: string;
  /** The part after the first dot of the capture: "function", "call", ... */
  readonly kind: string;
  readonly role: "definition" | "reference";
  readonly index: number;
  readonly row: number;
  /** Pattern of the query; of several tags on one name the lowest pattern stands */
  readonly pattern: number;
}

/**
 * Tags of a tree in the order of their names in the text, one a name.
 *
 * A name that several patterns capture is one tag, that of the first pattern in the query, as tree-sitter's own tagger
 * decides: a Rust method is a method and not also a function, a defining identifier is not also a reference. Names
 * without a letter are dropped (operators, `_`), as are names local to their scope where the grammar asks for it.
 */
export function tagsOf(root: Node, text: string, grammar: LoadedGrammar): Tag[] {
  const byIndex = new Map<number, Tag>();
  let locals: ReadonlySet<number> | undefined;
  for (const match of grammar.tags.matches(root)) {
    const tag = tagOf(match, text);
    if (tag === undefined) continue;
    const standing = byIndex.get(tag.index);
    if (standing !== undefined && standing.pattern <= tag.pattern) continue;
    if (refusesLocals(match) && grammar.locals !== undefined) {
      locals ??= localReferences(grammar.locals, root, text);
      if (locals.has(tag.index)) continue;
    }
    byIndex.set(tag.index, tag);
  }
  return [...byIndex.values()].sort((a, b) => a.index - b.index);
}

function tagOf(match: QueryMatch, text: string): Tag | undefined {
  let named: Node | undefined, what: string | undefined;
  for (const { name, node } of match.captures) {
    if (name === "name") named = node;
    else if (name.startsWith("definition.") || name.startsWith("reference.")) what = name;
  }
  if (named === undefined || what === undefined) return undefined;
  const name = plainName(text.slice(named.startIndex, named.endIndex));
  if (name === undefined) return undefined;
  const dot = what.indexOf(".");
  return {
    name,
    kind: what.slice(dot + 1),
    role: what.startsWith("d") ? "definition" : "reference",
    index: named.startIndex,
    row: named.startPosition.row,
    pattern: match.patternIndex,
  };
}

const PLAIN = /^[A-Za-z_$][\w$]*[?!=]?$/;
const LETTER = /[\p{L}$]/u;

/**
 * The bare name of a captured node: its last segment without type arguments, since some queries capture whole
 * expressions (`new a.B<C>()` gives B, PHP's `A\B` gives B, Ruby's `:name` gives name). Undefined for a name without a letter.
 */
function plainName(text: string): string | undefined {
  if (PLAIN.test(text)) return LETTER.test(text) ? text : undefined;
  const head = text.split(/[<([{\s]/, 1)[0]!;
  const last = head.split(/[.\\:#@'"]+/).findLast((part) => part !== "");
  return last !== undefined && LETTER.test(last) ? last : undefined;
}

function refusesLocals(match: QueryMatch): boolean {
  return match.refutedProperties !== undefined && "local" in match.refutedProperties;
}

interface Scope {
  readonly end: number;
  readonly inherits: boolean;
  readonly names: Set<string>;
}

/** Start indices of the identifiers that name a local of an enclosing scope, by the grammar's `locals.scm`. */
function localReferences(locals: Query, root: Node, text: string): Set<number> {
  const scopes: Scope[] = [{ end: Infinity, inherits: false, names: new Set() }];
  const found = new Set<number>();
  for (const { name, node, setProperties } of locals.captures(root)) {
    while (scopes.at(-1)!.end <= node.startIndex) scopes.pop();
    if (name === "local.scope") {
      const inherits = setProperties?.["local.scope-inherits"] !== "false";
      scopes.push({ end: node.endIndex, inherits, names: new Set() });
      continue;
    }
    const word = text.slice(node.startIndex, node.endIndex);
    if (name === "local.definition") {
      scopes.at(-1)!.names.add(word);
      found.add(node.startIndex);
    } else if (name === "local.reference" && isLocal(scopes, word)) found.add(node.startIndex);
  }
  return found;
}

function isLocal(scopes: readonly Scope[], word: string): boolean {
  for (let i = scopes.length - 1; i >= 0; i--) {
    if (scopes[i]!.names.has(word)) return true;
    if (!scopes[i]!.inherits) return false;
  }
  return false;
}
