/** One blob, or successive versions of one file, to tags. */
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
import { parseAfter, type ParsedVersion, parseWhole } from "./incremental.ts";
import { KEYWORDS, NO_KEYWORDS } from "./keywords.ts";
import type { Language } from "./languages.ts";
import { standingHits, type TagHit } from "./tag_hits.ts";

/** Extracts the tags of one blob by itself. `language` undefined: a source file without a grammar. */
export async function extractBlobTags(bytes: Uint8Array, language: Language | undefined): Promise<BlobTags> {
  using chain = await openChain(language);
  return chain.read(bytes);
}

/** Opens a chain for versions of a file in one language; loads the grammar on first use. */
export async function openChain(language: Language | undefined): Promise<VersionChain> {
  return new VersionChain(language === undefined ? undefined : await loadGrammar(language));
}

/**
 * Reads versions of one file, each parsed as an edit of the one before; any order is right, the true one is fast.
 *
 * The result of `read` depends on its bytes alone. Dispose the chain, or the last version's tree stays in memory.
 */
export class VersionChain implements Disposable {
  #last: ParsedVersion | undefined;

  constructor(readonly grammar: LoadedGrammar | undefined) {}

  /** Tags of the next version. Unreadable bytes are a status, never an exception. */
  read(bytes: Uint8Array): BlobTags {
    const text = decode(bytes);
    if (typeof text !== "string") return emptyTags(text.status);
    if (this.grammar === undefined) {
      return { ...emptyTags("no_grammar"), identifiers: identifiersOf(text, NO_KEYWORDS) };
    }
    const version = this.#advance(text, this.grammar);
    if (version === undefined) return emptyTags("unparsable");
    const { language } = this.grammar;
    return {
      parsed: "ok",
      ...grouped(standingHits(version.hits.values(), version.tree.rootNode, text, this.grammar), text),
      imports: importsOf(text, language),
      identifiers: identifiersOf(text, KEYWORDS[language]),
    };
  }

  [Symbol.dispose](): void {
    this.#last?.tree.delete();
    this.#last = undefined;
  }

  #advance(text: string, grammar: LoadedGrammar): ParsedVersion | undefined {
    const last = this.#last;
    if (last?.text === text) return last;
    const sound = last !== undefined && !last.tree.rootNode.hasError;
    const version = (sound ? parseAfter(last, text, grammar) : undefined) ?? parseWhole(text, grammar);
    if (version !== undefined) {
      last?.tree.delete();
      this.#last = version;
    }
    return version;
  }
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

function decode(bytes: Uint8Array): string | { status: ParseStatus } {
  if (bytes.subarray(0, BINARY_SNIFF_BYTES).includes(0)) return { status: "binary" };
  if (bytes.length > MAX_BLOB_BYTES) return { status: "too_large" };
  try {
    return utf8.decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return { status: "undecodable" };
    throw error;
  }
}

/** Splits tags into definitions, each a place, and references, counted by name. */
function grouped(tags: readonly TagHit[], text: string): Pick<BlobTags, "definitions" | "references"> {
  const definitions: Definition[] = [];
  const counts = new Map<string, number>();
  let line = 1, feed = text.indexOf("\n");
  for (const { role, name, kind, index } of tags) {
    for (; feed >= 0 && feed < index; feed = text.indexOf("\n", feed + 1)) line++;
    if (role === "definition") definitions.push([name, kind, line]);
    else counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return { definitions, references: [...counts] };
}
