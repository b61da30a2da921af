/** Random formulas over the registered signals, and random points of their spaces, for property tests. */
import fc from "fast-check";
import { randomIndex, type RandomSource, randomStream } from "../../lib/base/random.ts";
import { type Binding, type Formula, type Node, parseFormula } from "../../lib/formula/document.ts";
import { searchSpace } from "../../lib/formula/parameters.ts";
import { fromUnit, type Point } from "../../lib/records/space.ts";
import { allSignals } from "../../lib/signals/registry.ts";
import type { Coordinate, Signal } from "../../lib/signals/signal.ts";

/** What is drawn. */
export interface FormulaShape {
  /** most leaves; default 6 */
  readonly leaves?: number;
  /** combinators and unary nodes allowed; default all */
  readonly ops?: readonly Node["op"][];
  /** signals allowed; default all registered ones */
  readonly signals?: (signal: Signal) => boolean;
  /** first letter of every id and parameter, so that formulas of two letters may stand in one; default "n" */
  readonly letter?: string;
}

const ALL: readonly Node["op"][] = [
  "signal",
  "boost",
  "gate",
  "product",
  "weighted_sum",
  "noisy_or",
  "max",
  "reciprocal_rank_fusion",
  "log_linear",
];

/** A valid formula. It shrinks towards fewer leaves. */
export function arbitraryFormula(shape: FormulaShape = {}): fc.Arbitrary<Formula> {
  return fc.tuple(fc.integer({ min: 1, max: shape.leaves ?? 6 }), fc.nat(1e6)).map(([leaves, seed]) =>
    randomFormula(leaves, seed, shape)
  );
}

/** A formula with one point of its space, corners and defaults among them. */
export function arbitraryFormulaAndPoint(shape: FormulaShape = {}): fc.Arbitrary<[Formula, Point]> {
  return arbitraryFormula(shape).chain((formula) => fc.tuple(fc.constant(formula), arbitraryPoint(formula)));
}

/** A formula with several points of its space. */
export function arbitraryFormulaAndPoints(count: number): fc.Arbitrary<[Formula, Point[]]> {
  return arbitraryFormula().chain((formula) =>
    fc.tuple(
      fc.constant(formula),
      fc.array(arbitraryPoint(formula), { minLength: count, maxLength: count }),
    )
  );
}

/** A point of a formula's space. */
export function arbitraryPoint(formula: Formula): fc.Arbitrary<Point> {
  const unit = fc.oneof(fc.constantFrom(0, 1, 0.5), fc.double({ min: 0, max: 1, noNaN: true }));
  return fc.record(
    Object.fromEntries(searchSpace(formula).map((p) => [p.name, unit.map((u) => fromUnit(p, u))])),
  );
}

/** A uniform point on every parameter's own scale. */
export function randomPoint(formula: Formula, random: RandomSource): Point {
  return Object.fromEntries(searchSpace(formula).map((p) => [p.name, fromUnit(p, random())]));
}

/** The formula of a size, seed and shape: always the same one. */
export function randomFormula(leaves: number, seed: number, shape: FormulaShape = {}): Formula {
  const random = randomStream(seed, "formula"), { ops = ALL, letter = "n" } = shape;
  const signals = allSignals().filter(shape.signals ?? (() => true));
  const pick = <T>(items: readonly T[]) => items[randomIndex(random, items.length)]!;
  let made = 0;

  const leaf = (): Node => {
    const signal = pick(signals), id = `${letter}${++made}_${signal.name}`;
    const options = Object.fromEntries(
      Object.entries(signal.choices ?? {}).filter(() => random() < 0.5).map((
        [name, values],
      ) => [name, pick(values)]),
    );
    const bind = Object.fromEntries(
      signal.coordinates.flatMap((c): [string, Binding][] => {
        const binding = bindingOf(c, `${id}_${c.name}`, random);
        return binding === undefined ? [] : [[c.name, binding]];
      }),
    );
    return { op: "signal", id, signal: signal.name, options, bind };
  };
  // Powers of powers leave the range of numbers: one level of them is enough.
  const tree = (size: number, powers: boolean, unary = true): Node => {
    const possible = ops.filter((op) =>
      op !== "signal" && (op !== "log_linear" || powers) && (unary || (op !== "boost" && op !== "gate"))
    );
    if (size < 1 || possible.length === 0 || (size === 1 && random() < 0.5)) return leaf();
    const op = pick(possible), id = `${letter}${++made}_${op}`;
    if (op === "boost" || op === "gate") return { op, id, term: tree(size, powers, false) };
    const terms: Node[] = [];
    for (let left = size; left > 0;) {
      const part = Math.min(1 + randomIndex(random, left), Math.max(1, size - 1));
      terms.push(tree(size === 1 ? 0 : part, powers && op !== "log_linear"));
      left -= part;
    }
    return { op, id, terms } as Node;
  };
  return parseFormula({
    record: "formula/1",
    name: `random-${seed}`,
    description: "drawn",
    root: tree(leaves, true),
  });
}

/** A constant, a parameter of its own with a narrower range, or nothing, which stands for the implied parameter. */
function bindingOf(c: Coordinate, name: string, random: RandomSource): Binding | undefined {
  const kind = random();
  if (kind < 0.6) return undefined;
  const inside = () => fromUnit({ ...c, layer: "" }, random());
  if (kind < 0.85) return inside();
  const [low, high] = [inside(), inside()].sort((a, b) => a - b) as [number, number];
  return { param: `${name}_own`, low, high, default: low };
}
