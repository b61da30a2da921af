/** Every registered signal measured on every candidate of every case: what a learned ranker is fitted to. */
import type { Corpus } from "../corpus/corpus.ts";
import { type Formula, parseFormula } from "../formula/document.ts";
import { searchSpace } from "../formula/parameters.ts";
import type { QueryMode } from "../records/snapshot.ts";
import { defaultPoint, fromUnit, type Point } from "../records/space.ts";
import { allSignals } from "../signals/registry.ts";
import type { Signal } from "../signals/signal.ts";
import { Arena, type ArenaOptions } from "./arena.ts";
import { Engine } from "./engine.ts";

/** One column: a signal with its options, at fixed coordinates. */
export interface MatrixColumn {
  /** signal, its options, and the coordinates that differ from their defaults */
  readonly name: string;
  readonly formula: Formula;
  readonly point: Point;
  /** walks span orders of magnitude, so they stand as ln(value + 1e-6); elementwise signals stand as they are */
  readonly logarithm: boolean;
}

/** Candidates of many cases by columns. The candidates of a case are the files of its snapshot but the seed, in their order there. */
export interface FeatureMatrix {
  readonly columns: readonly MatrixColumn[];
  /** one row a candidate, row after row */
  readonly values: Float32Array;
  /** rows of case i are offsets[i] .. offsets[i + 1] */
  readonly offsets: Uint32Array;
}

/** Positions in their ranges at which coordinates that bend more than a scale are measured besides their defaults. */
const FURTHER = [0.2, 0.8];
/** Where walks are measured: near the seed and far from it. */
const WALKS = [{ alpha: 0.3, chat_multiplier: 1000 }, { alpha: 0.85, chat_multiplier: 1000 }];
const WALK_FLOOR = 1e-6;
/** Candidates summed over the cases whose walks are held at a time. */
const HELD = 200_000;

/**
 * The columns of a query mode: every registered signal under every set of options.
 *
 * Elementwise signals stand at their default coordinates and, one at a time, at a low and a high value of each coordinate but `gamma`,
 * whose bend a learner can make itself. Walks stand at two alphas. Signals that need the message are left out where there is none.
 */
export function matrixColumns(mode: QueryMode): MatrixColumn[] {
  return allSignals().filter((s) => s.needs !== "message" || mode === "message").flatMap((signal) =>
    optionSets(signal).flatMap((options) => columnsOf(signal, options))
  );
}

function columnsOf(signal: Signal, options: Readonly<Record<string, string>>): MatrixColumn[] {
  const formula = parseFormula({
    record: "formula/1",
    name: signal.name,
    description: signal.description,
    root: { op: "signal", id: "leaf", signal: signal.name, options },
  });
  const space = searchSpace(formula), at = defaultPoint(space);
  const title = [signal.name, ...Object.values(options)].join(" ");
  const column = (changes: Readonly<Record<string, number>>): MatrixColumn => ({
    name: [title, ...Object.entries(changes).map(([name, value]) => `${name}=${+value.toPrecision(3)}`)].join(
      " ",
    ),
    formula,
    point: {
      ...at,
      ...Object.fromEntries(Object.entries(changes).map(([name, v]) => [`leaf_${name}`, v])),
    },
    logarithm: signal.kind === "walk",
  });
  if (signal.kind === "walk") return WALKS.map(column);
  const further = signal.coordinates.filter((c) => c.name !== "gamma").flatMap((c) =>
    FURTHER.map((unit) => ({ [c.name]: fromUnit(space.find((p) => p.name === `leaf_${c.name}`)!, unit) }))
  );
  return [column({}), ...further.map(column)];
}

function optionSets(signal: Signal): Record<string, string>[] {
  return Object.entries(signal.choices ?? {}).reduce<Record<string, string>[]>(
    (sets, [name, values]) => sets.flatMap((set) => values.map((value) => ({ ...set, [name]: value }))),
    [{}],
  );
}

/**
 * Measures the columns on the chosen cases, in the order of an arena loaded with the same options.
 *
 * Snapshots are read a few at a time, so that beside the matrix (4 bytes a candidate and column) little is held.
 */
export function featureMatrix(
  corpora: readonly Corpus[],
  options: ArenaOptions,
  columns: readonly MatrixColumn[],
): FeatureMatrix {
  const cases = corpora.flatMap((c) => c.cases).filter((c) =>
    options.splits.includes(c.split) && (options.keep?.(c) ?? true)
  );
  const offsets = new Uint32Array(cases.length + 1);
  cases.forEach((c, i) => offsets[i + 1] = offsets[i]! + c.n_files - 1);
  const width = columns.length, values = new Float32Array(width * offsets[cases.length]!);
  let first = 0;
  for (const arena of Arena.stream(corpora, options, HELD)) {
    const engines = new Map<Formula, Engine>();
    columns.forEach(({ formula, point, logarithm }, j) => {
      let engine = engines.get(formula);
      if (!engine) engines.set(formula, engine = new Engine(arena, formula));
      engine.forEachCase(point, ({ index, query }, scores) => {
        let at = width * offsets[first + index]! + j;
        for (let i = 0; i < scores.length; i++) {
          if (i === query.seed) continue;
          values[at] = logarithm ? Math.log(scores[i]! + WALK_FLOOR) : scores[i]!;
          at += width;
        }
      });
    });
    first += arena.cases.length;
  }
  return { columns, values, offsets };
}
