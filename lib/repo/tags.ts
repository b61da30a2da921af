/** One blob, or successive versions of one file, to tags. */
import type { Tree } from "web-tree-sitter";
import {
  BINARY_SNIFF_BYTES,
  type BlobTags,
  type Definition,
  emptyTags,
  MAX_BLOB_BYTES,
  type ParseStatus,
} from "./blob_tags.ts";
import { type LoadedGrammar, loadGrammar } from "./grammars.ts";
import { identifiersOf } from "./identifiers.ts";
import { importsOf } from "./imports.ts";
import { KEYWORDS, NO_KEYWORDS } from "./keywords.ts";
import type { Language } from "./languages.ts";
import { editBetween } from "./text_edit.ts";
import { type Tag, tagsOf } from "./tree_tags.ts";

/**
 * Work one parse may cost before the blob counts as unparsable, in calls of the parser's progress callback. Counted in
 * work and not in time, so that a slow machine extracts the same tags as a fast one.
 */
const MAX_PARSE_STEPS = 200_000;

/** Extracts the tags of one blob by itself. `language` undefined: a source file without a grammar. */
export async function extractBlobTags(bytes: Uint8Array, language: Language | undefined): Promise<BlobTags> {
  using chain = await openChain(language);
  return chain.read(bytes);
}

/** Opens a chain for versions of a file in one language; loads the grammar on first use. */
export async function openChain(language: Language | undefined): Promise<VersionChain> {
  return new VersionChain(language === undefined ? undefined : await loadGrammar(language));
}

interface Version {
  readonly text: string;
  readonly tree: Tree;
}

/**
 * Reads versions of one file, oldest to newest, each parsed as an edit of the one before.
 *
 * The result of `read` depends on its bytes alone: a tree with a syntax error is never built on and never kept when it
 * came from an edit, since error recovery may depend on where the parser started. Dispose it, or a tree stays in memory.
 */
export class VersionChain implements Disposable {
  #last: Version | undefined;

  constructor(readonly grammar: LoadedGrammar | undefined) {}

  /** Tags of the next version. Unreadable bytes are a status, never an exception. */
  read(bytes: Uint8Array): BlobTags {
    const text = decode(bytes);
    if (text.status !== undefined) return emptyTags(text.status);
    if (this.grammar === undefined) {
      return { ...emptyTags("no_grammar"), identifiers: identifiersOf(text.text, NO_KEYWORDS) };
    }
    const tree = this.#parse(text.text, this.grammar);
    if (tree === undefined) return emptyTags("unparsable");
    const { language } = this.grammar;
    return {
      parsed: "ok",
      ...grouped(tagsOf(tree.rootNode, text.text, this.grammar)),
      imports: importsOf(text.text, language),
      identifiers: identifiersOf(text.text, KEYWORDS[language]),
    };
  }

  [Symbol.dispose](): void {
    this.#forget();
  }

  #forget(): void {
    this.#last?.tree.delete();
    this.#last = undefined;
  }

  /** The text's tree, kept as the base of the next version. Undefined when the parser gave up. */
  #parse(text: string, grammar: LoadedGrammar): Tree | undefined {
    let tree: Tree | undefined;
    const last = this.#last;
    if (last !== undefined) {
      const edit = editBetween(last.text, text);
      if (edit === undefined) return last.tree;
      last.tree.edit(edit);
      tree = parse(text, grammar, last.tree);
      this.#forget();
      if (tree?.rootNode.hasError) {
        tree.delete();
        tree = undefined;
      }
    }
    tree ??= parse(text, grammar);
    if (tree === undefined) return undefined;
    this.#last = { text, tree };
    return tree;
  }
}

function parse(text: string, { parser }: LoadedGrammar, base?: Tree): Tree | undefined {
  let steps = 0;
  const tree = parser.parse(text, base, { progressCallback: () => ++steps > MAX_PARSE_STEPS });
  if (tree === null) parser.reset();
  return tree ?? undefined;
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

function decode(bytes: Uint8Array): { text: string; status?: undefined } | { status: ParseStatus } {
  if (bytes.subarray(0, BINARY_SNIFF_BYTES).includes(0)) return { status: "binary" };
  if (bytes.length > MAX_BLOB_BYTES) return { status: "too_large" };
  try {
    return { text: utf8.decode(bytes) };
  } catch (error) {
    if (error instanceof TypeError) return { status: "undecodable" };
    throw error;
  }
}

/** Splits tags into definitions, each a place, and references, counted by name. */
function grouped(tags: readonly Tag[]): Pick<BlobTags, "definitions" | "references"> {
  const definitions: Definition[] = [];
  const counts = new Map<string, number>();
  for (const { role, name, kind, row } of tags) {
    if (role === "definition") definitions.push([name, kind, row + 1]);
    else counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return { definitions, references: [...counts] };
}
