/** Features of elementwise signals in the kernel's memory: codes with a dictionary, or lists of the few files that have one. */
import type { ResolvedNode } from "../formula/document.ts";
import type { ElementwiseSignal, Feature } from "../signals/signal.ts";
import { type KernelMemory, paddedFiles } from "./kernel_memory.ts";

/** A code a file: `levels[code]` is the measurement. */
export interface CodedFeature {
  readonly kind: "codes";
  readonly scope: "snapshot" | "query";
  /** identity: same signal, same options */
  readonly key: string;
  /** address of one address a group or case */
  readonly pointers: number;
  readonly width: 1 | 2;
  readonly levels: Float64Array;
  /** bytes of codes */
  readonly bytes: number;
}

/** Lists of files that have a measurement other than 0. */
export interface ListedFeature {
  readonly kind: "lists";
  readonly scope: "snapshot" | "query";
  readonly key: string;
  /** address of where each group's or case's list starts in what follows (u32), and of where the last one ends */
  readonly starts: number;
  /** how many lists there are */
  readonly lists: number;
  /** addresses of the positions (u16) and measurements (Float32) of all lists, one behind the other, and how many there are */
  readonly positions: number;
  readonly values: number;
  readonly count: number;
  /** bytes of lists and values */
  readonly bytes: number;
}

export type KernelFeature = CodedFeature | ListedFeature;

/** A leaf's feature, made once an arena and choice of options; undefined where the kernel has no form for it. */
export function kernelFeature(memory: KernelMemory, node: ResolvedNode): KernelFeature | undefined {
  const signal = node.signal as ElementwiseSignal, { arena } = memory;
  const silent = signal.needs === "message" && arena.mode === "seed";
  const key = silent ? "feature silent" : `feature ${signal.name} ${JSON.stringify(node.options)}`;
  // A notebook may register another signal under a name used before in another process, never in this one.
  if (memory.cache.has(key)) return memory.cache.get(key) as KernelFeature | undefined;
  const scope = silent ? "snapshot" : signal.scope;
  const features: Feature[] = silent
    ? arena.groups.map(() => ({ kind: "sparse", index: new Uint32Array(0), values: new Float32Array(0) }))
    : scope === "snapshot"
    ? arena.groups.map((g) =>
      signal.feature({ snapshot: g.snapshot, query: g.cases[0]!.query }, node.options!)
    )
    : arena.groups.flatMap((g) =>
      g.cases.map((c) => signal.feature({ snapshot: g.snapshot, query: c.query }, node.options!))
    );
  const made = features.every((f) => f.kind === "sparse")
    ? listed(memory, features as Extract<Feature, { kind: "sparse" }>[], scope, key)
    : features.every((f) => f.kind === "codes") || features.every((f) => f.kind === "dense")
    ? coded(memory, features, scope, key)
    : undefined;
  memory.cache.set(key, made);
  return made;
}

/** Calls back for each group, or each case, in order, with where its files stand. */
function forEachWithPlaces(
  memory: KernelMemory,
  scope: "snapshot" | "query",
  each: (position: number, placeOf: Uint16Array) => void,
): void {
  let position = 0;
  memory.arena.groups.forEach(({ cases }, g) => {
    const placeOf = memory.places(g);
    for (let left = scope === "snapshot" ? 1 : cases.length; left > 0; left--) each(position++, placeOf);
  });
}

function listed(
  memory: KernelMemory,
  features: readonly Extract<Feature, { kind: "sparse" }>[],
  scope: "snapshot" | "query",
  key: string,
): ListedFeature {
  const count = features.reduce((n, f) => n + f.index.length, 0);
  const values = memory.lasting.take(4 * count + 16), positions = memory.lasting.take(2 * count);
  const starts = memory.lasting.take(4 * (features.length + 1));
  const flat = memory.f32(values, count), places = memory.u16(positions, count);
  const offsets = memory.u32(starts, features.length + 1);
  forEachWithPlaces(memory, scope, (i, placeOf) => {
    const f = features[i]!, from = offsets[i]!;
    // Largest first, so that a step on them may stop at the first one below it.
    const order = Array.from(f.index.keys()).sort((a, b) => f.values[b]! - f.values[a]!);
    places.set(order.map((k) => placeOf[f.index[k]!]!), from);
    flat.set(order.map((k) => f.values[k]!), from);
    offsets[i + 1] = from + order.length;
  });
  return {
    kind: "lists",
    scope,
    key,
    starts,
    lists: features.length,
    positions,
    values,
    count,
    bytes: 6 * count + 4 * features.length,
  };
}

