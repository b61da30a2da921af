/** The search space of a formula, read off its document, and the number behind every binding at a point. */
import type { QueryMode } from "../records/snapshot.ts";
import { checkSpace, type ParameterSpec, type Point, type SearchSpace } from "../records/space.ts";
import { type Coordinate, coordinate } from "../signals/signal.ts";
import { checkBinding } from "./check_node.ts";
import {
  type Binding,
  COMBINATORS,
  type Formula,
  FormulaError,
  type ResolvedNode,
  resolveNodes,
  walkNodes,
} from "./document.ts";

/** Ranges of the numbers that belong to combinators. */
const PLACES = {
  peak: coordinate("peak", "factor where the term is 1", { default: 5, low: 1, high: 10_000, scale: "log" }),
  threshold: coordinate("threshold", "value of the term at which the gate opens", {
    default: 0.3,
    low: 0,
    high: 1,
  }),
  on: coordinate("on", "value of an open gate", { default: 3, low: 1, high: 1000, scale: "log" }),
  off: coordinate("off", "value of a closed gate", { default: 1, low: 0, high: 1 }),
  weight: coordinate("weight", "weight of the term", { default: 1, low: 0.001, high: 1000, scale: "log" }),
  exponent: coordinate("weight", "exponent of the term", { default: 0.5, low: -2, high: 5 }),
  share: coordinate("weight", "probability that the term alone suffices", { default: 0.5, low: 0, high: 1 }),
  k: coordinate("k", "rank offset", { default: 60, low: 1, high: 1000, scale: "log" }),
} satisfies Record<string, Coordinate>;

/** One number of a formula: where it stands and what it is bound to. */
export interface Slot {
  readonly node: ResolvedNode;
  /** coordinate name, "peak", "threshold", "on", "off", "k", or "weight[i]" */
  readonly place: string;
  readonly coordinate: Coordinate;
  readonly binding: Binding;
}

/** Lists every number of a node with its binding; an unbound one is bound to the parameter named after it. */
export function slotsOf(node: ResolvedNode): Slot[] {
  const { node: doc, id } = node;
  const slot = (place: string, at: Coordinate, binding: Binding | undefined, fallback: Binding): Slot => ({
    node,
    place,
    coordinate: at,
    binding: binding ?? fallback,
  });
  switch (doc.op) {
    case "signal":
      return node.signal!.coordinates.map((c) =>
        slot(c.name, c, doc.bind?.[c.name], { param: `${id}_${c.name}` })
      );
    case "boost":
      return [slot("peak", PLACES.peak, doc.peak, { param: id })];
    case "gate":
      return [
        slot("threshold", PLACES.threshold, doc.threshold, { param: `${id}_threshold` }),
        slot("on", PLACES.on, doc.on, { param: id }),
        slot("off", PLACES.off, doc.off, 1),
      ];
    default: {
      const slots: Slot[] = [];
      if (COMBINATORS[doc.op].weighted) {
        const at = doc.op === "log_linear"
          ? PLACES.exponent
          : doc.op === "noisy_or"
          ? PLACES.share
          : PLACES.weight;
        node.children.forEach((child, i) =>
          slots.push(slot(`weight[${i}]`, at, doc.weights?.[i], { param: `${child.id}_weight` }))
        );
      }
      if (doc.op === "reciprocal_rank_fusion") slots.push(slot("k", PLACES.k, doc.k, { param: `${id}_k` }));
      return slots;
    }
  }
}

/** Where a number stands in its document, or would stand if it were written down: "root.weights[0]", "root.terms[1].bind.gamma". */
export function slotPath({ node, place }: Slot): string {
  if (node.signal) return `${node.path}.bind.${place}`;
  return `${node.path}.${place.replace(/^weight\[/, "weights[")}`;
}

const spaces = new WeakMap<Formula, SearchSpace>();

/**
 * Derives the search space: every tunable number of the document, in document order, shared names once.
 *
 * @throws {FormulaError} when a number leaves what its place allows, or two places of one name disagree about range, scale or default
 */
export function searchSpace(formula: Formula): SearchSpace {
  let space = spaces.get(formula);
  if (space) return space;
  const rows = new Map<string, { spec: ParameterSpec; path: string }>();
  for (const node of walkNodes(resolveNodes(formula))) {
    for (const slot of slotsOf(node)) {
      const { coordinate: at, binding } = slot, path = slotPath(slot);
      checkBinding(binding, at, path);
      if (typeof binding === "number") continue;
      const low = binding.low ?? at.low, high = binding.high ?? at.high;
      const spec: ParameterSpec = {
        name: binding.param,
        default: binding.default ?? Math.min(high, Math.max(low, at.default)),
        low,
        high,
        scale: binding.scale ?? at.scale,
        integer: binding.integer ?? at.integer,
        description: binding.description ?? at.description,
        layer: binding.layer ?? node.signal?.layer ?? "Formula",
      };
      try {
        checkSpace([spec]);
      } catch (error) {
        throw new FormulaError(path, (error as Error).message);
      }
      const known = rows.get(spec.name);
      if (!known) rows.set(spec.name, { spec, path });
      else if (
        ["low", "high", "default", "scale", "integer"].some((k) =>
          known.spec[k as "low"] !== spec[k as "low"]
        )
      ) {
        throw new FormulaError(
          path,
          `the parameter ${spec.name} is declared differently at ${known.path}: give both the same range and default`,
        );
      }
    }
  }
  space = [...rows.values()].map((row) => row.spec);
  spaces.set(formula, space);
  return space;
}

/**
 * Names of the parameters that stand only above signals of the message: without one they move no score. Document order.
 *
 * A weight of a combinator counts as heard when any signal under it is.
 */
export function silentParameters(formula: Formula, mode: QueryMode): string[] {
  if (mode === "message") return [];
  const heard = new Set<string>();
  for (const node of walkNodes(resolveNodes(formula))) {
    const speaks = [...walkNodes(node)].some(({ signal }) => signal && signal.needs !== "message");
    if (!speaks) continue;
    for (const { binding } of slotsOf(node)) if (typeof binding !== "number") heard.add(binding.param);
  }
  return searchSpace(formula).map((p) => p.name).filter((name) => !heard.has(name));
}

/** Values of a node's numbers at a point, by place. @throws {RangeError} when the point lacks a parameter or holds a non-finite one */
export function numbersAt(node: ResolvedNode, point: Point): Record<string, number> {
  return Object.fromEntries(
    slotsOf(node).map((slot) => {
      const { place, binding } = slot;
      const value = typeof binding === "number" ? binding : point[binding.param];
      if (value === undefined || !Number.isFinite(value)) {
        throw new RangeError(
          `Cannot evaluate ${slotPath(slot)}: its parameter is ${value}, a finite number is wanted`,
        );
      }
      return [place, value];
    }),
  );
}
