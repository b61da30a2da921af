/**
 * The plain TypeScript path of the engine: any formula, double precision, one core.
 *
 * What is independent of the point is gathered once. At a point, each leaf becomes a look-up table or a short contraction; factors that
 * all cases of a commit share are multiplied once; ranks are counted, never sorted.
 */
import { type Formula, LOG_FLOOR, type ResolvedNode, resolveNodes, walkNodes } from "../formula/document.ts";
import { numbersAt } from "../formula/parameters.ts";
import type { Point } from "../records/space.ts";
import type { Arena, ArenaCase, ArenaGroup } from "./arena.ts";
import { blurOf, PLAIN_BLUR } from "./blur.ts";
import { combine } from "./combine.ts";
import { unary } from "./unary.ts";
import { isKinked, KINKED } from "./kinks.ts";
import { type At, ElementwiseLeaf, type WalkValues } from "./leaf.ts";
import { WalkLeaf } from "./walk_leaf.ts";

/** One factor of a product: what it is made of and how far it is shared. */
interface Factor {
  readonly node: ResolvedNode;
  /** exponent in a log_linear root; NaN in a product */
  readonly weightPlace: string | undefined;
  readonly kind: "walk" | "elementwise" | "tree";
  readonly leaf: ResolvedNode | undefined;
}

/**
 * Called with a case, the scores of all files of its snapshot, its group, and whether a step or a walk leaves these in doubt beyond the
 * engine's blur.
 */
export type Visit = (c: ArenaCase, scores: Float64Array, group: ArenaGroup, unsure: boolean) => void;

/** A formula evaluated leaf by leaf and node by node over an arena. */
export class PlainEngine {
  readonly #root: ResolvedNode;
  readonly #walks = new Map<string, WalkValues>();
  readonly #leaves = new Map<string, ElementwiseLeaf>();
  readonly #factors: readonly Factor[];
  #at = new Map<string, At>();
  /** nodes with a walk below that are of no smooth kind, and the blur of what they look at */
  readonly #kinked: readonly ResolvedNode[];
  #blurs = new Map<ResolvedNode, number>();
  /** whether the case under way is in doubt */
  #doubt = false;

  /** @param walkOf where a walk leaf's vectors come from; default: worked out here */
  constructor(
    readonly arena: Arena,
    readonly formula: Formula,
    walkOf: (node: ResolvedNode) => WalkValues = (node) => new WalkLeaf(arena, node),
  ) {
    this.#root = resolveNodes(formula);
    for (const node of walkNodes(this.#root)) {
      if (node.signal?.kind === "walk") this.#walks.set(node.id, walkOf(node));
      else if (node.signal) this.#leaves.set(node.id, new ElementwiseLeaf(arena, node));
    }
    this.#factors = factorsOf(this.#root);
    this.#kinked = [...walkNodes(this.#root)].filter((node) =>
      KINKED.has(node.node.op) && [...walkNodes(node)].some(({ signal }) => signal?.kind === "walk")
    );
  }

