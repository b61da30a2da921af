/**
 * The order of two files as a linear inequality: an upper bound of their log gap over a box, linear in some of the parameters.
 *
 * In a product the log gap is a sum over factors. A boost of a 0/1 term is exactly linear in the logarithm of its peak; one of a
 * continuous term is convex in it, so a chord bounds the target's part from above and a tangent the distractor's. An open gate counts
 * the logarithm of its value, and a log-linear term its exponent. Everything else enters as the largest gap it can make over the box.
 */
import type { Bounds } from "./bounds.ts";
import type { Box, Interval } from "./box.ts";
import { logRatio } from "./box_arithmetic.ts";
import { LOG_FLOOR, type ResolvedNode } from "./document.ts";
import { slotsOf } from "./parameters.ts";

/** How a parameter enters the inequalities. */
export type Transform = "log" | "identity";

/** For all of the box: gap <= constant + sum of coefficients times transformed parameters; `need` is what the gap must reach. */
export interface Row {
  readonly constant: number;
  readonly coefficients: ReadonlyMap<string, number>;
  readonly need: number;
}

/** Parameters that enter linearly, found by walking down from the root through products. */
export function linearParameters(root: ResolvedNode): Map<string, Transform> {
  const found = new Map<string, Transform>();
  const add = (node: ResolvedNode, wanted: (place: string) => boolean, transform: Transform) => {
    for (const { place, binding } of slotsOf(node)) {
      if (typeof binding !== "number" && wanted(place) && !found.has(binding.param)) {
        found.set(binding.param, transform);
      }
    }
  };
  const visit = (node: ResolvedNode): void => {
    const { op } = node.node;
    if (op === "product") node.children.forEach(visit);
    else if (op === "boost") add(node, (place) => place === "peak", "log");
    else if (op === "gate") add(node, (place) => place === "on", "log");
    else if (op === "log_linear") add(node, (place) => place.startsWith("weight["), "identity");
  };
  if (isSum(root)) add(root, (place) => place.startsWith("weight["), "identity");
  else visit(root);
  return found;
}

const isSum = (node: ResolvedNode) =>
  node.node.op === "weighted_sum" || node.node.op === "reciprocal_rank_fusion";

/** Value of a parameter as the inequalities see it, and back. */
export function transformed(transform: Transform, value: number): number {
  return transform === "log" ? Math.log(value) : value;
}
export function untransformed(transform: Transform, value: number): number {
  return transform === "log" ? Math.exp(value) : value;
}

/** Transformed range of a linear parameter in a box. */
export function linearRange(box: Box, name: string, transform: Transform): Interval {
  const { low, high } = box.get(name)!;
  return { low: transformed(transform, low), high: transformed(transform, high) };
}

/** The inequality that target a outscores b by a factor of more than 1 + margin somewhere in the bounds' box. */
export function relax(
  root: ResolvedNode,
  bounds: Bounds,
  linear: ReadonlyMap<string, Transform>,
  a: number,
  b: number,
  margin: number,
): Row {
  const whole = bounds.gap(root, a, b), need = Math.log1p(margin);
  // A bound that already refutes the pair is the best row there is.
  if (whole < need) return { constant: whole, coefficients: new Map(), need };
  const form = new Form(bounds, linear);
  if (isSum(root)) {
    form.addSum(root, a, b, margin);
    return { constant: form.constant, coefficients: form.coefficients, need: 0 };
  }
  form.addGap(root, a, b);
  return { constant: form.constant, coefficients: form.coefficients, need };
}

class Form {
  constant = 0;
  readonly coefficients = new Map<string, number>();

  constructor(readonly bounds: Bounds, readonly linear: ReadonlyMap<string, Transform>) {}

  add(constant: number): void {
    // A factor that is 0 wins over one that nothing is known of.
    const none = this.constant === -Infinity || constant === -Infinity;
    this.constant = none ? -Infinity : this.constant + constant;
  }

  addTerm(name: string, coefficient: number): void {
    this.coefficients.set(name, (this.coefficients.get(name) ?? 0) + coefficient);
  }

  /** The parameter at a place, if it is one that enters with this transform. */
  parameter(node: ResolvedNode, place: string, transform: Transform): string | undefined {
    const binding = slotsOf(node).find((slot) => slot.place === place)!.binding;
    if (typeof binding === "number") return undefined;
    return this.linear.get(binding.param) === transform ? binding.param : undefined;
  }

  addGap(node: ResolvedNode, a: number, b: number): void {
    const { op } = node.node;
    if (op === "product") node.children.forEach((child) => this.addGap(child, a, b));
    else if (op === "boost") this.#addBoost(node, a, b);
    else if (op === "gate") this.#addGate(node, a, b);
    else if (op === "log_linear") this.#addPowers(node, a, b);
    else this.add(this.bounds.gap(node, a, b));
  }

