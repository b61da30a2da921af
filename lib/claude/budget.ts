/** Ceilings on calls and money, checked before each one is spent. */
import { addTokens, type Attempt, isUnpriced, NO_TOKENS, type Tokens } from "../records/call.ts";
import { ClaudeError } from "./errors.ts";

/** What was spent so far. */
export interface Spent {
  /** Attempts that could have been billed */
  readonly calls: number;
  /** Sum of the reported prices in US dollars, an estimate at list price */
  readonly cost_usd: number;
  /** Attempts of which no price is known */
  readonly unpriced: number;
  readonly tokens: Tokens;
}

/** Ceilings of {@link CallBudget}; an absent one does not bind. */
export interface Ceilings {
  /** Most attempts, retries and re-asks included (`--max-calls`) */
  readonly maxCalls?: number | undefined;
  /** Most US dollars at list price (`--max-usd`). The call that crosses it is the last. */
  readonly maxUsd?: number | undefined;
}

/** Failures of attempts that never reached a model: they cost nothing and do not count. */
const FREE = new Set([
  "not_found",
  "bad_cwd",
  "too_old",
  "unknown_option",
  "bad_schema",
  "ceiling",
  "no_cassette",
]);

/**
 * The account of a study. Failed attempts count like good ones, because they are billed like good ones.
 *
 * A resumed study opens its budget with what its call records say was spent before.
 */
export class CallBudget {
  #calls = 0;
  #running = 0;
  #cost = 0;
  #unpriced = 0;
  #tokens: Tokens = NO_TOKENS;

  /** @throws {RangeError} for a ceiling that is negative or not a number */
  constructor(private readonly ceilings: Ceilings = {}, before: readonly Attempt[] = []) {
    for (
      const [name, value] of [["--max-calls", ceilings.maxCalls], ["--max-usd", ceilings.maxUsd]] as const
    ) {
      if (value !== undefined && !(value >= 0)) {
        throw new RangeError(`Bad ceiling ${name} ${value}: a number of at least 0 is wanted`);
      }
    }
    before.forEach((attempt) => this.#add(attempt));
  }

  get spent(): Spent {
    return { calls: this.#calls, cost_usd: this.#cost, unpriced: this.#unpriced, tokens: this.#tokens };
  }

  /**
   * Takes room for one attempt; {@link settle} must follow.
   * @throws {ClaudeError} of kind "ceiling" when it would pass one, or when prices are capped but not reported
   */
  reserve(program: string): void {
    const { maxCalls, maxUsd } = this.ceilings;
    const stop = (detail: string) => new ClaudeError("ceiling", { program, detail });
    if (maxCalls !== undefined && this.#calls + this.#running >= maxCalls) {
      throw stop(`${this.#calls + this.#running} of ${maxCalls} calls are used`);
    }
    if (maxUsd !== undefined && this.#cost >= maxUsd) {
      throw stop(`$${this.#cost.toFixed(4)} of $${maxUsd} are used (estimate at list price)`);
    }
    if (maxUsd !== undefined && this.#unpriced > 0) {
      throw stop(
        `${program} reports no prices, so --max-usd ${maxUsd} cannot be kept; use --max-calls instead`,
      );
    }
    this.#running++;
  }

  /** Books one attempt that was reserved. */
  settle(attempt: Attempt): void {
    this.#running--;
    this.#add(attempt);
  }

  #add(attempt: Attempt): void {
    if (FREE.has(attempt.outcome)) return;
    this.#calls++;
    this.#cost += attempt.cost_usd ?? 0;
    if (isUnpriced(attempt)) this.#unpriced++;
    this.#tokens = addTokens(this.#tokens, attempt.tokens);
  }
}
