/** Scores of single cases in double precision, for those whose order a Float32 cannot tell. */
import { type Formula, type ResolvedNode, resolveNodes } from "../formula/document.ts";
import {
  evaluateNodes,
  type Leaves,
  type NodeValues,
  teleportWeights,
  walkLayer,
} from "../ranker/evaluate.ts";
import type { EdgeLayer } from "../records/snapshot.ts";
import type { Point } from "../records/space.ts";
import type { ElementwiseSignal, Feature, SignalInput, WalkSignal } from "../signals/signal.ts";
import type { Arena, ArenaCase, ArenaGroup } from "./arena.ts";
import { Shelf } from "./shelf.ts";

/** Sweeps end when no file's value moves by more than this of itself, or after so many. */
const SETTLED = 1e-13, MOST_SWEEPS = 20_000;
/** The residual, beside the solution, at which approaching it ends, and its most steps. */
const REMAINS = 1e-15, MOST_STEPS = 40;

/** Features made for the cases asked for of late. */
const FEATURES = new Shelf<Feature>(
  4 << 20,
  (feature) =>
    feature.kind === "codes"
      ? feature.codes.byteLength
      : feature.values.byteLength + (feature.kind === "sparse" ? feature.index.byteLength : 0),
);

/** What a walk leaf's solution is close to, before it is scaled. */
export type Guess = (node: ResolvedNode, at: Readonly<Record<string, number>>) => Float64Array;

/** The reference's scores of a case, found faster where somebody knows about what the walks come to. */
export class Referee {
  readonly #root: ResolvedNode;

  constructor(readonly arena: Arena, formula: Formula) {
    this.#root = resolveNodes(formula);
  }

  /** Scores of all files of a case's snapshot. @throws {RangeError} as the reference, where a value is no finite number of at least 0 */
  scores(point: Point, c: ArenaCase, group: ArenaGroup, guess?: Guess): Float64Array {
    return this.parts(point, c, group, guess).get(this.#root.id)!;
  }

  /** Values of every node of the formula, of which the root's are the scores. @throws {RangeError} as {@link Referee.scores} */
  parts(point: Point, { query }: ArenaCase, { snapshot }: ArenaGroup, guess?: Guess): NodeValues {
    const leaves: Leaves = {
      walk: (node, at, input) => solve(node, at, input, guess?.(node, at)),
      feature: keptFeature,
    };
    return evaluateNodes(this.#root, point, { snapshot, query }, this.arena.mode, leaves);
  }
}

function keptFeature(node: ResolvedNode, input: SignalInput): Feature {
  const signal = node.signal as ElementwiseSignal;
  const owner = signal.scope === "snapshot" ? input.snapshot : input.query;
  return FEATURES.get(
    owner,
    `${signal.name} ${JSON.stringify(node.options)}`,
    () => signal.feature(input, node.options!),
  );
}

/**
 * x = (1 - alpha) p + alpha M x from a guess on, then scaled to a mean of 1.
 *
 * Biconjugate gradients come near, sweeps of the equation itself settle what is left until no file moves. Neither treats one file before
 * another, so files the graph treats alike stay alike. Source: van der Vorst 1992 (Bi-CGSTAB).
 */
function solve(
  node: ResolvedNode,
  at: Readonly<Record<string, number>>,
  input: SignalInput,
  guess: Float64Array | undefined,
): Float64Array {
  const restart = teleportWeights(at, input), n = restart.length, alpha = at["alpha"]!;
  const flow = flows(walkLayer(node.signal as WalkSignal, node.options!, at, input), alpha);
  const fixed = new Float64Array(n), x = guess ?? restart.slice(), next = new Float64Array(n);
  for (let i = 0; i < n; i++) fixed[i] = (1 - alpha) * restart[i]!;
  approach(flow, fixed, x);
  for (let sweep = 0, most = Infinity; sweep < MOST_SWEEPS && most > SETTLED; sweep++) {
    flow(x, next);
    most = 0;
    for (let i = 0; i < n; i++) {
      const value = fixed[i]! + next[i]!;
      most = Math.max(most, Math.abs(value - x[i]!) / value);
      x[i] = value;
    }
  }
  let total = 0;
  for (let i = 0; i < n; i++) total += x[i]!;
  for (let i = 0; i < n; i++) x[i] = x[i]! * n / total;
  return x;
}

/** Writes alpha M x. */
type Flow = (x: Float64Array, out: Float64Array) => void;

function flows({ offsets, targets, weights }: EdgeLayer, alpha: number): Flow {
  const n = offsets.length - 1, shares = new Float64Array(weights);
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let e = offsets[i]!; e < offsets[i + 1]!; e++) sum += shares[e]!;
    const scale = sum > 0 ? alpha / sum : 0;
    for (let e = offsets[i]!; e < offsets[i + 1]!; e++) shares[e]! *= scale;
  }
  return (x, out) => {
    out.fill(0);
    for (let i = 0; i < n; i++) {
      const own = x[i]!, end = offsets[i + 1]!;
      for (let e = offsets[i]!; e < end; e++) out[targets[e]!]! += shares[e]! * own;
    }
  };
}

/** Moves x towards x - flow(x) = fixed until the residual is REMAINS of x, or the method breaks down; x never gets worse for long. */
function approach(flow: Flow, fixed: Float64Array, x: Float64Array): void {
  const n = x.length,
    r = new Float64Array(n),
    p = new Float64Array(n),
    v = new Float64Array(n),
    t = new Float64Array(n);
  flow(x, v);
  for (let i = 0; i < n; i++) r[i] = fixed[i]! - x[i]! + v[i]!;
  const shadow = r.slice(), goal = REMAINS ** 2 * dot(x, x);
  v.fill(0);
  let rho = 1, step = 1, omega = 1, left = dot(r, r), next = left;
  for (let k = 0; k < MOST_STEPS && left > goal; k++) {
    const beta = next / rho * (step / omega);
    if (!Number.isFinite(beta) || next === 0) return;
    rho = next;
    for (let i = 0; i < n; i++) p[i] = r[i]! + beta * (p[i]! - omega * v[i]!);
    flow(p, v);
    let across = 0;
    for (let i = 0; i < n; i++) across += shadow[i]! * (v[i] = p[i]! - v[i]!);
    step = rho / across;
    if (!Number.isFinite(step)) return;
    for (let i = 0; i < n; i++) r[i]! -= step * v[i]!;
    flow(r, t);
    let along = 0, length = 0;
    for (let i = 0; i < n; i++) {
      const own = t[i] = r[i]! - t[i]!;
      along += own * r[i]!;
      length += own * own;
    }
    omega = along / length;
    if (!Number.isFinite(omega)) omega = 0;
    left = next = 0;
    for (let i = 0; i < n; i++) {
      x[i]! += step * p[i]! + omega * r[i]!;
      const rest = r[i]! -= omega * t[i]!;
      left += rest * rest;
      next += shadow[i]! * rest;
    }
    if (omega === 0) return;
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
