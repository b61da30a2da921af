/** What a structure search may try: edits with a name, and where their new numbers start. */
import type { Formula } from "../formula/document.ts";
import type { Edit } from "../formula/edit_schema.ts";

/** What a move does to the formula; a search asks no proof of gain of one that only takes away. */
export type MoveKind = "add" | "change" | "drop";

/** One move: its edits, what they make of the formula, and a name for the report. */
export interface Move {
  readonly name: string;
  readonly kind: MoveKind;
  readonly edits: readonly Edit[];
  readonly formula: Formula;
  /** where numbers that are new, or start over, do so when not where they are neutral: at a number, or at a parameter's value from before */
  readonly start: Readonly<Record<string, number | string>>;
  /** whether it is screened with new numbers where they start, because it has too many or because the formula is another one at once */
  readonly asItStands: boolean;
}

/** A move before its edits are applied. */
export type MoveDraft = Pick<Move, "name" | "kind" | "edits"> & Partial<Pick<Move, "start" | "asItStands">>;
