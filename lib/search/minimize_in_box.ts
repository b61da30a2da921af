/** Local minimisation of a smooth function in a box, for surrogate models. */

/** A function's value at x, and its gradient there if it is asked for: a rejected step needs none. */
export type Differentiable = (x: readonly number[]) => { value: number; gradient: () => number[] };

/** Options of {@link minimizeInBox}. */
export interface BoxOptions {
  readonly low: readonly number[];
  readonly high: readonly number[];
  /** Most steps. Default 50; each takes one or a few evaluations. */
  readonly maxSteps?: number;
}

/** Sufficient decrease asked of a step, and the most halvings of one. */
const ARMIJO = 1e-4, MOST_HALVINGS = 12;
/** The search ends when a step gains less than this. */
const LEAST_GAIN = 1e-9;

/**
 * Finds a local minimum from `start` by projected BFGS with backtracking.
 *
 * Coordinates at a bound whose gradient points outward are held for that step. The result is never worse than the start and
 * always in the box. A step to a value that is not finite is halved like any other failure.
 * Source: the projected quasi-Newton scheme of Bertsekas 1982, with a dense inverse Hessian: for tens of dimensions.
 */
export function minimizeInBox(
  f: Differentiable,
  start: readonly number[],
  options: BoxOptions,
): { x: number[]; value: number } {
  const { low, high, maxSteps = 50 } = options;
  const n = start.length;
  const project = (x: readonly number[]) => x.map((v, i) => Math.min(high[i]!, Math.max(low[i]!, v)));
  let x = project(start);
  const first = f(x);
  let value = first.value, gradient = first.gradient();
  let inverse = identity(n);
  for (let step = 0; step < maxSteps; step++) {
    const held = x.map((v, i) => (v <= low[i]! && gradient[i]! > 0) || (v >= high[i]! && gradient[i]! < 0));
    const direction = inverse.map((row, i) =>
      held[i] ? 0 : -row.reduce((sum, h, j) => held[j] ? sum : sum + h * gradient[j]!, 0)
    );
    let slope = dot(direction, gradient);
    if (!(slope < 0)) {
      inverse = identity(n);
      gradient.forEach((g, i) => direction[i] = held[i] ? 0 : -g);
      slope = dot(direction, gradient);
      if (!(slope < 0)) break;
    }
    // The first step has no curvature to go by: at most a tenth of the box.
    const reach = Math.max(...direction.map((d, i) => Math.abs(d) / (high[i]! - low[i]! || 1)));
    let t = Math.min(1, (step === 0 ? 0.1 : 0.5) / reach),
      moved: { x: number[]; value: number; gradient: number[] } | undefined;
    for (let halving = 0; halving < MOST_HALVINGS; halving++, t *= 0.3) {
      const next = project(x.map((v, i) => v + t * direction[i]!));
      const at = f(next);
      if (at.value <= value + ARMIJO * t * slope) {
        moved = { x: next, value: at.value, gradient: at.gradient() };
        break;
      }
    }
    if (moved === undefined) break;
    const s = moved.x.map((v, i) => v - x[i]!), y = moved.gradient.map((g, i) => g - gradient[i]!);
    inverse = updated(inverse, s, y, step === 0);
    const gain = value - moved.value;
    ({ x, value, gradient } = moved);
    if (gain < LEAST_GAIN * (1 + Math.abs(value))) break;
  }
  return { x, value };
}

/** The BFGS update of an inverse Hessian; skipped where the curvature is not positive. */
function updated(h: number[][], s: number[], y: number[], isFirst: boolean): number[][] {
  const sy = dot(s, y), yy = dot(y, y);
  if (!(sy > 1e-12 * Math.sqrt(yy * dot(s, s)))) return h;
  const base = isFirst ? h.map((row, i) => row.map((_, j) => i === j ? sy / yy : 0)) : h;
  const hy = base.map((row) => dot(row, y)), factor = (1 + dot(y, hy) / sy) / sy;
  return base.map((row, i) =>
    row.map((v, j) => v + factor * s[i]! * s[j]! - (hy[i]! * s[j]! + s[i]! * hy[j]!) / sy)
  );
}

function identity(n: number): number[][] {
  return Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => i === j ? 1 : 0));
}

function dot(a: readonly number[], b: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
