/** Turns a formula's nodes into operations of the kernel, registers and tables. */
import { LOG_FLOOR, type ResolvedNode, walkNodes } from "../formula/document.ts";
import { blurOf, KERNEL_BLUR } from "./blur.ts";
import {
  type CodedFeature,
  joinFeatures,
  type JointFeature,
  kernelFeature,
  type ListedFeature,
} from "./kernel_features.ts";
import type { KernelMemory, Region } from "./kernel_memory.ts";
import { atLeast, ListedFactor } from "./kernel_lists.ts";
import { Opcode, type Operation, type Place, Unsupported } from "./kernel_operations.ts";
import {
  type Ats,
  type CodedPart,
  CodedTable,
  isSmall,
  JointTable,
  type LaneCursor,
  widen,
} from "./kernel_tables.ts";
import { type Factor, factorsUnder, isPlainWalk, neverSilent } from "./unary.ts";

const NONE = 0xffffffff;

/** Operations of one formula, in the order they run. @throws {Unsupported} from {@link score} */
export class KernelCompiler {
  readonly operations: Record<Place["scope"], Operation[]> = { snapshot: [], query: [] };
  /** what has to be done at a point before any number is written */
  readonly before: ((ats: Ats) => void)[] = [];
  /** bytes of features a run reads */
  featureBytes = 0;
  #next: number;

  /** @param walks the formula's walk leaves; each has the register of its number */
  constructor(
    readonly memory: KernelMemory,
    readonly region: Region,
    readonly walks: readonly ResolvedNode[],
    readonly cursor: LaneCursor,
  ) {
    this.#next = walks.length;
  }

  /** Registers in use. */
  get registers(): number {
    return this.#next;
  }

  /** Emits a whole formula; returns the register of its score, which may be scaled by any positive number. */
  score(root: ResolvedNode): number {
    return this.#own(this.#factors(factorsUnder(root), true)).register;
  }

