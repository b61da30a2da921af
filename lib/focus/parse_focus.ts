/** Reads a focus text. The grammar is {@link FOCUS_GRAMMAR}. */
import { Lexer } from "../base/lexer.ts";
import { spellingHint } from "../base/spelling.ts";
import {
  checkFocus,
  FILTERS,
  FOCUS_TOKENS,
  type FocusExpression,
  HOP_LIMIT,
  NAME_LENGTH_LIMIT,
  NAMES_LIMIT,
  type Refinement,
  REFINEMENTS_LIMIT,
} from "./focus_expression.ts";

const OPERAND = "a name, a quoted text or (";

/**
 * The expression a focus text stands for. Pure reading: no name is looked up.
 *
 * @throws {LanguageError} with the column of the culprit, for text outside the grammar, for nesting below 64 levels, and
 *   for more than 64 names or refinements
 */
export function parseFocus(source: string): FocusExpression {
  const reader = new FocusReader(source);
  return checkFocus(reader.whole());
}

class FocusReader {
  readonly #in: Lexer;
  #names = 0;
  #refinements = 0;

  constructor(source: string) {
    this.#in = new Lexer(source, FOCUS_TOKENS);
  }

  whole(): FocusExpression {
    if (this.#ends()) {
      this.#in.fail('nothing is named; write what to look at, such as parser or "src/main.rs"');
    }
    const expression = this.#either();
    if (!this.#ends()) this.#in.unexpected("an operator or the end");
    return expression;
  }

  #ends(): boolean {
    return this.#in.token.kind === "end";
  }

  #either(): FocusExpression {
    const of = [this.#both()];
    while (this.#in.accept("|") || this.#in.accept(",") || this.#beginsOperand()) of.push(this.#both());
    return list("any", of);
  }

  #beginsOperand(): boolean {
    const { kind } = this.#in.token;
    return kind === "name" || kind === "string" || this.#in.sees("(");
  }

  #both(): FocusExpression {
    const of = [this.#path()];
    while (this.#in.accept("&")) of.push(this.#path());
    return list("all", of);
  }

  #path(): FocusExpression {
    const of = [this.#refined()];
    while (this.#in.accept("->")) of.push(this.#refined());
    return list("path", of);
  }

  #refined(): FocusExpression {
    const of = this.#operand(), by: Refinement[] = [];
    while (this.#in.sees("@") || this.#in.sees("%")) {
      if (++this.#refinements > REFINEMENTS_LIMIT) {
        this.#in.fail(`more than ${REFINEMENTS_LIMIT} refinements; drop some`);
      }
      by.push(this.#in.take().text === "@" ? this.#hops() : this.#filter());
    }
    return by.length === 0 ? of : { kind: "refined", of, by };
  }

  #operand(): FocusExpression {
    if (this.#in.accept("(")) {
      const inner = this.#in.nest(() => this.#either());
      if (!this.#in.accept(")")) this.#in.unexpected("an operator or )");
      return inner;
    }
    if (!this.#beginsOperand()) this.#in.unexpected(OPERAND);
    if (++this.#names > NAMES_LIMIT) this.#in.fail(`more than ${NAMES_LIMIT} names; name fewer`);
    const exact = this.#in.token.kind === "string";
    return { kind: "name", text: this.#text(), exact };
  }

  /** The name or quoted text ahead, refused when empty or too long. */
  #text(): string {
    const { text } = this.#in.token;
    if (text.trim() === "") this.#in.fail("this name is empty; write what to look for between the quotes");
    if (text.length > NAME_LENGTH_LIMIT) {
      this.#in.fail(`a name of ${text.length} characters, at most ${NAME_LENGTH_LIMIT} are read; shorten it`);
    }
    return this.#in.take().text;
  }

  #hops(): Refinement {
    const hops = this.#in.token.kind === "name" && /^\d+$/.test(this.#in.token.text)
      ? Number(this.#in.token.text)
      : Infinity;
    if (hops > HOP_LIMIT) this.#in.unexpected(`a hop limit after @, a whole number from 0 to ${HOP_LIMIT}`);
    this.#in.take();
    return { kind: "hops", hops };
  }

  #filter(): Refinement {
    const names = Object.keys(FILTERS), { kind, text, at, end } = this.#in.token;
    if (kind !== "name") this.#in.unexpected(`a filter after %: ${names.join(", ")}`);
    const colon = text.indexOf(":"), name = colon < 0 ? text : text.slice(0, colon);
    if (!Object.hasOwn(FILTERS, name)) {
      this.#in.fail(`${JSON.stringify(name)} is no filter${spellingHint(name, names)}`, at);
    }
    const filter = name as keyof typeof FILTERS, { argument, wants } = FILTERS[filter];
    this.#in.take();
    let value = colon < 0 ? undefined : text.slice(colon + 1);
    const quoted = value === "" && this.#in.token.kind === "string" && this.#in.token.at === end;
    if (quoted) value = this.#text();
    if (filter === "lang") value = value?.toLowerCase();
    const given = value !== undefined, refused = (): never => this.#in.fail(`% ${name} takes ${wants}`, at);
    if (value === "" || given && argument === "none" || !given && argument === "required") refused();
    if (value !== undefined && value.length > NAME_LENGTH_LIMIT) refused();
    if (filter === "lang") return { kind: filter, language: value! };
    if (filter === "path") return { kind: filter, glob: value! };
    if (filter === "tests" || filter === "source") return { kind: filter };
    if (!given) return { kind: filter };
    const amount = /^\d+(?:\.\d+)?(?:e[+-]?\d+)?$/.test(value!) ? Number(value) : NaN;
    if (!(amount > 0 && amount < Infinity)) refused();
    return filter === "recent" ? { kind: filter, days: amount } : { kind: filter, commits: amount };
  }
}

/** One member stands for itself. */
function list(kind: "any" | "all" | "path", of: FocusExpression[]): FocusExpression {
  return of.length === 1 ? of[0]! : { kind, of };
}
