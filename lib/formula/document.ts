/**
 * Ranking formulas as data: a small expression tree of signals under combinators, validated and named.
 *
 * Every node has an id, unique in its formula, by which edits and score parts address it. Numbers in a formula are either fixed
 * constants or tunable parameters; the search space is derived from them (`parameters.ts`) and listed nowhere else.
 */
import { z } from "zod";
import { findSignal, resolveChoices } from "../signals/registry.ts";
import type { Coordinate, Signal } from "../signals/signal.ts";

/**
 * A number of a formula: a constant, or a tunable parameter.
 *
 * A parameter that names only itself takes default, bounds and scale from the place it stands in. The same name in two places is one
 * parameter; both places must then allow the same range.
 */
export const Tunable = z.strictObject({
  param: z.string().regex(/^[a-z][a-z0-9_]*$/, "a snake_case name is wanted"),
  default: z.number().optional(),
  low: z.number().optional(),
  high: z.number().optional(),
  scale: z.enum(["linear", "log"]).optional(),
  integer: z.boolean().optional(),
  description: z.string().optional(),
  layer: z.string().optional(),
});
export type Tunable = z.infer<typeof Tunable>;
export const Binding = z.union([z.number(), Tunable]);
export type Binding = z.infer<typeof Binding>;

const id = z.string().regex(/^[a-z][a-z0-9_]*$/, "a snake_case id is wanted").optional();

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
  id,
  signal: z.string(),
  options: z.record(z.string(), z.string()).optional(),
  bind: z.record(z.string(), Binding).optional(),
});
const BoostNode: z.ZodType<BoostNode> = z.lazy(() =>
  z.strictObject({ op: z.literal("boost"), id, peak: Binding.optional(), term: Node })
);
const GateNode: z.ZodType<GateNode> = z.lazy(() =>
  z.strictObject({
    op: z.literal("gate"),
    id,
    threshold: Binding.optional(),
    on: Binding.optional(),
    off: Binding.optional(),
    term: Node,
  })
);
const CombineNode: z.ZodType<CombineNode> = z.lazy(() =>
  z.strictObject({
    op: z.enum(["product", "weighted_sum", "noisy_or", "max", "reciprocal_rank_fusion", "log_linear"]),
    id,
    weights: z.array(Binding).optional(),
    k: Binding.optional(),
    terms: z.array(Node).min(1),
  })
);
/** A node of a formula; the reader follows `op` so that an issue names the one shape that was meant. */
export const Node: z.ZodType<Node> = z.lazy(() =>
  z.any().superRefine((value, context) => {
    const op = (value as { op?: unknown } | null)?.op;
    const schema = op === "signal"
      ? SignalNode
      : op === "boost"
      ? BoostNode
      : op === "gate"
      ? GateNode
      : typeof op === "string" && op in COMBINATORS
      ? CombineNode
      : undefined;
    if (!schema) {
      const known = ["signal", "boost", "gate", ...Object.keys(COMBINATORS)].join(", ");
      context.addIssue({
        code: "custom",
        path: ["op"],
        message: `${JSON.stringify(op)} is no operation: one of ${known} is wanted`,
      });
      return;
    }
    const parsed = schema.safeParse(value);
    if (!parsed.success) {
      for (const issue of parsed.error.issues) context.addIssue({ ...issue, path: issue.path } as never);
    }
  })
) as z.ZodType<Node>;

/** A named formula as it is written to disk and proposed. */
export const Formula = z.strictObject({
  record: z.literal("formula/1"),
  name: z.string().regex(/^[a-z][a-z0-9_-]*$/, "a lower-case name is wanted"),
  description: z.string(),
  root: Node,
});
export type Formula = z.infer<typeof Formula>;

/** A formula that cannot be used, with the place of the fault: "root.terms[2].bind.half_life". */
export class FormulaError extends SyntaxError {
  override name = "FormulaError";
  constructor(readonly path: string, message: string) {
    super(`Bad formula at ${path}: ${message}`);
  }
}

/** Deepest nesting a formula may have; a document that contains itself meets it too. */
export const MAX_DEPTH = 24;

/** A node with what validation resolved: its id, its path, its signal. */
export interface ResolvedNode {
  readonly node: Node;
  readonly id: string;
  readonly path: string;
  readonly children: readonly ResolvedNode[];
  /** of leaves only */
  readonly signal?: Signal;
  readonly options?: Readonly<Record<string, string>>;
}

/**
 * Reads a formula and resolves every name in it.
 *
 * @throws {FormulaError} for another shape, an unknown signal, option or coordinate, a non-finite number, ids used twice, nesting beyond
 *   MAX_DEPTH or a document that contains itself, with the path of the fault
 */
export function parseFormula(value: unknown): Formula {
  checkDepth(value, "formula", 0);
  const parsed = Formula.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    throw new FormulaError(formatPath(issue.path), issue.message);
  }
  resolveNodes(parsed.data);
  return parsed.data;
}

