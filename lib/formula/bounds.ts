/** Sound bounds of a formula over a box of its parameters: no point of the box gives a value outside. */
import type { ElementwiseSignal } from "../signals/signal.ts";
import { type Box, corners, exactly, type Interval } from "./box.ts";
import { addGaps, logRatio, times } from "./box_arithmetic.ts";
import { LOG_FLOOR, type ResolvedNode } from "./document.ts";
import { slotsOf } from "./parameters.ts";
import type { Scene } from "./scene.ts";
import { boundWalk, boundWalkGap, WALK_SLACK } from "./walk_bounds.ts";

/**
 * How the values of two files compare all over a box: bit for bit equal; equal but for rounding; the first never above the second;
 * or nothing known.
 */
export type Relation = "equal" | "alike" | "at_most" | "unknown";
const ORDER: readonly Relation[] = ["equal", "alike", "at_most", "unknown"];

/**
 * Bounds of every node of a formula on one query over one box.
 *
 * Elementwise signals are bounded by the corners of their coordinates where their shape says they are monotone, exactly where their
 * coordinates are fixed, and by [0, infinity) otherwise; walks as `walk_bounds.ts` says. Arithmetic is not rounded outwards; whoever draws conclusions allows a margin far above rounding.
 */
export class Bounds {
  readonly #values = new Map<string, Map<number, Interval>>();
  readonly #numbers = new Map<string, ReadonlyMap<string, Interval>>();

  constructor(readonly scene: Scene, readonly box: Box) {}

  /** Ranges of a node's numbers, by place. */
  numbers(node: ResolvedNode): ReadonlyMap<string, Interval> {
    let ranges = this.#numbers.get(node.id);
    if (!ranges) {
      ranges = new Map(
        slotsOf(node).map(({ place, binding }) => [
          place,
          typeof binding === "number" ? exactly(binding) : this.box.get(binding.param)!,
        ]),
      );
      this.#numbers.set(node.id, ranges);
    }
    return ranges;
  }

  number(node: ResolvedNode, place: string): Interval {
    return this.numbers(node).get(place)!;
  }

  /** Range of a node's value at a file. */
  value(node: ResolvedNode, file: number): Interval {
    let files = this.#values.get(node.id);
    if (!files) this.#values.set(node.id, files = new Map());
    let range = files.get(file);
    if (!range) files.set(file, range = this.#bound(node, file));
    return range;
  }

  #bound(node: ResolvedNode, file: number): Interval {
    const { op } = node.node, terms = node.children;
    const of = (k: number) => this.value(terms[k]!, file);
    const weight = (k: number) => this.number(node, `weight[${k}]`);
    const fold = (end: "low" | "high", start: number, f: (sum: number, v: number, w: number) => number) =>
      terms.reduce((sum, _, k) => f(sum, of(k)[end], op === "product" ? 1 : weight(k)[end]), start);
    const both = (start: number, f: (sum: number, v: number, w: number) => number): Interval => ({
      low: fold("low", start, f),
      high: fold("high", start, f),
    });
    switch (op) {
      case "signal":
        return node.signal!.kind === "walk"
          ? boundWalk(this.scene, node, this.numbers(node), file)
          : this.#leaf(node, this.scene.feature(node)[file]!);
      case "boost": {
        const peak = this.number(node, "peak"), term = of(0);
        return {
          low: 1 + times(peak.low - 1, term.low),
          high: 1 + times(peak.high - 1, term.high),
        };
      }
      case "gate": {
        const [canOpen, canClose] = this.gateStates(node, file);
        const ends = [
          ...(canOpen ? [this.number(node, "on")] : []),
          ...(canClose ? [this.number(node, "off")] : []),
        ];
        return { low: Math.min(...ends.map((e) => e.low)), high: Math.max(...ends.map((e) => e.high)) };
      }
      case "product":
        return both(1, (product, v) => times(product, v));
      case "weighted_sum":
        return both(0, (sum, v, w) => sum + times(w, v));
      case "max":
        return both(0, (most, v, w) => Math.max(most, times(w, v)));
      case "noisy_or": {
        const none = both(1, (p, v, w) => p * (1 - Math.min(1, Math.max(0, times(w, v)))));
        return { low: 1 - none.low, high: 1 - none.high };
      }
      case "log_linear":
        return terms.reduce((product, _, k): Interval => {
          const w = weight(k), v = of(k);
          const powers = [w.low, w.high].flatMap((e) => [v.low, v.high].map((x) => (x + LOG_FLOOR) ** e));
          return {
            low: times(product.low, Math.min(...powers)),
            high: times(product.high, Math.max(...powers)),
          };
        }, exactly(1));
      case "reciprocal_rank_fusion": {
        const k = this.number(node, "k");
        return terms.reduce((sum, _, j): Interval => {
          const place = this.place(node, j, file), w = weight(j);
          return {
            low: sum.low + w.low / (k.high + place.high),
            high: sum.high + w.high / (k.low + place.low),
          };
        }, exactly(0));
      }
    }
  }

