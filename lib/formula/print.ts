/** A formula as one line of mathematics. */
import type { Point } from "../records/space.ts";
import { type Binding, type Formula, LOG_FLOOR, type ResolvedNode, resolveNodes } from "./document.ts";
import { slotsOf } from "./parameters.ts";

/**
 * Writes a formula as one line: "pagerank(pagerank_alpha, ...) × (1 + (boost − 1)·recency(half_life))".
 *
 * Constants stand as "name=value", parameters by their names; with a point, each parameter is followed by "=" and its value there.
 * Options stand in square brackets where they are not the first of their list. The line is for reading, not for reading back.
 */
export function printFormula(formula: Formula, point?: Point): string {
  return printNode(resolveNodes(formula), point);
}

/** As {@link printFormula}, for one node and what is below it. */
export function printNode(node: ResolvedNode, point?: Point): string {
  return write(node, point, 0);
}

/** A number for eyes: at most four significant digits. */
export function formatNumber(value: number): string {
  return String(Number(value.toPrecision(4)));
}

/** A leaf's signal with the options it does not have by default: "coupling[decayed_200]". */
export function signalLabel(node: ResolvedNode): string {
  const options = Object.entries(node.options ?? {})
    .filter(([name, value]) => node.signal!.choices?.[name]?.[0] !== value).map(([, value]) => value);
  return node.signal!.name + (options.length > 0 ? `[${options.join(", ")}]` : "");
}

/** How tightly a node's line binds: a sum needs brackets inside a product. */
const SUM = 1, PRODUCT = 2, POWER = 3;

function write(node: ResolvedNode, point: Point | undefined, outer: number): string {
  const slots = new Map(slotsOf(node).map((slot) => [slot.place, slot.binding]));
  const number = (place: string) => printBinding(slots.get(place)!, point);
  const wrap = (text: string, own: number) => own < outer ? `(${text})` : text;
  const { node: doc, children } = node;
  switch (doc.op) {
    case "signal": {
      const bound = [...slots].map(([place, b]) =>
        typeof b === "number" ? `${place}=${formatNumber(b)}` : printBinding(b, point)
      );
      return signalLabel(node) + (bound.length > 0 ? `(${bound.join(", ")})` : "");
    }
    case "boost":
      return wrap(`1 + (${number("peak")} − 1)·${write(children[0]!, point, PRODUCT)}`, SUM);
    case "gate":
      return `[${write(children[0]!, point, 0)} ≥ ${number("threshold")} ? ${number("on")} : ${
        number("off")
      }]`;
    case "product":
      return wrap(children.map((c) => write(c, point, PRODUCT)).join(" × "), PRODUCT);
    case "weighted_sum":
      return wrap(
        children.map((c, i) => `${number(`weight[${i}]`)}·${write(c, point, PRODUCT)}`).join(" + "),
        SUM,
      );
    case "log_linear":
      return wrap(
        children.map((c, i) => `(${write(c, point, SUM)} + ${LOG_FLOOR})^${number(`weight[${i}]`)}`).join(
          " × ",
        ),
        PRODUCT,
      );
    case "reciprocal_rank_fusion":
      return wrap(
        children.map((c, i) => `${number(`weight[${i}]`)}/(${number("k")} + rank(${write(c, point, 0)}))`)
          .join(" + "),
        SUM,
      );
    case "noisy_or":
    case "max":
      return `${doc.op}(${
        children.map((c, i) => `${number(`weight[${i}]`)}·${write(c, point, POWER)}`).join(", ")
      })`;
  }
}

function printBinding(binding: Binding, point: Point | undefined): string {
  if (typeof binding === "number") return formatNumber(binding);
  const value = point?.[binding.param];
  return binding.param + (value === undefined ? "" : `=${formatNumber(value)}`);
}
