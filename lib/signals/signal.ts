/**
 * What a ranking signal is: one measurement of every file, with the few numbers that may be tuned in it.
 *
 * A signal says nothing of how it is weighed against others; that is the formula's business. It sees a snapshot and a query and
 * can reach no label. To add one, add one file `<name>.signal.ts` to this folder that exports a Signal as default.
 */
import type { ParameterSpec } from "../records/space.ts";
import type { LayerName, Query, Snapshot } from "../records/snapshot.ts";

/** A tunable number inside a signal. Its name is local; the formula gives it a full one. */
export type Coordinate = Omit<ParameterSpec, "layer">;

/** Values of a signal's coordinates, by local name. */
export type CoordinateValues = Readonly<Record<string, number>>;

/** A raw measurement, one number a file, independent of every tunable number. */
export type Feature =
  /** any numbers; the slowest kind, since the value function runs once a file */
  | { readonly kind: "dense"; readonly values: Float32Array }
  /** 0 for every file not listed; indices ascending */
  | { readonly kind: "sparse"; readonly index: Uint32Array; readonly values: Float32Array }
  /** small whole numbers (ages, counts, hops, levels), x = code / scale (default 1): the value function runs once a code, not once a file */
  | { readonly kind: "codes"; readonly codes: Uint8Array | Uint16Array; readonly scale?: number };

/** What a feature is measured on. */
export interface SignalInput {
  readonly snapshot: Snapshot;
  readonly query: Query;
}

/** Structural choices of a signal: each name with its possible values, the first being the default. */
export type Choices = Readonly<Record<string, readonly string[]>>;

interface SignalBase {
  /** snake_case, unique, equal to the file name before ".signal.ts" */
  readonly name: string;
  /** one sentence: what a high value means, with its source */
  readonly description: string;
  /** the spec's layer, or "Extension" */
  readonly layer: string;
  readonly coordinates: readonly Coordinate[];
  /** default: none */
  readonly choices?: Choices;
  /** "message": silent (0 everywhere) unless the query may use the commit subject. Default "seed" */
  readonly needs?: "seed" | "message";
}

/** A signal that looks at each file by itself: value = f(feature of the file; coordinates). */
export interface ElementwiseSignal extends SignalBase {
  readonly kind: "elementwise";
  /** "snapshot": the feature is the same for every query of the snapshot */
  readonly scope: "snapshot" | "query";
  feature(input: SignalInput, choice: Readonly<Record<string, string>>): Feature;
  /**
   * Must lie in [0, 1] for every feature value and every legal coordinate: a boost's peak is the factor at 1, a gate's threshold is at
   * most 1, and noisy_or takes a term for a probability. A count is brought there, as `popularity` does it.
   */
  value(x: number, at: CoordinateValues): number;
  /**
   * The same of many feature values at once, into an array of their length, to 1e-13 of each; default: one by one. For functions that
   * cost much alone and little together, since a new point asks for thousands.
   */
  values?(xs: Float64Array, at: CoordinateValues, into: Float64Array): void;
  /** What is known of `value` beyond its numbers; default: nothing, and a certificate then proves less about the signal. */
  readonly shape?: Shape;
}

/** How a value function runs. A claim, so a test holds it against samples. */
export interface Shape {
  /** in each coordinate, all else held, it only rises or only falls; its extremes over a box are then at corners */
  readonly monotone: boolean;
  /** in x, whatever the coordinates */
  readonly feature?: "rising" | "falling";
}

/**
 * A signal that is a random walk over one or more layers; value = files x stationary probability, so 1 is the average file.
 *
 * Its coordinates are alpha, chat_multiplier and depth_root, depth_moderate, depth_deep, depth_vendor, with these names; a walk over
 * several layers adds one share a layer.
 */
export interface WalkSignal extends SignalBase {
  readonly kind: "walk";
  /** the layers walked on and the coordinate that holds each one's share (none for a single layer) */
  layers(
    choice: Readonly<Record<string, string>>,
  ): readonly { layer: LayerName; undirected: boolean; share?: string }[];
}

export type Signal = ElementwiseSignal | WalkSignal;

/** A coordinate row with its defaults filled in: linear, real. */
export function coordinate(
  name: string,
  description: string,
  range: { default: number; low: number; high: number; scale?: "linear" | "log"; integer?: boolean },
): Coordinate {
  const { scale = "linear", integer = false } = range;
  return { name, description, default: range.default, low: range.low, high: range.high, scale, integer };
}

/** Weight of a file's restart by its depth class, and of files in context: the coordinates every walk shares. */
export const WALK_COORDINATES: readonly Coordinate[] = [
  coordinate("alpha", "probability of following an edge instead of restarting at the personalization", {
    default: 0.85,
    low: 0.05,
    high: 0.99,
  }),
  coordinate("chat_multiplier", "restart weight of the seed and of chat files, relative to other files", {
    default: 100,
    low: 1,
    high: 1000,
    scale: "log",
  }),
  coordinate("depth_root", "restart weight of files with at most 2 slashes", {
    default: 1,
    low: 0.05,
    high: 10,
    scale: "log",
  }),
  coordinate("depth_moderate", "restart weight of files with 3 or 4 slashes", {
    default: 0.5,
    low: 0.05,
    high: 10,
    scale: "log",
  }),
  coordinate("depth_deep", "restart weight of files with 5 or more slashes", {
    default: 0.1,
    low: 0.01,
    high: 10,
    scale: "log",
  }),
  coordinate("depth_vendor", "restart weight of files in vendor folders", {
    default: 0.01,
    low: 0.001,
    high: 1,
    scale: "log",
  }),
];

/** Names of the depth coordinates in the order of DEPTH_CLASSES. */
export const DEPTH_COORDINATES = ["depth_root", "depth_moderate", "depth_deep", "depth_vendor"] as const;

/** The exponent that bends a measurement in [0, 1]: below 1 it lifts small values, above 1 it mutes them. */
export const GAMMA: Coordinate = coordinate("gamma", "exponent of the measurement", {
  default: 1,
  low: 0.2,
  high: 3,
  scale: "log",
});

/** The shape of {@link bend}. */
export const BENT: Shape = { monotone: true, feature: "rising" };

/** x to the power gamma, with 0 staying 0. */
export function bend(x: number, at: CoordinateValues): number {
  return x <= 0 ? 0 : Math.pow(x, at["gamma"]!);
}
