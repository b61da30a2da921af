/** Reads a claim. The grammar is `CLAIM_GRAMMAR`. */
import { Lexer } from "../base/lexer.ts";
import { spellingHint } from "../base/spelling.ts";
import { measureNamed } from "../metrics/named.ts";
import { HYPOTHESIS_SIGNS } from "../records/hypothesis.ts";
import type { SearchSpace } from "../records/space.ts";
import {
  type Claim,
  CLAIM_TOKENS,
  type ClaimRegion,
  claimSchema,
  DEFAULT_METRIC,
  isParameterName,
  LEVELS,
  REGION_COMPARISONS,
  REGIONS_LIMIT,
} from "./claim.ts";
import { regionRanges } from "./claim_regions.ts";
import { STRATA } from "./claim_strata.ts";

/**
 * The claim a text stands for, in canonical order. With a space, parameters and regions are checked against it.
 *
 * @throws {LanguageError} with the column: text outside the grammar, an unknown measure or stratum, a parameter named
 *   twice; with a space, also an unknown parameter and a region that is empty or everything
 */
export function parseClaim(source: string, space?: SearchSpace): Claim {
  const reader = new ClaimReader(source, space);
  return claimSchema.parse(reader.claim());
}

class ClaimReader {
  readonly #in: Lexer;

  constructor(source: string, readonly space: SearchSpace | undefined) {
    this.#in = new Lexer(source, CLAIM_TOKENS);
  }

