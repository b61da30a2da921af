/** The refusal of a formula, and how the place of a fault is written. */

/** A formula that cannot be used, with the place of the fault: "root.terms[2].bind.half_life". */
export class FormulaError extends SyntaxError {
  override name = "FormulaError";
  constructor(readonly path: string, readonly reason: string) {
    super(`Bad formula at ${path}: ${reason}`);
  }
}

/** Members and list positions as JavaScript writes them: "terms[2].bind.half_life"; "" for none. */
export function formatPath(path: readonly PropertyKey[]): string {
  return path.map((p) => typeof p === "number" ? `[${p}]` : `.${String(p)}`).join("").replace(/^\./, "");
}

/** One path behind another, either of which may be "". */
export function joinPaths(path: string, rest: string): string {
  return path === "" || rest === "" || rest.startsWith("[") ? path + rest : `${path}.${rest}`;
}
