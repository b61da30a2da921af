/** Structural edits of a formula as data: what a person, a reasoner or a search may ask for, and how it is refused. */
import { z } from "zod";
import { Binding, Node } from "./node.ts";

const id = z.string().min(1);
const name = z.string().regex(/^[a-z][a-z0-9_]*$/, "a snake_case name is wanted");
const place = z.string().min(1);
const combinator = z.enum([
  "product",
  "weighted_sum",
  "noisy_or",
  "max",
  "reciprocal_rank_fusion",
  "log_linear",
]);

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
    options: z.record(z.string(), z.string()).optional(),
    bind: z.record(z.string(), Binding).optional(),
  }),
  /** Another value for a structural option of a leaf. */
  z.strictObject({ edit: z.literal("set_option"), id, option: z.string(), value: z.string() }),
  /** Puts a new node between a node and its parent; a combinator starts with this one term. */
  z.strictObject({
    edit: z.literal("wrap"),
    id,
    with: z.enum(["boost", "gate", ...combinator.options]),
    as: name.optional(),
    bind: z.record(z.string(), Binding).optional(),
  }),
  /** Takes a boost, a gate or a combinator of one term away and leaves its term. */
  z.strictObject({ edit: z.literal("unwrap"), id }),
  /** Makes a number a parameter of its own: a constant becomes tunable, a shared parameter parts company here. */
  z.strictObject({
    edit: z.literal("untie"),
    id,
    place,
    param: name,
    default: z.number().optional(),
    low: z.number().optional(),
    high: z.number().optional(),
    scale: z.enum(["linear", "log"]).optional(),
  }),
  /** Fixes a number to a constant, or makes it follow a parameter the formula already has. */
  z.strictObject({ edit: z.literal("tie"), id, place, to: z.union([z.number(), name]) }),
  /** Another range, scale or default for a parameter, in every place it stands in. */
  z.strictObject({
    edit: z.literal("set_bounds"),
    param: name,
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

/** An edit that cannot be applied: which one of the list (0-based), which member of it, and why. */
export class EditError extends SyntaxError {
  override name = "EditError";
  constructor(readonly index: number, readonly path: string, readonly reason: string) {
    super(`Cannot apply edits[${index}]${path ? `.${path}` : ""}: ${reason}`);
  }
}
