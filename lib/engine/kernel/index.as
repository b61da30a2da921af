/** What the host calls. */
export { multiply } from "./tables";
export { findStops } from "./lists";
export { powers } from "./power";
export { readAll } from "./probe";
export { contractAll, contractGroup, run } from "./run";
export { runQuads } from "./quad_run";
export { gather, solve } from "./krylov";
export { addProducts, misfit, project, proportions } from "./basis";
