/**
 * Reasoning: from failed rankings to judged changes of parameters and formula, with a memory.
 *
 * Comes in: train and selection arenas, a formula at a point, something that answers prompts, a folder. Comes out: episodes, the best
 * point, insights, scored forecasts, tickets. Guards: what proposes sees train cases only; a change is kept only when it wins on cases it
 * was not derived from, at a level that counts every look; replies move bounded parameters or apply typed edits and nothing
 * else; a study survives being killed anywhere. May not read any other split, nor know how cases are made.
 */
export * from "./acceptance.ts";
export { type AnalystInput, analystModel, reasonFrom } from "./analyst.ts";
export * from "./attribute.ts";
export * from "./batch.ts";
export * from "./beyond.ts";
export * from "./candidate.ts";
export * from "./catalogue.ts";
export * from "./certify.ts";
export * from "./confirm.ts";
export * from "./controls.ts";
export * from "./effect.ts";
export * from "./evidence.ts";
export * from "./failures.ts";
export * from "./forecast.ts";
export * from "./gradient.ts";
export * from "./guard.ts";
export * from "./loop.ts";
export * from "./movability.ts";
export * from "./options.ts";
export * from "./overtuning.ts";
export * from "./panel.ts";
export { exampleReply, fill, PROMPTS, writePrompt } from "./prompt.ts";
export * from "./race.ts";
export * from "./reply.ts";
export * from "./spending.ts";
export * from "./tickets.ts";
export { findFormula, FORMULAS } from "./versions.ts";
export * from "./view.ts";
