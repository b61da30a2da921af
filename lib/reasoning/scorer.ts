/**
 * Scores of an arena's files under formulas that share most of their factors.
 *
 * Evidence asks one question over and over: what if this one number, or this one term, were another? The root product's factors are
 * therefore evaluated apart and kept by what they depend on; a move recomputes the factors it touches.
 */
import { canonicalJson } from "../base/canonical.ts";
import type { Arena, ArenaCase, ArenaGroup } from "../engine/arena.ts";
import { Engine, ndcgOf } from "../engine/engine.ts";
import { type Formula, type ResolvedNode, resolveNodes } from "../formula/document.ts";
import { searchSpace } from "../formula/parameters.ts";
import type { Point } from "../records/space.ts";

/** One factor of the root product: its id, its own formula, the parameters in it. */
export interface FactorPlan {
  readonly id: string;
  readonly formula: Formula;
  readonly params: readonly string[];
  /** equal keys compute the same */
  readonly key: string;
}

const plans = new WeakMap<Formula, readonly FactorPlan[]>();

/** The factors of a formula's root product, products inside products flattened; any other root is one factor by itself. */
export function factorPlans(formula: Formula): readonly FactorPlan[] {
  let found = plans.get(formula);
  if (found === undefined) {
    const nodes: ResolvedNode[] = [];
    const open = (node: ResolvedNode) =>
      node.node.op === "product" ? node.children.forEach(open) : nodes.push(node);
    open(resolveNodes(formula));
    found = nodes.map((node) => {
      const own: Formula = { record: "formula/1", name: "factor", description: "", root: node.node };
      return {
        id: node.id,
        formula: own,
        params: searchSpace(own).map((p) => p.name),
        key: canonicalJson({ id: node.id, root: node.node }),
      };
    });
    plans.set(formula, found);
  }
  return found;
}

/** Values of one factor over all cases, flat; `uniform` when it is 1 everywhere and changes no score. */
interface FactorValues {
  readonly values: Float64Array;
  readonly uniform: boolean;
}

/** How many evaluations of a factor, and how many factors, are kept. */
const KEPT_VALUES = 2, KEPT_FACTORS = 16;

/** Scores one arena. Results depend on formula and point only; what is kept is never visible but in time. */
export class Scorer {
  /** case i has the entries offsets[i] .. offsets[i + 1], one a file of its snapshot */
  readonly offsets: Uint32Array;
  readonly groups: readonly ArenaGroup[];
  readonly #engines = new Map<string, { engine: Engine; kept: Map<string, FactorValues> }>();

  constructor(readonly arena: Arena) {
    this.groups = arena.groups.flatMap((g) => g.cases.map(() => g));
    this.offsets = new Uint32Array(arena.cases.length + 1);
    this.groups.forEach((g, i) => this.offsets[i + 1] = this.offsets[i]! + g.snapshot.files.length);
  }

  /** Values of one factor at a point, all cases one after the other. Not to be changed. */
  factor(plan: FactorPlan, point: Point): Float64Array {
    return this.#values(plan, point).values;
  }

  /** Calls back with every case's scores. The array is reused: copy what is to be kept. */
  visit(
    formula: Formula,
    point: Point,
    call: (c: ArenaCase, scores: Float64Array, group: ArenaGroup) => void,
  ): void {
    const factors = factorPlans(formula).map((plan) => this.#values(plan, point));
    const used = factors.filter((f) => !f.uniform), first = used[0]?.values;
    let size = 0;
    for (const g of this.arena.groups) size = Math.max(size, g.snapshot.files.length);
    const room = new Float64Array(size);
    for (const c of this.arena.cases) {
      const from = this.offsets[c.index]!, n = this.offsets[c.index + 1]! - from;
      const out = room.subarray(0, n);
      if (first === undefined) out.fill(1);
      else out.set(first.subarray(from, from + n));
      for (let f = 1; f < used.length; f++) {
        const { values } = used[f]!;
        for (let i = 0; i < n; i++) out[i]! *= values[from + i]!;
      }
      call(c, out, this.groups[c.index]!);
    }
  }

  /** nDCG@10 of every case, in the arena's order. */
  evaluate(formula: Formula, point: Point): Float64Array {
    const values = new Float64Array(this.arena.cases.length);
    this.visit(formula, point, (c, scores) => values[c.index] = ndcgOf(c, scores));
    return values;
  }

  #values(plan: FactorPlan, point: Point): FactorValues {
    let made = this.#engines.get(plan.key);
    if (made === undefined) {
      made = { engine: new Engine(this.arena, plan.formula, { backend: "plain" }), kept: new Map() };
    }
    remember(this.#engines, plan.key, made, KEPT_FACTORS);
    const at = plan.params.map((name) => point[name]).join();
    let found = made.kept.get(at);
    if (found === undefined) {
      const values = new Float64Array(this.offsets.at(-1)!);
      made.engine.forEachCase(point, (c, scores) => values.set(scores, this.offsets[c.index]!));
      found = { values, uniform: values.every((v) => v === 1) };
    }
    remember(made.kept, at, found, KEPT_VALUES);
    return found;
  }
}

/** Puts an entry last and drops the first ones beyond the limit. */
function remember<V>(map: Map<string, V>, key: string, value: V, limit: number): void {
  map.delete(key);
  map.set(key, value);
  for (const old of map.keys()) {
    if (map.size <= limit) break;
    map.delete(old);
  }
}
