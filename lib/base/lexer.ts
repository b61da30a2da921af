/** Reading small languages: a cursor over tokens that know their place, within limits that keep walks short. */
import { LanguageError } from "./language_error.ts";

/** What one language's tokens look like. The patterns are sticky, never match nothing and never backtrack. */
export interface LexRules {
  /** What is being read, with its article: "the focus expression". Errors name it. */
  readonly language: string;
  /** A longer one wins over its own beginning, whatever the order here. */
  readonly operators: readonly string[];
  readonly name: RegExp;
  readonly number?: RegExp;
}

/** One token. `text` is as written; of a string, what stands between the quotes with its escapes resolved. */
export interface Token {
  readonly kind: "name" | "number" | "string" | "operator" | "end";
  readonly text: string;
  /** Offsets into the source in UTF-16 units; `end` is exclusive. */
  readonly at: number;
  readonly end: number;
}

/** Longest source read, in UTF-16 units, and deepest nesting. */
export const SOURCE_LIMIT = 4096, NESTING_LIMIT = 64;

const SPACE = /\s*/y, STRING = /"(?:[^"\\\n]|\\.)*"/y;

/** A cursor over one source. Tokens are read only when looked at, so that free text may follow the last one. */
export class Lexer {
  #ahead: Token | undefined;
  #position = 0;
  #depth = 0;

  /** @throws {LanguageError} for a source of more than {@link SOURCE_LIMIT} units */
  constructor(readonly source: string, readonly rules: LexRules) {
    if (source.length > SOURCE_LIMIT) this.fail(`shorten it to ${SOURCE_LIMIT} characters`, SOURCE_LIMIT);
  }
  /** The token ahead; past the last one, "end" for ever. @throws {LanguageError} for text that begins no token */
  get token(): Token {
    return this.#ahead ??= this.#scan();
  }
  /** Steps over the token ahead and returns it. */
  take(): Token {
    const token = this.token;
    this.#ahead = undefined;
    this.#position = token.end;
    return token;
  }
  /** Whether the token ahead is this operator or bare word. */
  sees(text: string): boolean {
    return this.token.text === text && (this.token.kind === "operator" || this.token.kind === "name");
  }
  /** Steps over this operator or bare word if it is ahead; says whether it was. */
  accept(text: string): boolean {
    return this.sees(text) && this.take() !== undefined;
  }
  /** The raw text behind the last token taken; the cursor is at the end afterwards. */
  rest(): string {
    this.#ahead = undefined;
    const start = this.#position;
    this.#position = this.source.length;
    return this.source.slice(start);
  }
  /** Runs a reader one level down. @throws {LanguageError} below {@link NESTING_LIMIT} levels */
  nest<T>(read: () => T): T {
    if (++this.#depth > NESTING_LIMIT) this.fail(`nested more than ${NESTING_LIMIT} deep: flatten it`);
    const value = read();
    this.#depth--;
    return value;
  }
  /** Refuses the token ahead, naming what is `wanted` in its place. @throws {LanguageError} always */
  unexpected(wanted: string): never {
    const { kind, text } = this.token;
    this.fail(`found ${kind === "end" ? "the end" : JSON.stringify(text)}, wanted ${wanted}`);
  }
  /** @throws {LanguageError} always, pointing at an offset, by default the token ahead */
  fail(reason: string, at: number = this.token.at): never {
    throw new LanguageError(this.rules.language, this.source, at, reason);
  }

  #scan(): Token {
    const { source, rules } = this, at = this.#position + match(SPACE, source, this.#position).length;
    if (at === source.length) return { kind: "end", text: "", at, end: at };
    const token = (kind: Token["kind"], text: string) => ({ kind, text, at, end: at + text.length });
    const number = match(rules.number, source, at), name = number || match(rules.name, source, at);
    if (name !== "") return token(number ? "number" : "name", name);
    const fits = rules.operators.filter((operator) => source.startsWith(operator, at));
    if (fits.length > 0) return token("operator", fits.reduce((a, b) => b.length > a.length ? b : a));
    const quoted = match(STRING, source, at);
    if (quoted === "") this.fail("nothing of the language begins here; is a quote left open?", at);
    try {
      return { ...token("string", quoted), text: JSON.parse(quoted) as string };
    } catch {
      this.fail('quoted text is written as in JSON: \\" for a quote, \\\\ for a backslash', at);
    }
  }
}

const match = (pattern: RegExp | undefined, text: string, at: number): string =>
  pattern === undefined ? "" : (pattern.lastIndex = at, pattern.exec(text)?.[0] ?? "");
