/** What a node may say beyond its shape: signals, options and coordinates there are, numbers inside their ranges, a weight a term. */
import { spellingHint } from "../base/spelling.ts";
import { allSignals, findSignal, resolveChoices } from "../signals/registry.ts";
import type { Coordinate, Signal } from "../signals/signal.ts";
import { FormulaError, joinPaths } from "./formula_error.ts";
import { type Binding, COMBINATORS, type CombineNode, type Node, type SignalNode, termsOf } from "./node.ts";

/** What is known of a leaf once its names are resolved. */
export interface ResolvedLeaf {
  readonly signal: Signal;
  /** every structural option, those left out at their defaults */
  readonly options: Readonly<Record<string, string>>;
}

/**
 * Checks one node, whatever stands below it; a leaf comes back resolved.
 *
 * @param path where the node stands; "" where paths are to begin at the node itself
 * @throws {FormulaError} for an unknown signal, option or coordinate, a coordinate's number out of its range, weights or k where there
 *   are none, or more or fewer weights than terms
 */
export function checkNode(node: Node, path: string): ResolvedLeaf | undefined {
  if (node.op === "signal") return checkLeaf(node, path);
  if ("terms" in node) checkCombinator(node, path);
  return undefined;
}

/** Checks a node and all below it. @throws {FormulaError} as {@link checkNode} */
export function checkTree(node: Node, path: string): void {
  checkNode(node, path);
  for (const [term, place] of termsOf(node)) checkTree(term, joinPaths(path, place));
}

function checkLeaf(node: SignalNode, path: string): ResolvedLeaf {
  const signal = findSignal(node.signal);
  if (!signal) {
    const hint = spellingHint(node.signal, allSignals().map((s) => s.name));
    throw new FormulaError(
      joinPaths(path, "signal"),
      `unknown signal ${JSON.stringify(node.signal)}${hint}`,
    );
  }
  for (const [name, value] of Object.entries(node.options ?? {})) {
    try {
      resolveChoices(signal, { [name]: value });
    } catch (error) {
      throw new FormulaError(joinPaths(path, `options.${name}`), (error as Error).message);
    }
  }
  for (const [name, binding] of Object.entries(node.bind ?? {})) {
    const at = joinPaths(path, `bind.${name}`);
    const coordinate = signal.coordinates.find((c) => c.name === name);
    if (!coordinate) {
      const known = signal.coordinates.map((c) => c.name).join(", ") || "none";
      throw new FormulaError(at, `${signal.name} has no such coordinate: it has ${known}`);
    }
    checkBinding(binding, coordinate, at);
  }
  return { signal, options: resolveChoices(signal, node.options) };
}

function checkCombinator({ op, weights, k, terms }: CombineNode, path: string): void {
  if (weights && !COMBINATORS[op].weighted) {
    throw new FormulaError(joinPaths(path, "weights"), `${op} has no weights: leave them out`);
  }
  if (weights && weights.length !== terms.length) {
    throw new FormulaError(
      joinPaths(path, "weights"),
      `${weights.length} weights for ${terms.length} terms: a weight a term is wanted, or none at all`,
    );
  }
  if (k !== undefined && op !== "reciprocal_rank_fusion") {
    throw new FormulaError(joinPaths(path, "k"), `${op} has no k: leave it out`);
  }
}

/** Checks that a binding stays inside what its place allows. @throws {FormulaError} with the path given, or that of the member at fault */
export function checkBinding(binding: Binding, coordinate: Coordinate, path: string): void {
  const { low, high, integer } = coordinate;
  const inside = (value: number | undefined, what: string) => {
    if (value !== undefined && (value < low || value > high)) {
      throw new FormulaError(path, `${what} ${value} lies outside [${low}, ${high}]`);
    }
  };
  if (typeof binding === "number") {
    inside(binding, "the constant");
    if (integer && !Number.isInteger(binding)) {
      throw new FormulaError(
        path,
        `the constant ${binding} is not whole: a whole number in [${low}, ${high}] is wanted`,
      );
    }
    return;
  }
  inside(binding.default, "the default");
  inside(binding.low, "low");
  inside(binding.high, "high");
  if (integer && binding.integer === false) {
    throw new FormulaError(joinPaths(path, "integer"), `${coordinate.name} is a whole number: leave it out`);
  }
}