/** Numbers features anew: only codes that occur get a place, so that a table has no entry nobody reads. */
function coded(
  memory: KernelMemory,
  features: readonly Feature[],
  scope: "snapshot" | "query",
  key: string,
): CodedFeature | undefined {
  const places = new Map<number, number>();
  const arrays = features.map((f) => f.kind === "codes" ? f.codes : f.kind === "dense" ? f.values : []);
  const scale = (features[0] as { scale?: number } | undefined)?.scale ?? 1;
  for (const array of arrays) {
    for (const x of array) {
      if (!places.has(x)) {
        if (places.size === 65_536) return undefined;
        places.set(x, 0);
      }
    }
  }
  const sorted = Float64Array.from(places.keys()).sort();
  sorted.forEach((x, place) => places.set(x, place));
  const width = sorted.length <= 256 ? 1 : 2;
  const pointers = memory.lasting.take(4 * features.length);
  const addresses = memory.u32(pointers, features.length);
  forEachWithPlaces(memory, scope, (i, placeOf) => {
    const array = arrays[i]!, at = addresses[i] = memory.lasting.take(width * paddedFiles(array.length));
    const codes = width === 1 ? memory.u8(at, array.length) : memory.u16(at, array.length);
    for (let k = 0; k < array.length; k++) codes[placeOf[k]!] = places.get(array[k]!)!;
  });
  const bytes = arrays.reduce((sum, array) => sum + width * array.length, 0);
  return { kind: "codes", scope, key, pointers, width, levels: sorted.map((x) => x / scale), bytes };
}

/** Several features of snapshots as one: its codes number the combinations that occur. */
export interface JointFeature {
  readonly pointers: number;
  readonly size: number;
  readonly width: 1 | 2;
  /** addresses of the code of each feature (u16) in every combination */
  readonly parts: readonly number[];
  /** bytes of codes */
  readonly bytes: number;
}

/** Joins features of scope "snapshot", so that all their tables cost one look-up; undefined beyond 65,536 combinations. */
export function joinFeatures(
  memory: KernelMemory,
  features: readonly CodedFeature[],
): JointFeature | undefined {
  const key = `joint ${features.map((f) => f.key).join(" + ")}`;
  if (memory.cache.has(key)) return memory.cache.get(key) as JointFeature | undefined;
  const made = join(memory, features);
  memory.cache.set(key, made);
  return made;
}

function join(memory: KernelMemory, features: readonly CodedFeature[]): JointFeature | undefined {
  const { groups } = memory.arena;
  const codesOf = (f: CodedFeature, g: number) => {
    const at = memory.u32(f.pointers, groups.length)[g]!, n = groups[g]!.snapshot.files.length;
    return f.width === 1 ? memory.u8(at, n) : memory.u16(at, n);
  };
  const seen = new Map<string | number, number>(), members: number[][] = [];
  const joint: Uint16Array[] = [];
  for (let g = 0; g < groups.length; g++) {
    const columns = features.map((f) => codesOf(f, g));
    const codes = new Uint16Array(groups[g]!.snapshot.files.length);
    for (let i = 0; i < codes.length; i++) {
      const name = columns.length <= 2
        ? columns[0]![i]! * 65_536 + (columns[1]?.[i] ?? 0)
        : columns.map((c) => c[i]!).join(" ");
      let code = seen.get(name);
      if (code === undefined) {
        if (seen.size === 65_536) return undefined;
        seen.set(name, code = seen.size);
        members.push(columns.map((c) => c[i]!));
      }
      codes[i] = code;
    }
    joint.push(codes);
  }
  // What occurs most comes first, so that the entries a run reads most lie together.
  const counts = new Uint32Array(members.length);
  for (const codes of joint) for (let i = 0; i < codes.length; i++) counts[codes[i]!]!++;
  const order = Uint32Array.from(members.keys()).sort((a, b) => counts[b]! - counts[a]! || a - b);
  const renumbered = new Uint16Array(members.length);
  order.forEach((old, code) => renumbered[old] = code);
  const width = members.length <= 256 ? 1 : 2;
  const pointers = memory.lasting.take(4 * groups.length), addresses = memory.u32(pointers, groups.length);
  joint.forEach((codes, g) => {
    const at = addresses[g] = memory.lasting.take(width * paddedFiles(codes.length));
    const to = width === 1 ? memory.u8(at, codes.length) : memory.u16(at, codes.length);
    for (let i = 0; i < codes.length; i++) to[i] = renumbered[codes[i]!]!;
  });
  return {
    pointers,
    size: members.length,
    width,
    bytes: joint.reduce((sum, codes) => sum + width * codes.length, 0),
    parts: features.map((_, j) => {
      const at = memory.lasting.take(2 * members.length);
      memory.u16(at, members.length).set(Array.from(order, (old) => members[old]![j]!));
      return at;
    }),
  };
}