  #register(): number {
    return this.#next++;
  }

  #emit(scope: Place["scope"], words: readonly number[], write?: Operation["write"]): void {
    this.operations[scope].push(write ? { words, write } : { words });
  }

  /** A copy that case operations may change. */
  #own(place: Place): Place {
    if (place.scope === "query") return place;
    const register = this.#register();
    this.#emit("query", [Opcode.COPY, register, place.register]);
    return { register, scope: "query" };
  }

  /** Any node's value, to scale. */
  #node(node: ResolvedNode): Place {
    const { op } = node.node;
    if (op === "signal" || op === "boost" || op === "gate" || op === "product" || op === "log_linear") {
      return this.#factors(factorsUnder(node), false);
    }
    if (op !== "weighted_sum" && op !== "max") throw new Unsupported(op);
    const terms = node.children.map((child) => this.#node(child));
    const scope = terms.every((t) => t.scope === "snapshot") ? "snapshot" : "query";
    const register = this.#register();
    this.#emit(scope, [Opcode.FILL, register], (_at, _ats, spread) => {
      spread.high += Math.log10(terms.length);
    });
    terms.forEach((term, j) =>
      this.#emit(
        scope,
        [op === "max" ? Opcode.MAX : Opcode.ADD, register, term.register, 0],
        (at, ats, spread) => {
          const weight = this.memory.f32(at + 16, 1)[0] = ats.get(node.id)![`weight[${j}]`]!;
          widen(spread, weight);
        },
      )
    );
    return { register, scope };
  }

  /** A product of factors. Free of scale, constants are left out and tables scaled to 1: the order of files is all that counts. */
  #factors(factors: readonly Factor[], free: boolean): Place {
    const coded: CodedPart[] = [], rest: Factor[] = [];
    const lists: { factor: Factor; feature: ListedFeature }[] = [];
    for (const factor of factors) {
      const { signal } = factor.inner;
      if (signal?.kind !== "elementwise") {
        rest.push(factor);
        continue;
      }
      const feature = kernelFeature(this.memory, factor.inner);
      if (!feature) throw new Unsupported(`the feature of ${signal.name}`);
      if (feature.kind === "lists") lists.push({ factor, feature });
      else coded.push({ factor, feature });
    }
    const shared = coded.filter(({ feature }) => feature.scope === "snapshot");
    const joint = shared.length > 1 ? joinFeatures(this.memory, shared.map((s) => s.feature)) : undefined;
    let group: Place | undefined;
    for (const { feature } of coded) {
      if (!joint || feature.scope === "query") this.featureBytes += feature.bytes;
    }
    this.featureBytes += joint?.bytes ?? 0;
    if (joint) group = this.#joint(shared, joint, free);
    else for (const one of shared) group = this.#coded(one.factor, one.feature, group, free);
    let place = group;
    rest.sort((a, b) => Number(isPlainWalk(b)) - Number(isPlainWalk(a)));
    let taken: CodedPart | undefined;
    rest.forEach((factor, i) => {
      if (i === 0 && isPlainWalk(factor)) {
        taken = group && coded.find(({ feature }) => feature.scope === "query" && isSmall(feature));
        place = this.#plainWalk(factor.inner, group, taken, free);
        return;
      }
      const own = this.#wrapped(factor);
      place = place ? this.#times(place, own) : own;
    });
    for (const part of coded) {
      if (part.feature.scope === "query" && part !== taken) {
        place = this.#coded(part.factor, part.feature, place, free);
      }
    }
    for (const { factor, feature } of lists) place = this.#lists(factor, feature, place, free);
    return place!;
  }

  #times(a: Place, b: Place): Place {
    const target = a.scope === "query" ? a : b.scope === "query" ? b : a;
    const other = target === a ? b : a;
    this.#emit(target.scope, [Opcode.TIMES, target.register, other.register]);
    return target;
  }

  /** A walk's values times a group's factor and, in the same pass over the files, times a factor of few codes. */
  #plainWalk(
    node: ResolvedNode,
    group: Place | undefined,
    part: CodedPart | undefined,
    free: boolean,
  ): Place {
    const register = this.#register(),
      words = [Opcode.WALK, register, this.#walk(node), group?.register ?? NONE];
    if (part) {
      const table = new CodedTable(this.memory, this.region, part, free, this.cursor);
      this.#emit(
        "query",
        [...words, part.feature.pointers, table.at, 0, 0, 0, table.record, table.members],
        (_at, ...to) => table.moveTo(...to),
      );
    } else this.#emit("query", words);
    return { register, scope: "query" };
  }

  #walk(node: ResolvedNode): number {
    return this.walks.indexOf(node);
  }

  /** A walk or subtree with its unary nodes and exponent. */
  #wrapped(factor: Factor): Place {
    let place: Place;
    if (factor.inner.signal) {
      place = { register: this.#register(), scope: "query" };
      this.#emit("query", [Opcode.WALK, place.register, this.#walk(factor.inner), NONE]);
    } else place = this.#node(factor.inner);
    const { register, scope } = place;
    for (const node of factor.chain) {
      if (node.node.op === "boost") {
        this.#emit(
          scope,
          [Opcode.AFFINE, register, register],
          (at, ats, spread) => {
            const peak = ats.get(node.id)!["peak"]!;
            this.memory.f32(at + 16, 2).set([1, peak - 1]);
            widen(spread, 1, peak);
          },
        );
      } else {
        const term = node.children[0]!,
          walks = [...walkNodes(term)].some(({ signal }) => signal?.kind === "walk");
        this.#emit(scope, [Opcode.GATE, register, register], (at, ats, spread) => {
          const { threshold, on, off } = ats.get(node.id)! as Record<string, number>,
            least = atLeast(threshold!);
          const band = blurOf(term, ats, KERNEL_BLUR) * Math.abs(least);
          this.memory.f32(at + 16, 4).set([least, on!, off!, band]);
          // What is no walk's and exactly at a Float32 is taken to be there; and nothing is below 0.
          const exact = least === 0 || (least === threshold && !walks);
          this.memory.u32(at + 32, 1)[0] = exact ? 0xffffffff : 0;
          widen(spread, on!, off!);
        });
      }
    }
    if (factor.power) {
      const { of, place: name } = factor.power;
      this.#emit(scope, [Opcode.POWER, register, register], (at, ats, spread) => {
        const exponent = ats.get(of.id)![name]!;
        this.memory.f64(at + 16, 2).set([LOG_FLOOR, exponent]);
        // A walk's value lies between the floor and the number of files, any other's below what has come together so far.
        const most = Math.log10(this.memory.maxFiles + 1);
        const high = factor.inner.signal ? most : Math.max(most, spread.high);
        const ends = [exponent * Math.log10(LOG_FLOOR), exponent * high];
        spread.high += Math.max(0, ...ends);
        spread.low += Math.min(0, ...ends);
      });
    }
    return place;
  }

  /** Writes a coded factor's values, or multiplies by them. */
  #coded(factor: Factor, feature: CodedFeature, onto: Place | undefined, free: boolean): Place {
    if (feature.scope === "snapshot" && onto?.scope === "query") {
      throw new Unsupported("a group's factor after a case's");
    }
    const table = new CodedTable(this.memory, this.region, { factor, feature }, free, this.cursor);
    const place = onto === undefined
      ? { register: this.#register(), scope: feature.scope }
      : feature.scope === "query"
      ? this.#own(onto)
      : onto;
    const opcode = table.quick ? Opcode.SWIZZLE : feature.width === 1 ? Opcode.GATHER8 : Opcode.GATHER16;
    this.#emit(
      feature.scope,
      [
        opcode,
        place.register,
        feature.pointers,
        table.at,
        0,
        0,
        onto ? 1 : 0,
        feature.levels.length,
        0,
        table.record,
        table.members,
      ],
      (_at, ...to) => table.moveTo(...to),
    );
    return place;
  }

  #joint(parts: readonly CodedPart[], joint: JointFeature, free: boolean): Place {
    const table = new JointTable(this.memory, this.region, parts, joint, free, this.cursor);
    const register = this.#register();
    const opcode = joint.width === 1 ? Opcode.GATHER8 : Opcode.GATHER16;
    this.#emit(
      "snapshot",
      [opcode, register, joint.pointers, table.at, 0, 0, 0, joint.size, 0, table.record, table.members],
      (_at, ...to) => table.moveTo(...to),
    );
    return { register, scope: "snapshot" };
  }

  /** Multiplies by a factor that differs from its silent value on listed files only. */
  #lists(factor: Factor, feature: ListedFeature, onto: Place | undefined, free: boolean): Place {
    const list = new ListedFactor(this.memory, this.region, factor, feature);
    this.before.push((ats) => list.moveTo(ats));
    this.featureBytes += list.bytes;
    const step = list.steps ? 2 : 0;
    const { starts, positions, values } = feature;
    const words = (
      register: number,
      mode: number,
    ) => [Opcode.LISTS, register, starts, list.values, 0, 0, 0, mode, positions, values];
    const beside = feature.count > 0 && feature.scope === "snapshot" && onto?.scope === "query";
    if (free && onto && !beside && neverSilent(factor)) {
      // Divided by what all other files have, the factor is 1 for them and only the listed ones are touched.
      const place = feature.scope === "query" ? this.#own(onto) : onto;
      if (feature.count === 0) return place;
      this.#emit(
        feature.scope,
        words(place.register, 1 | step),
        (at, _ats, spread) => list.write(at, 1 / list.silent, spread),
      );
      return place;
    }
    const place: Place = { register: this.#register(), scope: feature.scope };
    this.#emit(feature.scope, [Opcode.FILL, place.register], (at) => {
      this.memory.f32(at + 16, 1)[0] = list.silent;
    });
    this.#emit(
      feature.scope,
      words(place.register, step),
      (at, _ats, spread) => list.write(at, 1, spread, list.silent),
    );
    return onto ? this.#times(onto, place) : place;
  }
}
