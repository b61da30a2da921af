/** Structural edits of a formula as data: what a person, a reasoner or a search may ask for, and how it is refused. */
import { z } from "zod";
import { nameFault } from "../signals/name.ts";
import { FormulaError, joinPaths } from "./formula_error.ts";
import { Binding, Bindings, Name, Node, Options } from "./node.ts";
import { misplaced } from "./say_issue.ts";

const id = z.string().min(1, "an empty text stands where the id of a node is wanted");
const place = z.string().min(1, "an empty text stands where the place of a number is wanted");
const combinator = z.enum([
  "product",
  "weighted_sum",
  "noisy_or",
  "max",
  "reciprocal_rank_fusion",
  "log_linear",
]);

/** What a number is tied to: a constant, or a parameter by its name. */
const Target = z.any().superRefine((value, context) => {
  const named = typeof value === "string" && nameFault(value) === undefined;
  if (named || (typeof value === "number" && Number.isFinite(value))) return;
  const wanted = "a number or the name of a parameter";
  context.addIssue({ code: "custom", message: misplaced(value, wanted) });
}) as z.ZodType<number | string>;

/**
 * One edit. `id` addresses a node; `place` one of its numbers: a coordinate, "peak", "threshold", "on", "off", "k", "weight[i]" of a
 * combinator, or "weight" of a term, which is the same number seen from below.
 */
export const Edit = z.discriminatedUnion("edit", [
  /** Appends a term to the combinator `at`; a weight may come with it where the combinator has weights. */
  z.strictObject({ edit: z.literal("add_term"), at: id, term: Node, weight: Binding.optional() }),
  /** Takes a term, with all below it, out of its combinator. */
  z.strictObject({ edit: z.literal("drop_term"), id }),
  /** Combines the same terms otherwise. Weights stay where both combinators read them alike, else they start over. */
  z.strictObject({ edit: z.literal("replace_combinator"), id, op: combinator }),
  /** Another signal in a leaf's place. Bindings stay for coordinates that both signals have; options start over. */
  z.strictObject({
    edit: z.literal("swap_signal"),
    id,
    signal: z.string(),
    options: Options.optional(),
    bind: Bindings.optional(),
  }),
  /** Another value for a structural option of a leaf. */
  z.strictObject({ edit: z.literal("set_option"), id, option: z.string(), value: z.string() }),
  /** Puts a new node between a node and its parent; a combinator starts with this one term. */
  z.strictObject({
    edit: z.literal("wrap"),
    id,
    with: z.enum(["boost", "gate", ...combinator.options]),
    as: Name.optional(),
    bind: Bindings.optional(),
  }),
  /** Takes a boost, a gate or a combinator of one term away and leaves its term. */
  z.strictObject({ edit: z.literal("unwrap"), id }),
  /** Makes a number a parameter of its own: a constant becomes tunable, a shared parameter parts company here. */
  z.strictObject({
    edit: z.literal("untie"),
    id,
    place,
    param: Name,
    default: z.number().optional(),
    low: z.number().optional(),
    high: z.number().optional(),
    scale: z.enum(["linear", "log"]).optional(),
  }),
  /** Fixes a number to a constant, or makes it follow a parameter the formula already has. */
  z.strictObject({ edit: z.literal("tie"), id, place, to: Target }),
  /** Another range, scale or default for a parameter, in every place it stands in. */
  z.strictObject({
    edit: z.literal("set_bounds"),
    param: Name,
    default: z.number().optional(),
    low: z.number().optional(),
    high: z.number().optional(),
    scale: z.enum(["linear", "log"]).optional(),
  }),
]);
export type Edit = z.infer<typeof Edit>;

/** A list of edits, applied in order, each to the outcome of those before it. */
export const Edits = z.array(Edit).min(1, "at least one edit is wanted");

/** Names of the edits, for help texts and prompts. */
export const EDIT_KINDS: readonly Edit["edit"][] = Edit.options.map((o) => o.shape.edit.value);

/** Every edit with its members in order, those that may be left out in brackets: "add_term at term [weight]". */
export const EDIT_FORMS: readonly string[] = Edit.options.map((o) =>
  Object.entries(o.shape).map(([member, schema]) =>
    member === "edit" ? o.shape.edit.value : schema.isOptional() ? `[${member}]` : member
  ).join(" ")
);

/** An edit that cannot be applied: which one of the list (0-based; 0 of no list as well), which member of it, and why. */
export class EditError extends SyntaxError {
  override name = "EditError";
  constructor(
    readonly index: number,
    readonly path: string,
    readonly reason: string,
    whole = `edits[${index}]`,
  ) {
    super(`Cannot apply ${joinPaths(whole, path)}: ${reason}`);
  }
}

/** Refuses the edit at hand: which member of it, and why. */
export type Refuse = (path: string, reason: string) => never;

/** Refuses what could be in no formula, with the place that the check says. */
export function checked(check: () => void, refuse: Refuse): void {
  try {
    check();
  } catch (error) {
    if (!(error instanceof FormulaError)) throw error;
    refuse(error.path, error.reason);
  }
}
