/** The nodes of a formula as they are written down: their shapes, what each combinator computes, and how they are read. */
import { z } from "zod";
import { nameFault } from "../signals/name.ts";
import { findTreeFault } from "./find_tree_fault.ts";
import { found, misplaced, sayIssue } from "./say_issue.ts";

/** Name of a node or a parameter. */
export const Name = z.string().superRefine((text, context) => {
  const fault = nameFault(text);
  if (fault) context.addIssue({ code: "custom", message: `${found(text)}: ${fault}` });
});

/** Reads by another schema, whose issues become those of this place. */
function readAs(schema: z.ZodType, value: unknown, context: z.RefinementCtx): void {
  const parsed = schema.safeParse(value, { error: sayIssue });
  for (const issue of parsed.error?.issues ?? []) {
    context.addIssue({ ...issue, path: issue.path } as never);
  }
}

/**
 * A number of a formula: a constant, or a tunable parameter.
 *
 * A parameter that names only itself takes default, bounds and scale from the place it stands in. The same name in two places is one
 * parameter; both places must then allow the same range.
 */
export const Tunable = z.strictObject({
  param: Name,
  default: z.number().optional(),
  low: z.number().optional(),
  high: z.number().optional(),
  scale: z.enum(["linear", "log"]).optional(),
  integer: z.boolean().optional(),
  description: z.string().optional(),
  layer: z.string().optional(),
});
export type Tunable = z.infer<typeof Tunable>;
export type Binding = number | Tunable;
export const Binding = z.any().superRefine((value, context) => {
  if (typeof value === "number" && Number.isFinite(value)) return;
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return readAs(Tunable, value, context);
  }
  const wanted = 'a number or a parameter such as {"param":"name"}';
  context.addIssue({ code: "custom", message: misplaced(value, wanted) });
}) as z.ZodType<Binding>;

/** Values by name. A record by itself would pass over a member called "__proto__" without a word. */
const byName = <T>(value: z.ZodType<T>) =>
  z.any().superRefine((members, context) => {
    if (typeof members === "object" && members !== null && Object.hasOwn(members, "__proto__")) {
      context.addIssue({
        code: "custom",
        path: ["__proto__"],
        message: "no member has that name: leave it out",
      });
    }
  }).pipe(z.record(z.string(), value)) as z.ZodType<Record<string, T>>;

/** Values of structural options by the options' names. */
export const Options = byName(z.string());
/** What numbers are bound to, by their places. */
export const Bindings = byName(Binding);

/** A leaf: one signal, its structural options, and what its coordinates are bound to (unbound ones become parameters `<id>_<coordinate>`). */
export interface SignalNode {
  readonly op: "signal";
  readonly id?: string | undefined;
  readonly signal: string;
  readonly options?: Readonly<Record<string, string>> | undefined;
  readonly bind?: Readonly<Record<string, Binding>> | undefined;
}

/** 1 + (peak - 1) x term: a factor that is 1 where the term is 0 and `peak` where it is 1. Never demotes, since peak >= 1. */
export interface BoostNode {
  readonly op: "boost";
  readonly id?: string | undefined;
  readonly peak?: Binding | undefined;
  readonly term: Node;
}

/** `on` where the term is at least `threshold`, else `off`: a step. */
export interface GateNode {
  readonly op: "gate";
  readonly id?: string | undefined;
  readonly threshold?: Binding | undefined;
  readonly on?: Binding | undefined;
  readonly off?: Binding | undefined;
  readonly term: Node;
}

/** Several terms into one, by `op`; see COMBINATORS for each definition. */
export interface CombineNode {
  readonly op: "product" | "weighted_sum" | "noisy_or" | "max" | "reciprocal_rank_fusion" | "log_linear";
  readonly id?: string | undefined;
  /** one a term where the combinator has weights; unbound ones become parameters `<term id>_weight` */
  readonly weights?: readonly Binding[] | undefined;
  /** rank offset of reciprocal_rank_fusion; unbound: parameter `<id>_k` */
  readonly k?: Binding | undefined;
  readonly terms: readonly Node[];
}

