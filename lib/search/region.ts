/** Regions and ties: what a reasoner may say about where to search, turned into a space that a sampler can search. */
import {
  checkSpace,
  fromUnit,
  type ParameterSpec,
  parsePoint,
  type Point,
  type SearchSpace,
} from "../records/space.ts";
import { ProposalError } from "./sampler.ts";

/** A part of a space: narrower bounds for some parameters, and groups that move together. */
export interface Region {
  /** New bounds by parameter, inside the old ones. Parameters that are not named stay at `around`. */
  readonly bounds: Readonly<Record<string, { readonly low: number; readonly high: number }>>;
  /** Groups of named parameters, each moved by one knob: all stand at the same share of their own new bounds */
  readonly ties?: readonly (readonly string[])[];
  /** Where the others stand; default the incumbent, or the space's default before there is one */
  readonly around?: Readonly<Record<string, number>>;
}

/** A region as a space of its own, and the way back. */
export interface RegionSpace {
  readonly space: SearchSpace;
  /** The point of the whole space that a point of the region's space stands for */
  widen(point: Point): Point;
}

/**
 * Turns a region into a search space with one row for each free knob.
 *
 * A tied group becomes a row `tie:a+b`, a position in [0, 1] that places every member at that share of its bounds on its own
 * scale, whole numbers rounded. Members of a tie must have bounds.
 *
 * @throws {ProposalError} for an unknown parameter, bounds that are empty, outside the space's or not whole where integers are
 * wanted, a tie of unbounded or twice-tied parameters, or a region without any free parameter
 */
export function regionSpace(space: SearchSpace, region: Region, incumbent: Point): RegionSpace {
  try {
    const around = parsePoint(space, { ...incumbent, ...region.around });
    const specs = new Map(space.map((p) => [p.name, p]));
    const rows = new Map(
      Object.entries(region.bounds).map(([name, { low, high }]) => {
        const p = specs.get(name);
        if (p === undefined) throw new RangeError(`unknown parameter ${JSON.stringify(name)}`);
        if (!(p.low <= low && low <= high && high <= p.high)) {
          throw new RangeError(
            `${name} in [${low}, ${high}]: bounds inside [${p.low}, ${p.high}] are wanted`,
          );
        }
        return [name, { ...p, low, high, default: low }] as const;
      }),
    );
    checkSpace([...rows.values()]);
    const ties = region.ties ?? [];
    const tied = ties.flat();
    const wrong = tied.find((name, i) => !rows.has(name) || tied.indexOf(name) < i);
    if (wrong !== undefined) throw new RangeError(`${wrong} is tied twice, or tied without bounds`);
    const knobs: ParameterSpec[] = ties.map((group) => knob(group));
    const free = [...rows.values()].filter((row) => !tied.includes(row.name));
    if (![...rows.values()].some((row) => row.low < row.high)) throw new RangeError("nothing in it can move");
    return {
      space: [...free, ...knobs],
      widen(point) {
        const values: Record<string, number> = { ...around };
        for (const row of free) values[row.name] = point[row.name]!;
        ties.forEach((group, i) => {
          for (const name of group) values[name] = fromUnit(rows.get(name)!, point[knobs[i]!.name]!);
        });
        return parsePoint(space, values);
      },
    };
  } catch (cause) {
    throw new ProposalError(`Cannot search the proposed region: ${(cause as Error).message}`, { cause });
  }
}

function knob(group: readonly string[]): ParameterSpec {
  const name = `tie:${group.join("+")}`, description = `common position of ${group.join(", ")}`;
  return { name, default: 0.5, low: 0, high: 1, scale: "linear", integer: false, description, layer: "tie" };
}
