/** What a stand-in is told to do, as it reads it from `scenario.json`. */

/** How to answer one call. */
export interface Step {
  readonly mode: string;
  /** Text of the reply */
  readonly text?: string;
  /** Structured value of the reply */
  readonly value?: unknown;
  /** Model that answers, when it is not the one asked for */
  readonly served?: string;
}

/** Steps in order (the last one repeats), and the ways of an older version. */
export interface Scenario {
  readonly steps: readonly Step[];
  /** Options it does not know */
  readonly refuses?: readonly string[];
  readonly rejects_schemas?: boolean;
}

/** One call as a stand-in saw it. */
export interface SeenCall {
  readonly argv: readonly string[];
  readonly cwd: string;
  /** How many entries its working folder had */
  readonly cwd_entries: number;
  readonly env: Readonly<Record<string, string>>;
  readonly stdin: string;
  readonly pid: number;
  readonly mode: string;
}
