/** What the host calls. */
export { powers } from "./power";
export { readAll } from "./probe";
export { contractAll, run } from "./run";
export { gather, solve } from "./krylov";
export { addProducts, misfit, project } from "./basis";
