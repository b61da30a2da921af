/** Every match of a tag query in a tree, and which of them stand. */
import type { Node, Query, QueryMatch } from "web-tree-sitter";
import type { LoadedGrammar } from "./grammars.ts";

/** One pattern that captured one name. */
export interface TagHit {
  /** Where the name starts, in UTF-16 units */
  readonly index: number;
  /** Number of the pattern in the query */
  readonly pattern: number;
  readonly name: string;
  readonly role: "definition" | "reference";
  /** The capture's name after its first dot: "function", "call", ... */
  readonly kind: string;
  /** The pattern wants names that are not local variables */
  readonly notLocal: boolean;
}

/** A stretch of text in UTF-16 units, `from` < `to`. */
export interface TextRange {
  readonly from: number;
  readonly to: number;
}

/** Deepest outermost node of a match. The query cursor counts depth in 16 bits: beyond 65,536 it never returns. */
const MAX_DEPTH = 10_000;

/** web-tree-sitter 0.27 takes a query's range in bytes of UTF-16, though every index it returns counts units. */
const BYTES_PER_UNIT = 2;

/**
 * Matches of the tag query by {@link hitKey}, in no particular order; with a range, those whose outermost node meets it.
 *
 * Names without a letter are left out: operators and `_`. So are matches more than 10,000 nodes deep.
 */
export function hitsIn(
  root: Node,
  text: string,
  tags: Query,
  range?: TextRange,
): Map<number, TagHit> {
  const options = range === undefined ? { maxStartDepth: MAX_DEPTH } : {
    maxStartDepth: MAX_DEPTH,
    startIndex: range.from * BYTES_PER_UNIT,
    endIndex: range.to * BYTES_PER_UNIT,
  };
  const hits = new Map<number, TagHit>();
  for (const match of tags.matches(root, options)) {
    const hit = hitOf(match, text);
    if (hit !== undefined) hits.set(hitKey(hit), hit);
  }
  return hits;
}

/** Identity of a hit in its text. No query has 256 patterns. */
export function hitKey({ index, pattern }: TagHit): number {
  return index * 256 + pattern;
}

function hitOf(match: QueryMatch, text: string): TagHit | undefined {
  let named: Node | undefined, what: string | undefined;
  for (const { name, node } of match.captures) {
    if (name === "name") named = node;
    else if (name.startsWith("definition.") || name.startsWith("reference.")) what = name;
  }
  if (named === undefined || what === undefined) return undefined;
  const name = plainName(text.slice(named.startIndex, named.endIndex));
  if (name === undefined) return undefined;
  return {
    index: named.startIndex,
    pattern: match.patternIndex,
    name,
    role: what.startsWith("d") ? "definition" : "reference",
    kind: what.slice(what.indexOf(".") + 1),
    notLocal: match.refutedProperties !== undefined && "local" in match.refutedProperties,
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

/**
 * The hits that stand, in the order of the text, one a name: that of the lowest pattern, as tree-sitter's own tagger
 * decides. A Rust method is a method and not also a function; a defining identifier is not also a reference. Hits on
 * locals are left out where their pattern asks for it and the grammar says what is local.
 */
export function standingHits(
  hits: Iterable<TagHit>,
  root: Node,
  text: string,
  grammar: LoadedGrammar,
): TagHit[] {
  const byIndex = new Map<number, TagHit>();
  let locals: ReadonlySet<number> | undefined;
  for (const hit of hits) {
    const standing = byIndex.get(hit.index);
    if (standing !== undefined && standing.pattern <= hit.pattern) continue;
    if (hit.notLocal && grammar.locals !== undefined) {
      locals ??= localIdentifiers(grammar.locals, root, text);
      if (locals.has(hit.index)) continue;
    }
    byIndex.set(hit.index, hit);
  }
  return [...byIndex.values()].sort((a, b) => a.index - b.index);
}

interface Scope {
  readonly end: number;
  readonly inherits: boolean;
  readonly names: Set<string>;
}

/** Start indices of the identifiers that define or name a local of an enclosing scope, by the grammar's `locals.scm`. */
function localIdentifiers(locals: Query, root: Node, text: string): Set<number> {
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