  #addBoost(node: ResolvedNode, a: number, b: number): void {
    const whole = this.bounds.gap(node, a, b), peak = this.parameter(node, "peak", "log");
    const va = this.bounds.value(node.children[0]!, a).high, vb = this.bounds.value(node.children[0]!, b).low;
    if (peak === undefined || va === Infinity || this.#isNeverAbove(node, a, b)) {
      // Where both files have the same corner of the box the gap is monotone in the peak.
      const ends = this.bounds.number(node, "peak");
      const at = (p: number) => Math.log(1 + (p - 1) * va) - Math.log(1 + (p - 1) * vb);
      const tight = va === Infinity ? Infinity : Math.max(at(ends.low), at(ends.high));
      return this.add(Math.min(whole, tight));
    }
    const range = linearRange(this.bounds.box, peak, "log");
    const up = line(va, range, va <= 1 ? "chord" : "tangent");
    const down = line(vb, range, vb <= 1 ? "tangent" : "chord");
    this.add(up.at0 - down.at0);
    this.addTerm(peak, up.slope - down.slope);
  }

  /** Whether the term never favours a although its ranges overlap: then 0 is a better bound than any line. */
  #isNeverAbove(node: ResolvedNode, a: number, b: number): boolean {
    const [term] = node.children;
    return this.bounds.relation(term!, a, b) !== "unknown" &&
      this.bounds.value(term!, a).high > this.bounds.value(term!, b).low;
  }

  #addGate(node: ResolvedNode, a: number, b: number): void {
    const whole = this.bounds.gap(node, a, b), on = this.parameter(node, "on", "log");
    const [aOpens, aCloses] = this.bounds.gateStates(node, a),
      [bOpens, bCloses] = this.bounds.gateStates(node, b);
    const open = this.bounds.number(node, "on"), shut = this.bounds.number(node, "off");
    const related = this.bounds.relation(node.children[0]!, a, b);
    const ahead = aOpens && bCloses && related !== "equal" && related !== "at_most";
    const level = aOpens && bOpens || aCloses && bCloses;
    if (on === undefined || open.low < shut.high) return this.add(whole);
    if (ahead) {
      this.addTerm(on, 1);
      this.add(shut.low === 0 ? Infinity : -Math.log(shut.low));
    } else if (level) this.add(Math.min(0, whole));
    else {
      this.addTerm(on, -1);
      this.add(shut.high === 0 ? -Infinity : Math.log(shut.high));
    }
  }

  #addPowers(node: ResolvedNode, a: number, b: number): void {
    node.children.forEach((child, k) => {
      const forward = flooredGap(this.bounds, child, a, b), backward = flooredGap(this.bounds, child, b, a);
      this.#addProduct(node, `weight[${k}]`, { low: -backward, high: forward });
    });
  }

  /** Adds weight times c for a c known only within a range. */
  #addProduct(node: ResolvedNode, place: string, c: Interval): void {
    const range = this.bounds.number(node, place), name = this.parameter(node, place, "identity");
    const most = (w: number) => w === 0 ? 0 : Math.max(w * c.low, w * c.high);
    const low = most(range.low), high = most(range.high);
    if (name === undefined || !Number.isFinite(low + high) || range.low === range.high) {
      return this.add(Math.max(low, high));
    }
    // The largest product is convex in the weight, so the line through its ends lies above it.
    const slope = (high - low) / (range.high - range.low);
    this.addTerm(name, slope);
    this.add(low - slope * range.low);
  }

  /** The difference of two sums with the same non-negative weights, scaled by 1 + margin; linear in the weights themselves. */
  addSum(node: ResolvedNode, a: number, b: number, margin: number): void {
    const fusion = node.node.op === "reciprocal_rank_fusion";
    node.children.forEach((child, k) => {
      let most: number;
      if (fusion) {
        const pa = this.bounds.place(node, k, a).low, pb = this.bounds.place(node, k, b).high;
        const offset = this.bounds.number(node, "k");
        const at = (o: number) => 1 / (o + pa) - (1 + margin) / (o + pb);
        // One maximum may lie inside the offset's range; then both ends of it bound separately.
        most = offset.low === offset.high
          ? at(offset.low)
          : 1 / (offset.low + pa) - (1 + margin) / (offset.high + pb);
        if (pa >= pb) most = Math.min(most, 0);
      } else {
        most = this.bounds.value(child, a).high - (1 + margin) * this.bounds.value(child, b).low;
        if (this.bounds.relation(child, a, b) !== "unknown") most = Math.min(most, 0);
      }
      const place = `weight[${k}]`, name = this.parameter(node, place, "identity");
      const range = this.bounds.number(node, place);
      if (name !== undefined && Number.isFinite(most)) this.addTerm(name, most);
      else this.add(most === Infinity ? Infinity : Math.max(range.low * most, range.high * most));
    });
  }
}

/** ln(1 + (e^x - 1) v) replaced by a line over a range of x: through both ends, or touching in the middle. */
function line(v: number, range: Interval, kind: "chord" | "tangent"): { at0: number; slope: number } {
  const f = (x: number) => Math.log(1 + Math.expm1(x) * v);
  const middle = (range.low + range.high) / 2;
  const slope = kind === "tangent" || range.low === range.high
    ? v * Math.exp(middle) / (1 + Math.expm1(middle) * v)
    : (f(range.high) - f(range.low)) / (range.high - range.low);
  const touch = kind === "tangent" ? middle : range.low;
  return { at0: f(touch) - slope * touch, slope };
}

/** The most that ln(value at a + floor) - ln(value at b + floor) can be. */
function flooredGap(bounds: Bounds, node: ResolvedNode, a: number, b: number): number {
  const apart = logRatio(bounds.value(node, a).high + LOG_FLOOR, bounds.value(node, b).low + LOG_FLOOR);
  const related = bounds.relation(node, a, b) === "unknown" ? Infinity : 0;
  // Adding the same to both sides brings their ratio nearer to 1.
  return Math.min(apart, related, Math.max(0, bounds.gap(node, a, b)));
}

/** The largest value of a row's bound over its box, less what is needed: below 0, the pair cannot be ordered. */
export function slackOf(row: Row, box: Box, linear: ReadonlyMap<string, Transform>): number {
  let most = row.constant - row.need;
  for (const [name, c] of row.coefficients) {
    const { low, high } = linearRange(box, name, linear.get(name)!);
    most += Math.max(c * low, c * high);
  }
  return most;
}
