/** Formulas a study has judged, by hash: an episode names its formula by hash alone, and a resumed study needs the document. */
import { z } from "zod";
import { Formula } from "../formula/document.ts";
import { formulaHash } from "../formula/formula_hash.ts";
import type { RecordFile } from "../scratchpad/files.ts";
import type { Journal } from "../scratchpad/journal.ts";

const StudyFormula = z.object({
  record: z.literal("study_formula/1"),
  /** the formula's content hash */
  id: z.string().min(1),
  formula: Formula,
});
type StudyFormula = z.infer<typeof StudyFormula>;

/** Where a study keeps them. */
export const FORMULAS: RecordFile<StudyFormula> = { name: "formulas.jsonl", schema: StudyFormula };

/** Keeps a formula, unless one of the same content is there already under whatever name. */
export function keepFormula(journal: Journal, formula: Formula): void {
  const id = formulaHash(formula);
  if (journal.read(FORMULAS).some((known) => known.id === id)) return;
  journal.append(FORMULAS, { record: "study_formula/1", id, formula });
}

/** The formula of a hash. @throws {RangeError} when the study never judged it */
export function findFormula(journal: Journal, hash: string): Formula {
  const found = journal.read(FORMULAS).find((known) => known.id === hash);
  if (found === undefined) {
    throw new RangeError(
      `Cannot resume: no formula with hash ${
        hash.slice(0, 12)
      } stands in ${FORMULAS.name}; restore the file from a copy`,
    );
  }
  return found.formula;
}
