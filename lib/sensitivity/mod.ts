/** Which parameters matter, alone and together, and whether a claim about a combination holds. */
export * from "./additive_null.ts";
export * from "./designs.ts";
export * from "./evaluation.ts";
export * from "./factorial.ts";
export * from "./fanova.ts";
export * from "./forest.ts";
export * from "./heatmap.ts";
export * from "./invariances.ts";
export * from "./joint_effect.ts";
export * from "./oat.ts";
export * from "./resampling.ts";
export * from "./sobol_indices.ts";
export * from "./test_interaction.ts";
export * from "./variance_shares.ts";
