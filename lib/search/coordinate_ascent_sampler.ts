/** Coordinate ascent on each parameter's own scale: one parameter at a time, steps that grow while they help. */
import { type RandomSource, shuffled } from "../base/random.ts";
import type { Point } from "../records/space.ts";
import type { SearchMethod } from "./search_method.ts";
import { uniformPosition, type UnitCube } from "./unit_cube.ts";

/** First step on an axis, as a share of its range; halved after a sweep that found nothing. */
const FIRST_STEP = 0.1;
/** A success lengthens the step by this factor along the same axis, at most this often in a row. */
const GROWTH = 2, LONGEST_RUN = 6;
/** A start is given up when its step is below this share of the range. */
const SMALLEST_STEP = 0.002;
/** Scores count as better only beyond this relative margin, so that rounding noise starts no walk. */
const MARGIN = 1e-12;

/** A position and its score. */
interface Standing {
  readonly position: readonly number[];
  readonly value: number;
}

/** Yields positions to ask about and is resumed with their scores. */
type Questions<Result> = Generator<readonly number[], Result, number | null>;

/**
 * Metzler and Croft's coordinate ascent in log space, made for ask and tell.
 *
 * A sweep visits the axes in random order. On each axis it tries one direction and, if that does not help, the other; where a
 * step helps it walks on with doubled steps while the score rises. A sweep without gain halves the step; below 0.2 % of the range the
 * ascent restarts at a uniform point. The first start is the best trial told so far, which is the default in a study.
 * On a log scale a step is a factor: 10 % of the range of [0.1, 100] multiplies by 2. An integer moves by at least one.
 * A better point told from elsewhere becomes the place to stand at the next axis. Known points are answered from
 * memory. Asked again before its question is answered, it gives uniform points.
 * Source: D. Metzler and W. B. Croft, "Linear feature-based models for information retrieval", Inf. Retr. 10 (2007).
 */
export function coordinateAscent(
  cube: UnitCube,
  random: RandomSource,
  home: readonly number[],
): SearchMethod {
  const answers = new Map<string, number | null>();
  const keyOf = (point: Point) => Object.values(point).join();
  let found: Standing | undefined;
  let waitingFor: string | undefined;
  const ascent = ascend();

  function* askFor(position: readonly number[]): Questions<number | null> {
    const known = answers.get(keyOf(cube.toPoint(position)));
    return known !== undefined ? known : yield position;
  }

  function* ascend(): Questions<never> {
    let start: readonly number[] = found?.position ?? home;
    for (;;) {
      yield* climb(start);
      start = uniformPosition(random, cube.dimensions);
      found = undefined;
    }
  }

  function* climb(start: readonly number[]): Questions<void> {
    let here = start, score = (yield* askFor(start)) ?? -Infinity;
    for (let step = FIRST_STEP; step >= SMALLEST_STEP; step /= 2) {
      for (let gained = true; gained;) {
        gained = false;
        for (const axis of shuffled(random, here.map((_, i) => i))) {
          if (found !== undefined && isBetter(found.value, score)) {
            here = found.position;
            score = found.value;
          }
          const walked = yield* walk(here, score, axis, step);
          if (walked === undefined) continue;
          here = walked.position;
          score = walked.value;
          gained = true;
        }
      }
    }
  }

  /** The best point reached along one axis, or undefined if neither direction helps. */
  function* walk(
    here: readonly number[],
    score: number,
    axis: number,
    step: number,
  ): Questions<Standing | undefined> {
    let best: Standing | undefined;
    for (const sign of random() < 0.5 ? [1, -1] : [-1, 1]) {
      let length = step, from = here;
      for (let run = 0; run < LONGEST_RUN; run++, length *= GROWTH) {
        const next = moved(from, axis, sign * length);
        if (next === undefined) break;
        const value = yield* askFor(next);
        if (value === null || !isBetter(value, best?.value ?? score)) break;
        best = { position: next, value };
        from = next;
      }
      if (best !== undefined) break;
    }
    return best;
  }

  /** One step along an axis, at least to the next whole number; undefined at the wall. */
  function moved(from: readonly number[], axis: number, by: number): readonly number[] | undefined {
    const cell = cube.cell(axis, from[axis]!);
    let to = Math.min(1, Math.max(0, from[axis]! + by));
    if (cell !== undefined) {
      const beyond = by > 0 ? cell[1] + 1e-9 : cell[0] - 1e-9;
      if (beyond < 0 || beyond > 1) return undefined;
      to = by > 0 ? Math.max(to, beyond) : Math.min(to, beyond);
    }
    return to === from[axis] ? undefined : from.with(axis, to);
  }

  return {
    propose() {
      if (waitingFor !== undefined && !answers.has(waitingFor)) {
        return { position: uniformPosition(random, cube.dimensions) };
      }
      const answer = waitingFor === undefined ? null : answers.get(waitingFor)!;
      const position = ascent.next(answer).value;
      waitingFor = keyOf(cube.toPoint(position));
      return { position };
    },
    observe({ point, position, value }) {
      answers.set(keyOf(point), value);
      if (value !== null && (found === undefined || isBetter(value, found.value))) {
        found = { position, value };
      }
    },
  };
}

function isBetter(a: number, b: number): boolean {
  return b === -Infinity ? a > b : a - b > MARGIN * Math.abs(b);
}