  /** Whether a gate can be open, and whether it can be closed, at a file. */
  gateStates(node: ResolvedNode, file: number): [canOpen: boolean, canClose: boolean] {
    const threshold = this.number(node, "threshold"), term = this.value(node.children[0]!, file);
    return [term.high >= threshold.low, term.low < threshold.high];
  }

  /** Range of a file's mean place by one term of a fusion. */
  place(node: ResolvedNode, term: number, file: number): Interval {
    const child = node.children[term]!, own = this.value(child, file);
    let low = 1, high = 1;
    for (let other = 0; other < this.scene.files; other++) {
      if (other === file) continue;
      const v = this.value(child, other);
      low += v.low > own.high ? 1 : v.low >= own.high ? 0.5 : 0;
      high += v.high > own.low ? 1 : v.high >= own.low ? 0.5 : 0;
    }
    return { low, high };
  }

  #leaf(node: ResolvedNode, x: number): Interval {
    const signal = node.signal as ElementwiseSignal, ranges = [...this.numbers(node)];
    const open = ranges.some(([, r]) => r.low < r.high);
    if (open && !signal.shape?.monotone) return { low: 0, high: Infinity };
    const values = [...corners(ranges)].map((at) => signal.value(x, at));
    return { low: Math.min(...values), high: Math.max(...values) };
  }

  /** How a node's values at two files compare all over the box. */
  relation(node: ResolvedNode, a: number, b: number): Relation {
    if (a === b) return "equal";
    if (node.node.op === "signal") return this.#leafRelation(node, a, b);
    const worst = node.children.reduce<Relation>((worst, child, k) => {
      const own = this.relation(child, a, b);
      // A falling exponent turns "never above" round.
      const turned = own === "at_most" && node.node.op === "log_linear" &&
        this.number(node, `weight[${k}]`).low < 0;
      const now = turned ? "unknown" : own;
      return ORDER.indexOf(now) > ORDER.indexOf(worst) ? now : worst;
    }, "equal");
    // Steps make a difference in the last digit a large one.
    const steps = node.node.op === "gate" || node.node.op === "reciprocal_rank_fusion";
    if (steps && worst === "alike") return "unknown";
    if (node.node.op === "gate" && worst === "at_most") {
      return this.number(node, "on").low >= this.number(node, "off").high ? "at_most" : "unknown";
    }
    if (worst !== "unknown") return worst;
    return this.value(node, a).high <= this.value(node, b).low ? "at_most" : "unknown";
  }

  #leafRelation(node: ResolvedNode, a: number, b: number): Relation {
    const signal = node.signal!;
    if (signal.kind === "walk") {
      if (this.scene.areTwins(node, a, b)) return "alike";
      return this.gap(node, a, b) <= -WALK_SLACK ? "at_most" : "unknown";
    }
    const x = this.scene.feature(node);
    if (x[a] === x[b]) return "equal";
    const { feature } = signal.shape ?? {};
    if (feature === "rising" && x[a]! < x[b]! || feature === "falling" && x[a]! > x[b]!) return "at_most";
    return this.value(node, a).high <= this.value(node, b).low ? "at_most" : "unknown";
  }

  /** The most that ln(value at a) - ln(value at b) can be; -Infinity where a's value is always 0, Infinity where nothing is known. */
  gap(node: ResolvedNode, a: number, b: number): number {
    const { op } = node.node;
    if (op === "signal" && node.signal!.kind === "walk") {
      return boundWalkGap(this.scene, node, this.numbers(node), a, b);
    }
    const apart = logRatio(this.value(node, a).high, this.value(node, b).low);
    if (apart === -Infinity) return apart;
    const related = this.relation(node, a, b) === "unknown" ? Infinity : 0;
    return Math.min(apart, related, this.#gapOfTerms(node, a, b));
  }

  #gapOfTerms(node: ResolvedNode, a: number, b: number): number {
    const gaps = () => node.children.map((child) => this.gap(child, a, b));
    switch (node.node.op) {
      case "product":
        return addGaps(gaps());
      case "weighted_sum":
      case "max":
        // A ratio of sums with the same weights is at most the largest ratio of their terms.
        return Math.max(...gaps());
      case "noisy_or":
        // Concave along rays: scaling every term by t >= 1 scales the whole by at most t.
        return Math.max(0, ...gaps());
      default:
        return Infinity;
    }
  }
}