function formatPath(path: readonly PropertyKey[]): string {
  return path.map((p) => typeof p === "number" ? `[${p}]` : `.${String(p)}`).join("").replace(/^\./, "") ||
    "formula";
}

function checkDepth(value: unknown, path: string, depth: number): void {
  if (depth > MAX_DEPTH * 3) {
    throw new FormulaError(path, `nested deeper than ${MAX_DEPTH} nodes, or contains itself`);
  }
  if (typeof value === "number" && !Number.isFinite(value)) {
    throw new FormulaError(path, `${value} is not a finite number`);
  }
  if (value === null || typeof value !== "object") return;
  for (const [key, child] of Object.entries(value)) {
    checkDepth(
      child,
      Array.isArray(value) ? `${path}[${key}]` : path === "formula" ? key : `${path}.${key}`,
      depth + 1,
    );
  }
}

const resolved = new WeakMap<Formula, ResolvedNode>();

/** The formula's tree with ids, paths and signals resolved. Made once a formula object. @throws {FormulaError} as {@link parseFormula} */
export function resolveNodes(formula: Formula): ResolvedNode {
  let root = resolved.get(formula);
  if (root) return root;
  const ids = new Map<string, string>();
  const visit = (node: Node, path: string, depth: number): ResolvedNode => {
    if (depth > MAX_DEPTH) throw new FormulaError(path, `nested deeper than ${MAX_DEPTH} nodes`);
    if (node.op === "signal") {
      const signal = findSignal(node.signal);
      if (!signal) throw new FormulaError(`${path}.signal`, `unknown signal ${JSON.stringify(node.signal)}`);
      let options: Readonly<Record<string, string>>;
      try {
        options = resolveChoices(signal, node.options);
      } catch (error) {
        throw new FormulaError(`${path}.options`, (error as Error).message);
      }
      for (const [name, binding] of Object.entries(node.bind ?? {})) {
        const coordinate = signal.coordinates.find((c) => c.name === name);
        if (!coordinate) {
          const known = signal.coordinates.map((c) => c.name).join(", ") || "none";
          throw new FormulaError(
            `${path}.bind.${name}`,
            `${signal.name} has no such coordinate: it has ${known}`,
          );
        }
        checkBinding(binding, coordinate, `${path}.bind.${name}`);
      }
      return claim({ node, id: node.id ?? impliedId(node, []), path, children: [], signal, options });
    }
    const terms = node.op === "boost" || node.op === "gate" ? [node.term] : node.terms;
    const children = terms.map((t, i) =>
      visit(t, "terms" in node ? `${path}.terms[${i}]` : `${path}.term`, depth + 1)
    );
    if ("terms" in node) {
      if (node.weights && !COMBINATORS[node.op].weighted) {
        throw new FormulaError(`${path}.weights`, `${node.op} has no weights`);
      }
      if (node.weights && node.weights.length !== node.terms.length) {
        throw new FormulaError(
          `${path}.weights`,
          `${node.weights.length} weights for ${node.terms.length} terms`,
        );
      }
      if (node.k !== undefined && node.op !== "reciprocal_rank_fusion") {
        throw new FormulaError(`${path}.k`, `${node.op} has no k`);
      }
    }
    return claim({ node, id: node.id ?? impliedId(node, children.map((c) => c.id)), path, children });
  };
  const claim = (node: ResolvedNode): ResolvedNode => {
    const other = ids.get(node.id);
    if (other !== undefined) {
      throw new FormulaError(
        `${node.path}.id`,
        `the id ${JSON.stringify(node.id)} is taken by ${other}: give one of them another id`,
      );
    }
    ids.set(node.id, node.path);
    return node;
  };
  root = visit(formula.root, "root", 1);
  resolved.set(formula, root);
  return root;
}

/** The id of a node that names none: its signal; what it wraps, boost(recency) being "recency_boost"; or its operation. */
export function impliedId(node: Node, children: readonly string[]): string {
  if (node.op === "signal") return node.signal;
  return "terms" in node ? node.op : `${children[0]}_${node.op}`;
}

/** Checks that a binding stays inside what its place allows. */
export function checkBinding(binding: Binding, coordinate: Coordinate, path: string): void {
  const inside = (value: number | undefined, what: string) => {
    if (value !== undefined && (value < coordinate.low || value > coordinate.high)) {
      throw new FormulaError(path, `${what} ${value} lies outside [${coordinate.low}, ${coordinate.high}]`);
    }
  };
  if (typeof binding === "number") return inside(binding, "the constant");
  inside(binding.default, "the default");
  inside(binding.low, "low");
  inside(binding.high, "high");
}

/** Every node below and including one, parents first. */
export function* walkNodes(root: ResolvedNode): Generator<ResolvedNode> {
  yield root;
  for (const child of root.children) yield* walkNodes(child);
}
