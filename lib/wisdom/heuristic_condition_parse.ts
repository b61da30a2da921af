/** Reads conditions: one reader for heuristics and warnings. The grammar is in `heuristic_condition.ts`. */
import { Lexer } from "../base/lexer.ts";
import { spellingHint } from "../base/spelling.ts";
import type { SearchSpace } from "../records/space.ts";
import {
  type Comparison,
  COMPARISONS,
  type Condition,
  HEURISTIC_TOKENS,
  NUMBER_LIMIT,
  RESERVED_WORDS,
  type Value,
} from "./heuristic_condition.ts";
import { type Fact, FACT_BY_NAME, FACTS } from "./heuristic_vocabulary.ts";

const FACT_NAMES: readonly string[] = FACTS.map((fact) => fact.name);

/** What is wrong with each foreign operator. */
const FOREIGN: Readonly<Record<string, string>> = {
  "&&": "write and",
  "&": "write and",
  "||": "write or",
  "|": "write or",
  "!": "write not",
  "=": "write == to compare",
};

/** How a text is read. */
export interface ReadingOptions {
  /** What is read, with its article; errors name it. */
  readonly language: string;
  /** The parameters that exist; without a space every bare name without a dot passes for one. */
  readonly space?: SearchSpace | undefined;
}

/** A cursor over a heuristic or a warning. */
export class ConditionReader {
  readonly in: Lexer;
  readonly #parameters: readonly string[] | undefined;

  constructor(source: string, { language, space }: ReadingOptions) {
    this.in = new Lexer(source, { ...HEURISTIC_TOKENS, language });
    this.#parameters = space?.map((parameter) => parameter.name);
  }

  /** Reads a condition. @throws {LanguageError} for text outside the grammar or the vocabulary */
  condition(parameters: "allowed" | "refused"): Condition {
    return this.#list("or", () => this.#list("and", () => this.#negation(parameters)));
  }

  /** Reads a keyword or operator. @throws {LanguageError} naming what is wanted */
  expect(text: string, wanted: string): void {
    if (!this.in.accept(text)) this.unexpected(wanted);
  }

  /** Refuses the token ahead, with advice when it comes from another language. @throws {LanguageError} always */
  unexpected(wanted: string): never {
    const { kind, text } = this.in.token;
    const advice = kind === "operator" && Object.hasOwn(FOREIGN, text) ? ` (${FOREIGN[text]})` : "";
    this.in.unexpected(wanted + advice);
  }

  /** Reads the name of a parameter. @throws {LanguageError} for anything else, and for one the space does not have */
  parameter(): string {
    const { kind, text, at } = this.in.token;
    if (kind !== "name" || RESERVED_WORDS.includes(text)) this.unexpected("the name of a parameter");
    if (FACT_BY_NAME.has(text)) {
      this.in.fail(`${text} is a fact: facts are given, only parameters can be moved`);
    }
    this.in.take();
    return this.#known(text, at);
  }

  /** Reads a number with an optional sign. @throws {LanguageError} for anything else and beyond {@link NUMBER_LIMIT} */
  number(): number {
    const { at } = this.in.token, sign = this.in.accept("-") ? -1 : 1;
    if (this.in.token.kind !== "number") this.unexpected("a number");
    const value = sign * Number(this.in.take().text);
    if (!(Math.abs(value) <= NUMBER_LIMIT)) this.in.fail(`numbers lie within ±${NUMBER_LIMIT}`, at);
    return value === 0 ? 0 : value;
  }

  #known(name: string, at: number): string {
    if (name.includes(".")) this.in.fail(`there is no fact ${name}${spellingHint(name, FACT_NAMES)}`, at);
    if (this.#parameters === undefined || this.#parameters.includes(name)) return name;
    this.in.fail(`this space has no parameter ${name}${spellingHint(name, this.#parameters)}`, at);
  }

  #list(kind: "and" | "or", read: () => Condition): Condition {
    const of = [read()];
    while (this.in.accept(kind)) of.push(read());
    return of.length === 1 ? of[0]! : { kind, of };
  }

  #negation(parameters: "allowed" | "refused"): Condition {
    if (this.in.accept("not")) return { kind: "not", of: this.in.nest(() => this.#negation(parameters)) };
    if (!this.in.accept("(")) return this.#test(parameters);
    const inner = this.in.nest(() => this.condition(parameters));
    this.expect(")", "and, or or )");
    return inner;
  }

  #test(parameters: "allowed" | "refused"): Condition {
    const fact = this.#subject(parameters), { name } = fact;
    const negated = this.in.accept("not");
    if (this.in.accept("in")) {
      const of: Condition = { kind: "in", name, values: this.#values(fact) };
      return negated ? { kind: "not", of } : of;
    }
    if (negated) this.unexpected("in after not");
    const { kind, text } = this.in.token, op = text as Comparison;
    if (kind === "operator" && COMPARISONS.includes(op)) {
      if (fact.type !== "number" && op !== "==" && op !== "!=") {
        this.in.fail(`${name} has no order: compare it with == or !=`);
      }
      this.in.take();
      const value = this.#value(fact), again = this.in.token;
      if (again.kind === "operator" && COMPARISONS.includes(again.text as Comparison)) {
        this.in.fail("comparisons do not chain; write two of them with and between");
      }
      return { kind: "compare", name, op, value };
    }
    if (fact.type !== "boolean") this.unexpected(`a comparison, because ${name} is a ${fact.type}`);
    if (this.in.sees("=")) this.unexpected("and, or or :");
    return { kind: "is", name };
  }

  #subject(parameters: "allowed" | "refused"): Pick<Fact, "name" | "type" | "values"> {
    const { kind, text, at } = this.in.token;
    if (kind === "number") this.in.fail("put the fact first: repo.file_count < 50");
    if (kind !== "name" || RESERVED_WORDS.includes(text)) this.unexpected("a fact, not or (");
    const fact = FACT_BY_NAME.get(text);
    if (fact === undefined && parameters === "refused") {
      const isParameter = this.#parameters?.includes(text) ?? false;
      this.in.fail(
        isParameter
          ? `${text} is a parameter: heuristics look at facts, only warnings look at parameters`
          : `there is no fact ${text}${spellingHint(text, FACT_NAMES)}`,
      );
    }
    this.in.take();
    return fact ?? { name: this.#known(text, at), type: "number" };
  }

  #values(fact: Pick<Fact, "name" | "type" | "values">): Value[] {
    this.expect("[", "[ and a list of values");
    const values = [this.#value(fact)];
    while (this.in.accept(",")) values.push(this.#value(fact));
    this.expect("]", ", or ]");
    return values;
  }

  #value({ name, type, values }: Pick<Fact, "name" | "type" | "values">): Value {
    if (type === "number") return this.number();
    const { kind, text } = this.in.token;
    if (type === "boolean") {
      if (!this.in.accept("true")) this.expect("false", `true or false, because ${name} is one of them`);
      return text === "true";
    }
    const isText = kind === "string" || kind === "name" && !RESERVED_WORDS.includes(text);
    if (!isText || text === "") this.unexpected(`a word or a quoted text, because ${name} is a text`);
    if (values !== undefined && !values.includes(text)) {
      this.in.fail(`${name} is never ${JSON.stringify(text)}${spellingHint(text, values)}`);
    }
    return this.in.take().text;
  }
}
