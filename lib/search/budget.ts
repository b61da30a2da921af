/** The one door to the objective: every arm pays here, in every currency, under the same rules. */
import type { Split } from "../records/case.ts";
import { type Point, pointHash } from "../records/space.ts";
import { type Resource, RESOURCES, type Spend } from "../records/trial.ts";

/** Limits by resource; a resource that is not named is counted and not limited. */
export type Budget = Readonly<Partial<Record<Resource, number>>>;

/** What an objective is asked about besides the point. All of it is part of the cache key; nothing has a default. */
export interface Question {
  readonly formula_hash: string;
  readonly split: Split;
  /** Content hash of the sorted case ids */
  readonly case_set_hash: string;
}

/** What an objective gives back: a score to maximise (NaN means it failed) and how many cases were scored. */
export interface Outcome {
  readonly value: number;
  readonly case_evaluations: number;
}

/** Scores a point. Throwing means this point failed; its message is recorded and the study goes on. */
export type Objective = (point: Point, question: Question) => Outcome | Promise<Outcome>;

/** An answered question. */
export interface Answer {
  /** Finite, or null when the evaluation failed */
  readonly value: number | null;
  readonly case_evaluations: number;
  /** Null unless it failed */
  readonly error: string | null;
}

/** An answer with what it cost this purse. */
export interface PaidAnswer extends Answer {
  /** True when this purse had paid for the same question before; then nothing was charged */
  readonly repeated: boolean;
}

/** Answers by question, shared by arms so that equal questions are computed once. Failed answers are not kept in it. */
export type AnswerStore = Map<string, Answer>;

/** A limit was reached. A runner catches it to end the arm. Nothing was evaluated and nothing charged. */
export class BudgetExhausted extends RangeError {
  override name = "BudgetExhausted";
  constructor(readonly resource: Resource, readonly spent: number, readonly limit: number) {
    super(
      `Cannot spend more: ${resource} is ${spent} and its limit is ${limit}; raise the limit or end the arm`,
    );
  }
}

/** Resources that questions do not spend; a reasoner charges them. */
const REASONERS: readonly Resource[] = ["model_calls", "tokens", "cost_usd"];

/** Options of {@link BudgetedEvaluator}. */
export interface EvaluatorOptions {
  readonly objective: Objective;
  readonly budget: Budget;
  /** Seconds since any fixed moment; the caller's clock, or a counter in tests */
  readonly clock: () => number;
  /** Splits that may be asked about. A search is given train and selection at most; others throw before they are scored. */
  readonly splits: readonly Split[];
  /** Shared by the arms of a comparison; default a store of its own */
  readonly store?: AnswerStore;
}

/**
 * One arm's purse around an objective.
 *
 * **Charges.** A question new to this purse costs one θ-evaluation, the cases it scored, and one selection query unless its
 * split is train, even when the shared store answers it without work: arms are compared by what they asked, not by who came
 * first. Asking again is free and counted in {@link repeats}. A failed evaluation costs its θ-evaluation (and its cases if
 * the objective reported NaN with a count). Calls of models are charged by the reasoner through {@link charge}.
 *
 * **Limits.** Before each new question every limited resource that bears on it must be below its limit, else
 * {@link BudgetExhausted}: selection queries bear on no train question, and a model limit of 0 on no arm without calls. A
 * resource whose price is known only afterwards (cases, tokens, money, seconds) may pass its limit once; tell
 * `n_cases` to be refused beforehand.
 */
export class BudgetedEvaluator {
  readonly #options: EvaluatorOptions;
  readonly #store: AnswerStore;
  readonly #paid = new Map<string, Answer>();
  readonly #start: number;
  #spent: Omit<Spend, "seconds"> & { seconds: number };
  /** Questions that this purse had asked before */
  repeats = 0;
  /** Paid questions that the shared store answered without work */
  reused = 0;

  /** @throws {RangeError} for a limit that is not a number of at least 0, or an unknown resource */
  constructor(options: EvaluatorOptions) {
    for (const [name, limit] of Object.entries(options.budget)) {
      if (!(RESOURCES as string[]).includes(name)) {
        throw new RangeError(
          `Unknown resource ${JSON.stringify(name)} in a budget: one of ${RESOURCES.join(", ")} is wanted`,
        );
      }
      if (limit !== undefined && !(limit >= 0)) {
        throw new RangeError(`Cannot limit ${name} to ${limit}: a number of at least 0 is wanted`);
      }
    }
    this.#options = options;
    this.#store = options.store ?? new Map();
    this.#start = options.clock();
    this.#spent = nothingSpent();
  }