  /** How far apart, relatively, two scores that are equal on paper may come out at a point. */
  blur(point: Point): number {
    return blurOf(this.#root, this.#numbers(point), PLAIN_BLUR);
  }

  #numbers(point: Point): Map<string, At> {
    return new Map([...walkNodes(this.#root)].map((node) => [node.id, numbersAt(node, point)]));
  }

  /**
   * Calls back with the scores of every case at a point. The array is reused: copy what is to be kept.
   *
   * @param wanted positions of the cases to visit; default all
   */
  forEachCase(point: Point, visit: Visit, wanted?: ReadonlySet<number>): void {
    this.#at = this.#numbers(point);
    const worst = ({ children }: ResolvedNode) =>
      Math.max(...children.map((child) => blurOf(child, this.#at, PLAIN_BLUR)));
    this.#blurs = new Map(this.#kinked.map((node) => [node, worst(node)]));
    for (const [id, walk] of this.#walks) walk.moveTo(this.#at.get(id)!);
    const tables = new Map<Factor, Float64Array>();
    for (const factor of this.#factors) {
      if (factor.kind === "elementwise") {
        tables.set(
          factor,
          this.#leaves.get(factor.leaf!.id)!.table(this.#at.get(factor.leaf!.id)!, this.#wrap(factor)),
        );
      }
    }
    let size = 0;
    for (const { snapshot } of this.arena.groups) size = Math.max(size, snapshot.files.length);
    const shared = new Float64Array(size), scores = new Float64Array(size), scratch = new Float64Array(size);
    const bases = new Map([...this.#walks.keys()].map((id) => [id, new Float64Array(size)]));
    let position = 0;
    this.arena.groups.forEach((group, g) => {
      if (wanted && !group.cases.some((c) => wanted.has(c.index))) {
        position += group.cases.length;
        return;
      }
      const n = group.snapshot.files.length;
      const common = shared.subarray(0, n).fill(1),
        out = scores.subarray(0, n),
        temporary = scratch.subarray(0, n);
      const totals = new Map<string, number>();
      for (const [id, walk] of this.#walks) {
        totals.set(id, walk.base(g, this.#at.get(id)!, bases.get(id)!.subarray(0, n)));
      }
      for (const factor of this.#factors) {
        if (factor.kind === "elementwise" && this.#leaves.get(factor.leaf!.id)!.scope === "snapshot") {
          this.#multiply(common, factor, tables.get(factor)!, g);
        }
      }
      group.cases.forEach((c, q) => {
        if (wanted && !wanted.has(c.index)) {
          position++;
          return;
        }
        out.set(common);
        this.#doubt = false;
        for (const factor of this.#factors) {
          if (factor.kind === "elementwise") {
            if (this.#leaves.get(factor.leaf!.id)!.scope === "query") {
              this.#multiply(out, factor, tables.get(factor)!, position);
            }
            continue;
          }
          if (factor.kind === "walk") {
            const id = factor.leaf!.id;
            this.#walks.get(id)!.values(
              g,
              q,
              this.#at.get(id)!,
              bases.get(id)!.subarray(0, n),
              totals.get(id)!,
              temporary,
            );
          } else temporary.set(this.#tree(factor.node, group, g, c, q, position, n, bases, totals));
          const wrap = factor.kind === "walk" ? this.#outerWrap(factor) : this.#power(factor);
          if (wrap) { for (let i = 0; i < n; i++) out[i]! *= wrap(temporary[i]!); }
          else for (let i = 0; i < n; i++) out[i]! *= temporary[i]!;
        }
        for (const [id, walk] of this.#walks) this.#doubt ||= walk.unsure(g, q, this.#at.get(id)!);
        visit(c, out, group, this.#doubt);
        position++;
      });
    });
  }

  /** Multiplies an elementwise factor into `out`. */
  #multiply(out: Float64Array, factor: Factor, table: Float64Array, position: number): void {
    const leaf = this.#leaves.get(factor.leaf!.id)!;
    const feature = leaf.feature(position), n = out.length;
    if (feature.kind === "codes") {
      const { codes } = feature;
      for (let i = 0; i < n; i++) out[i]! *= table[codes[i]!]!;
      return;
    }
    const wrap = this.#wrap(factor), at = this.#at.get(factor.leaf!.id)!;
    if (feature.kind === "dense") {
      for (let i = 0; i < n; i++) out[i]! *= wrap(leaf.value(feature.values[i]!, at));
      return;
    }
    const { index, values } = feature;
    const silent = wrap(leaf.value(0, at));
    // Listed files first, by their own value; the rest share one factor, skipped where it is 1.
    if (silent === 1) {
      for (let k = 0; k < index.length; k++) out[index[k]!]! *= wrap(leaf.value(values[k]!, at));
      return;
    }
    let k = 0;
    for (let i = 0; i < n; i++) {
      if (k < index.length && index[k] === i) out[i]! *= wrap(leaf.value(values[k++]!, at));
      else out[i]! *= silent;
    }
  }

  /** Unary nodes between a leaf and its factor, and the factor's exponent, as one function of the leaf's value. */
  #wrap(factor: Factor): (v: number) => number {
    const outer = this.#outerWrap(factor);
    return outer ?? ((v) => v);
  }

  #outerWrap(factor: Factor): ((v: number) => number) | undefined {
    const chain: ((v: number) => number)[] = [];
    for (let node = factor.node; node !== factor.leaf; node = node.children[0]!) {
      chain.unshift(this.#unary(node));
    }
    const power = this.#power(factor);
    if (power) chain.push(power);
    if (chain.length === 0) return undefined;
    if (chain.length === 1) return chain[0]!;
    return (v) => chain.reduce((x, f) => f(x), v);
  }

  /** A boost or gate; a gate over a walk notices values too close to its threshold to be sure of their side. */
  #unary(node: ResolvedNode): (v: number) => number {
    const at = this.#at.get(node.id)!, f = unary(node, at), blur = this.#blurs.get(node);
    if (blur === undefined) return f;
    const threshold = at["threshold"]!, band = blur * Math.abs(threshold);
    return (v) => {
      if (Math.abs(v - threshold) < band) this.#doubt = true;
      return f(v);
    };
  }

  #power(factor: Factor): ((v: number) => number) | undefined {
    if (factor.weightPlace === undefined) return undefined;
    const exponent = this.#at.get(this.#root.id)![factor.weightPlace]!;
    return (v) => Math.pow(v + LOG_FLOOR, exponent);
  }

  /** Values of any node for one case, by plain recursion over vectors. */
  #tree(
    node: ResolvedNode,
    group: ArenaGroup,
    g: number,
    c: ArenaCase,
    q: number,
    position: number,
    n: number,
    bases: ReadonlyMap<string, Float64Array>,
    totals: ReadonlyMap<string, number>,
  ): Float64Array {
    const at = this.#at.get(node.id)!;
    if (node.signal?.kind === "walk") {
      const out = new Float64Array(n);
      this.#walks.get(node.id)!.values(
        g,
        q,
        at,
        bases.get(node.id)!.subarray(0, n),
        totals.get(node.id)!,
        out,
      );
      return out;
    }
    if (node.signal) {
      const leaf = this.#leaves.get(node.id)!;
      const out = new Float64Array(n).fill(1);
      const factor: Factor = { node, leaf: node, kind: "elementwise", weightPlace: undefined };
      const where = leaf.scope === "snapshot" ? g : position;
      const feature = leaf.feature(where);
      const table = feature.kind === "codes" ? this.#treeTable(node, leaf, at) : new Float64Array(0);
      this.#multiply(out, factor, table, where);
      return out;
    }
    const children = node.children.map((child) =>
      this.#tree(child, group, g, c, q, position, n, bases, totals)
    );
    if (children.length === 1 && !("terms" in node.node)) return children[0]!.map(this.#unary(node));
    const blur = this.#blurs.get(node);
    if (blur !== undefined) this.#doubt ||= isKinked(node.node.op, children, at, blur);
    return combine(node.node, children, at);
  }

  #treeTables = new Map<string, { at: At; table: Float64Array }>();

  #treeTable(node: ResolvedNode, leaf: ElementwiseLeaf, at: At): Float64Array {
    const known = this.#treeTables.get(node.id);
    if (known?.at === at) return known.table;
    const table = leaf.table(at, (v) => v);
    this.#treeTables.set(node.id, { at, table });
    return table;
  }
}

/** Splits a root into factors: the terms of a product or log_linear (products inside products flattened), else the root itself. */
function factorsOf(root: ResolvedNode): Factor[] {
  const factors: Factor[] = [];
  const add = (node: ResolvedNode, weightPlace: string | undefined) => {
    if (node.node.op === "product" && weightPlace === undefined) {
      for (const child of node.children) add(child, undefined);
      return;
    }
    let leaf: ResolvedNode | undefined = node;
    while (leaf && !leaf.signal) {
      leaf = leaf.node.op === "boost" || leaf.node.op === "gate" ? leaf.children[0] : undefined;
    }
    factors.push({ node, weightPlace, leaf, kind: leaf?.signal?.kind ?? "tree" });
  };
  if (root.node.op === "log_linear") root.children.forEach((child, i) => add(child, `weight[${i}]`));
  else add(root, undefined);
  return factors;
}