export type Node = SignalNode | BoostNode | GateNode | CombineNode;

/** What each combinator computes from its terms' values v_j >= 0. */
export const COMBINATORS = {
  product: { weighted: false, description: "product of v_j" },
  weighted_sum: { weighted: true, description: "sum of w_j v_j" },
  noisy_or: {
    weighted: true,
    description: "1 - product of (1 - clamp(w_j v_j, 0, 1)): any one term is enough",
  },
  max: { weighted: true, description: "largest w_j v_j" },
  reciprocal_rank_fusion: {
    weighted: true,
    description:
      "sum of w_j / (k + rank_j), rank_j the 1-based place by v_j; equal values share their mean place",
  },
  log_linear: {
    weighted: true,
    description: "product of (v_j + 1e-6) ^ w_j: linear in the weights on the logarithmic scale",
  },
} as const;

/** Added to a term before its logarithm in log_linear, so that a 0 is strong evidence and not an infinity. */
export const LOG_FLOOR = 1e-6;

const SignalNode: z.ZodType<SignalNode> = z.strictObject({
  op: z.literal("signal"),
  id: Name.optional(),
  signal: z.string(),
  options: Options.optional(),
  bind: Bindings.optional(),
});
const BoostNode: z.ZodType<BoostNode> = z.lazy(() =>
  z.strictObject({ op: z.literal("boost"), id: Name.optional(), peak: Binding.optional(), term: InnerNode })
);
const GateNode: z.ZodType<GateNode> = z.lazy(() =>
  z.strictObject({
    op: z.literal("gate"),
    id: Name.optional(),
    threshold: Binding.optional(),
    on: Binding.optional(),
    off: Binding.optional(),
    term: InnerNode,
  })
);
const CombineNode: z.ZodType<CombineNode> = z.lazy(() =>
  z.strictObject({
    op: z.enum(["product", "weighted_sum", "noisy_or", "max", "reciprocal_rank_fusion", "log_linear"]),
    id: Name.optional(),
    weights: z.array(Binding).optional(),
    k: Binding.optional(),
    terms: z.array(InnerNode).min(1, "an empty list stands where at least one term is wanted"),
  })
);

const SHAPES: ReadonlyMap<unknown, z.ZodType<Node>> = new Map<unknown, z.ZodType<Node>>([
  ["signal", SignalNode],
  ["boost", BoostNode],
  ["gate", GateNode],
  ...Object.keys(COMBINATORS).map((op) => [op, CombineNode] as const),
]);

/** Reads a node and what is below it; follows `op` so that an issue names the one shape that was meant. */
const InnerNode: z.ZodType<Node> = z.lazy(() =>
  z.any().superRefine((value, context) => {
    const ops = [...SHAPES.keys()].join(", ");
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      const wanted = `a node, an object whose op is one of ${ops},`;
      return context.addIssue({ code: "custom", message: misplaced(value, wanted) });
    }
    const { op } = value as { op?: unknown }, shape = SHAPES.get(op);
    if (shape) return readAs(shape, value, context);
    const message = op === undefined
      ? misplaced(op, `one of ${ops}`)
      : `${found(op)} is no operation: one of ${ops} is wanted`;
    context.addIssue({ code: "custom", path: ["op"], message });
  })
) as z.ZodType<Node>;

/** A node with all below it, of unknown origin: first found fit to be walked as a tree, then read. */
export const Node: z.ZodType<Node> = z.any().superRefine((value, context) => {
  const fault = findTreeFault(value);
  if (fault) context.addIssue({ code: "custom", path: [...fault.path], message: fault.reason });
}).pipe(InnerNode);

/** The terms of a node with their places: "term", or "terms[0]" and on; none of a signal. */
export function termsOf(node: Node): (readonly [term: Node, place: string])[] {
  if (node.op === "signal") return [];
  return "terms" in node
    ? node.terms.map((term, i) => [term, `terms[${i}]`] as const)
    : [[node.term, "term"]];
}