  /** Total of this purse so far. A copy. */
  get spent(): Spend {
    return { ...this.#spent, seconds: this.#spent.seconds + this.#options.clock() - this.#start };
  }

  /** The limit of a resource; Infinity where there is none. */
  limit(resource: Resource): number {
    return this.#options.budget[resource] ?? Infinity;
  }

  /**
   * Answers a question about a point, from memory if this purse has paid for it.
   *
   * @param n_cases how many cases it will score, if known: then the case budget is not passed
   * @throws {BudgetExhausted} when a limit is reached
   * @throws {RangeError} for a split this evaluator was not opened for
   */
  async evaluate(point: Point, question: Question & { readonly n_cases?: number }): Promise<PaidAnswer> {
    const { formula_hash, split, case_set_hash, n_cases = 0 } = question;
    if (!this.#options.splits.includes(split)) {
      throw new RangeError(
        `Cannot score on split ${JSON.stringify(split)}: this evaluator was opened for ${
          this.#options.splits.join(", ")
        }`,
      );
    }
    const key = answerKey(point, question);
    const before = this.#paid.get(key);
    if (before !== undefined) {
      this.repeats++;
      return { ...before, repeated: true };
    }
    this.assertAffordable({ split, n_cases });
    const stored = this.#store.get(key);
    if (stored !== undefined) this.reused++;
    const answer = stored ?? await this.#compute(point, { formula_hash, split, case_set_hash });
    if (answer.error === null) this.#store.set(key, answer);
    this.#paid.set(key, answer);
    this.#spent.theta_evaluations++;
    this.#spent.case_evaluations += answer.case_evaluations;
    if (split !== "train") this.#spent.selection_queries++;
    return { ...answer, repeated: false };
  }

  /** Adds what a reasoner spent. @throws {RangeError} for a negative or non-finite amount */
  charge(
    amounts: Readonly<Partial<Pick<Spend, "model_calls" | "tokens" | "cost_usd" | "theta_evaluations">>>,
  ): void {
    for (const [name, amount] of Object.entries(amounts)) {
      if (!(amount >= 0 && Number.isFinite(amount))) {
        throw new RangeError(`Cannot charge ${amount} to ${name}: a finite amount of at least 0 is wanted`);
      }
    }
    for (const [name, amount] of Object.entries(amounts)) this.#spent[name as "tokens"] += amount;
  }

  /**
   * Takes up a purse where a recorded trial left it: its totals, and its answer as paid for.
   *
   * Failed answers are remembered as failed; a trial without a point only moves the totals.
   */
  restore(
    trial: Answer & { readonly point: Point | null; readonly question: Question; readonly spent: Spend },
  ): void {
    const { point, question, spent, value, case_evaluations, error } = trial;
    if (point !== null) {
      const key = answerKey(point, question);
      this.#paid.set(key, { value, case_evaluations, error });
      if (error === null) this.#store.set(key, { value, case_evaluations, error });
    }
    this.#spent = { ...spent };
  }

  /**
   * Refuses a question that the purse cannot pay for.
   *
   * @throws {BudgetExhausted} when a limit that bears on it is reached, or `n_cases` more would pass the case limit
   */
  assertAffordable({ split, n_cases = 0 }: { readonly split: Split; readonly n_cases?: number }): void {
    const spent = this.spent;
    for (const resource of RESOURCES) {
      if (resource === "selection_queries" && split === "train") continue;
      const limit = this.limit(resource), isReasoners = REASONERS.includes(resource);
      // An arm that may call no model at all has reached nothing as long as it calls none.
      if (isReasoners && spent[resource] === 0) continue;
      const tooMany = resource === "case_evaluations" && spent.case_evaluations + n_cases > limit;
      if (spent[resource] >= limit || tooMany) throw new BudgetExhausted(resource, spent[resource], limit);
    }
  }

  async #compute(point: Point, question: Question): Promise<Answer> {
    try {
      const { value, case_evaluations } = await this.#options.objective(point, question);
      if (Number.isFinite(value)) return { value, case_evaluations, error: null };
      return { value: null, case_evaluations, error: `the objective gave ${value}` };
    } catch (error) {
      // A budget or an interruption met inside the objective is not this point's failure.
      if (error instanceof BudgetExhausted || (error as Error)?.name === "AbortError") throw error;
      return {
        value: null,
        case_evaluations: 0,
        error: String((error as Error)?.message || error || "unknown failure"),
      };
    }
  }
}

/** Nothing yet. */
export function nothingSpent(): Spend {
  return {
    theta_evaluations: 0,
    case_evaluations: 0,
    selection_queries: 0,
    model_calls: 0,
    tokens: 0,
    cost_usd: 0,
    seconds: 0,
  };
}

function answerKey(point: Point, { formula_hash, split, case_set_hash }: Question): string {
  return [formula_hash, pointHash(point), split, case_set_hash].join("/");
}
