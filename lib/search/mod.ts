/**
 * Search: chooses the next point, pays for it, and learns.
 *
 * Takes a search space, an objective and a budget; gives trials. Guards: equal terms for every arm (one evaluator, the default
 * first, a named split), no point twice, no failed trial lost, no injected point mistaken for a draw. May not know what a
 * parameter means, how a score comes about, or any split its evaluator was not opened for.
 */
export * from "./budget.ts";
export * from "./create_sampler.ts";
export * from "./latin_hypercube_sampler.ts";
export * from "./optuna_bridge.ts";
export * from "./optuna_journal.ts";
export * from "./proposal_sampler.ts";
export * from "./region.ts";
export * from "./run_study.ts";
export * from "./sampler.ts";
export * from "./sobol_sequence.ts";
