/**
 * Scores of an arena's files under formulas that share most of their factors.
 *
 * Evidence asks one question over and over: what if this one number, or this one term, were another? The root product's factors are
 * therefore evaluated apart and kept by what they depend on; a move recomputes the factors it touches.
 */
import { contentHash } from "../base/canonical.ts";
import type { Arena, ArenaCase, ArenaGroup } from "../engine/arena.ts";
import { ndcgOf } from "../engine/engine.ts";
import { PlainEngine } from "../engine/plain_engine.ts";
import { type Formula, type ResolvedNode, resolveNodes, walkNodes } from "../formula/document.ts";
import { searchSpace } from "../formula/parameters.ts";
import type { Point } from "../records/space.ts";
import { FactorValues } from "./factor_values.ts";

/** One factor of the root product: its id, its own formula, the parameters in it. */
export interface FactorPlan {
  readonly id: string;
  readonly formula: Formula;
  readonly params: readonly string[];
  /** equal keys compute the same */
  readonly key: string;
  /** whether there is a walk in it */
  readonly walks: boolean;
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
        key: contentHash({ id: node.id, root: node.node }),
        walks: [...walkNodes(node)].some(({ signal }) => signal?.kind === "walk"),
      };
    });
    plans.set(formula, found);
  }
  return found;
}

/** How many evaluations of a factor, and how many factors without and with a walk in them, are kept. */
const KEPT_VALUES = 2, KEPT_FACTORS = 16, KEPT_WALKS = 12;

/** What is kept of one factor: its values at the last points, and what makes them. */
interface KeptFactor {
  readonly values: Map<string, FactorValues>;
  engine: PlainEngine | undefined;
}

/** Scores one arena. Results depend on formula and point only; what is kept is never visible but in time. */
export class Scorer {
  readonly groups: readonly ArenaGroup[];
  readonly #factors = new Map<string, KeptFactor>();
  readonly #walks = new Map<string, KeptFactor>();
  /** the walk that was moved last and the one asked for last: these two keep their vectors */
  #moved: KeptFactor | undefined;
  #asked: KeptFactor | undefined;

  constructor(readonly arena: Arena) {
    this.groups = arena.groups.flatMap((g) => g.cases.map(() => g));
  }

  /** Value of one factor at a point, for one file of one case. */
  factorAt(plan: FactorPlan, point: Point, c: ArenaCase, file: number): number {
    return this.#values(plan, point).at(c.index, file);
  }

  /** Values of one factor at a point for the files of one case, evaluated for it alone and not kept. */
  factorOf(plan: FactorPlan, point: Point, c: ArenaCase): Float64Array {
    const factor = this.#factor(plan), engine = factor.engine ?? this.#compile(plan);
    let values: Float64Array | undefined;
    engine.forEachCase(point, (_, scores) => values = scores.slice(), new Set([c.index]));
    this.#keepEngine(plan, factor, engine);
    return values!;
  }

  /** Calls back with every case's scores. The array is reused: copy what is to be kept. */
  visit(
    formula: Formula,
    point: Point,
    call: (c: ArenaCase, scores: Float64Array, group: ArenaGroup) => void,
  ): void {
    const factors = factorPlans(formula).map((plan) => this.#values(plan, point)).filter((f) => !f.uniform);
    let size = 0;
    for (const g of this.arena.groups) size = Math.max(size, g.snapshot.files.length);
    const room = new Float64Array(size);
    for (const c of this.arena.cases) {
      const group = this.groups[c.index]!, out = room.subarray(0, group.snapshot.files.length).fill(1);
      for (const values of factors) values.multiply(c.index, out);
      call(c, out, group);
    }
  }

  /** nDCG@10 of every case, in the arena's order. */
  evaluate(formula: Formula, point: Point): Float64Array {
    const values = new Float64Array(this.arena.cases.length);
    this.visit(formula, point, (c, scores) => values[c.index] = ndcgOf(c, scores));
    return values;
  }

  #values(plan: FactorPlan, point: Point): FactorValues {
    const factor = this.#factor(plan), at = plan.params.map((name) => point[name]).join();
    let found = factor.values.get(at);
    if (found === undefined) {
      const engine = factor.engine ?? this.#compile(plan);
      found = new FactorValues(
        this.arena.cases.length,
        (take) => engine.forEachCase(point, (_, scores) => take(scores)),
        takeOldest(factor.values, KEPT_VALUES - 1),
      );
      this.#keepEngine(plan, factor, engine);
    }
    remember(factor.values, at, found, KEPT_VALUES);
    return found;
  }

  #factor({ key, walks }: FactorPlan): KeptFactor {
    const kept = walks ? this.#walks : this.#factors;
    const factor = kept.get(key) ?? { values: new Map(), engine: undefined };
    remember(kept, key, factor, walks ? KEPT_WALKS : KEPT_FACTORS);
    return factor;
  }

  #compile({ formula }: FactorPlan): PlainEngine {
    return new PlainEngine(this.arena, formula);
  }

  /**
   * A walk's vectors take far more room than its values. An edit of the formula is measured at one point and its values are enough; a
   * walk that is asked for at a second point will be asked for at a third.
   */
  #keepEngine({ walks }: FactorPlan, factor: KeptFactor, engine: PlainEngine): void {
    factor.engine = engine;
    if (!walks || factor === this.#moved) return;
    const dropped = this.#asked;
    if (factor.values.size === 0) this.#asked = factor;
    else [this.#moved, this.#asked] = [factor, this.#moved];
    if (dropped !== undefined && dropped !== this.#moved && dropped !== this.#asked) {
      dropped.engine = undefined;
    }
  }
}

/** Takes the first entry out where there are more than so many. */
function takeOldest<V>(map: Map<string, V>, limit: number): V | undefined {
  const first = map.size > limit ? map.entries().next().value : undefined;
  if (first !== undefined) map.delete(first[0]);
  return first?.[1];
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