  claim(): Claim {
    const regions = [this.#region([])];
    if (!this.#in.sees("&")) {
      this.#unexpected("& and another parameter, because a claim is about two or more");
    }
    while (this.#in.accept("&")) regions.push(this.#region(regions));
    if (!this.#in.accept("=>")) this.#unexpected("& or =>");
    const sign = HYPOTHESIS_SIGNS.find((word) => this.#in.accept(word));
    if (sign === undefined) this.#unexpected(`one of ${HYPOTHESIS_SIGNS.join(", ")}`);
    const metric = this.#in.token.kind === "name" && !this.#in.sees("by") && !this.#in.sees("in")
      ? this.#metric()
      : DEFAULT_METRIC;
    let threshold: number | undefined, stratum: Record<string, string> | undefined;
    while (this.#in.token.kind !== "end") {
      if (threshold === undefined && this.#in.accept("by")) threshold = this.#threshold();
      else if (stratum === undefined && this.#in.accept("in")) stratum = this.#stratum();
      else this.#unexpected("by and a threshold, in and a stratum, each once, or the end");
    }
    return {
      regions: regions.sort((a, b) => a.parameter < b.parameter ? -1 : 1),
      sign,
      metric,
      ...(threshold !== undefined && { threshold }),
      stratum: stratum ?? {},
    };
  }

  #unexpected(wanted: string): never {
    const foreign = ["and", "+", "&&"].find((text) => this.#in.sees(text));
    const arrow = ["->", "==", ":"].find((text) => this.#in.sees(text));
    this.#in.unexpected(wanted + (foreign ? " (write &)" : arrow ? " (write => before the sign)" : ""));
  }

  #region(before: readonly ClaimRegion[]): ClaimRegion {
    const start = this.#in.token.at, level = LEVELS.find((word) => this.#in.accept(word));
    const { at, kind, text: parameter } = this.#in.token;
    if (kind !== "name") this.#unexpected(level ? "a parameter" : `${LEVELS.join(", ")} or a parameter`);
    if (!isParameterName(parameter)) this.#in.fail(`${parameter} is not the name of a parameter`);
    const spec = this.space?.find(({ name }) => name === parameter);
    if (this.space !== undefined && spec === undefined) {
      const names = this.space.map(({ name }) => name);
      if (level === undefined) {
        this.#in.take();
        const { kind, text } = this.#in.token;
        if (kind === "name" && names.includes(text)) {
          this.#in.fail(
            `${JSON.stringify(parameter)} is no region of ${text}; write one of ${LEVELS.join(", ")}`,
            at,
          );
        }
      }
      this.#in.fail(`this space has no parameter ${parameter}${spellingHint(parameter, names)}`, at);
    }
    if (before.some((region) => region.parameter === parameter)) {
      this.#in.fail(`${parameter} is named twice; give it one region, such as ${parameter} in [0.2, 0.4]`);
    }
    if (before.length === REGIONS_LIMIT) {
      this.#in.fail(`more than ${REGIONS_LIMIT} parameters; name fewer`, at);
    }
    this.#in.take();
    const region = level === undefined
      ? this.#bounds(parameter)
      : { kind: "level" as const, parameter, level };
    if (spec !== undefined) {
      try {
        regionRanges(spec, region);
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        this.#in.fail(error.message, start);
      }
    }
    return region;
  }

  #bounds(parameter: string): ClaimRegion {
    if (this.#in.accept("in")) {
      const start = this.#in.token.at;
      if (!this.#in.accept("[")) this.#unexpected("[low, high]");
      const low = this.#number();
      if (!this.#in.accept(",")) this.#unexpected(",");
      const high = this.#number();
      if (!this.#in.accept("]")) this.#unexpected("]");
      if (low > high) {
        this.#in.fail(`[${low}, ${high}] is upside down; write the smaller number first`, start);
      }
      return { kind: "between", parameter, low, high };
    }
    const op = REGION_COMPARISONS.find((operator) => this.#in.accept(operator));
    if (op === undefined) {
      this.#unexpected(`a region: ${LEVELS.join(", ")} before the name, or < > in after it`);
    }
    return { kind: "compare", parameter, op, value: this.#number() };
  }

  #number(): number {
    const sign = this.#in.accept("-") ? -1 : 1;
    if (this.#in.token.kind !== "number") this.#unexpected("a number");
    const value = sign * Number(this.#in.token.text);
    if (!Number.isFinite(value)) this.#in.fail("this number is too large");
    this.#in.take();
    return value === 0 ? 0 : value;
  }

  #threshold(): number {
    const { at } = this.#in.token, value = this.#number();
    if (!(value > 0)) {
      this.#in.fail(`by takes the smallest effect worth the name, above 0, found ${value}`, at);
    }
    return value;
  }

  #metric(): string {
    const { at, text } = this.#in.take();
    let name = text;
    if (this.#in.accept("@")) {
      if (this.#in.token.kind !== "number") this.#unexpected("a cutoff such as 10");
      name += `@${this.#in.take().text}`;
    }
    try {
      return measureNamed(name).name;
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.#in.fail(error.message, at);
    }
  }

  #stratum(): Record<string, string> {
    const keys = Object.keys(STRATA), pairs: [string, string][] = [];
    do {
      const { kind, text: key } = this.#in.token;
      if (kind !== "name") this.#unexpected(`a stratum: one of ${keys.join(", ")}, then = and a value`);
      if (!Object.hasOwn(STRATA, key)) this.#in.fail(`${key} is no stratum${spellingHint(key, keys)}`);
      if (pairs.some(([other]) => other === key)) this.#in.fail(`${key} is given twice`);
      this.#in.take();
      if (!this.#in.accept("=")) this.#unexpected("= and a value");
      const { kind: given, text: value } = this.#in.token, { values } = STRATA[key]!;
      if (given !== "name" && given !== "string" || value === "") this.#unexpected("a word or a quoted text");
      if (values !== undefined && !values.includes(value)) {
        this.#in.fail(`${key} is never ${JSON.stringify(value)}${spellingHint(value, values)}`);
      }
      this.#in.take();
      pairs.push([key, value]);
    } while (this.#in.accept(","));
    return Object.fromEntries(pairs.sort(([a], [b]) => a < b ? -1 : 1));
  }
}
