/** What the engine is compared with: plain power iteration as one would first write it, networkx, and the memory itself. */
import type { Arena, ArenaCase, ArenaGroup } from "../lib/engine/arena.ts";
import { KernelMemory, Region } from "../lib/engine/kernel_memory.ts";
import { ndcgOf } from "../lib/engine/target_ranks.ts";
import { numbersAt } from "../lib/formula/parameters.ts";
import { type Formula, resolveNodes, walkNodes } from "../lib/formula/document.ts";
import { personalizedPageRank } from "../lib/graph/pagerank.ts";
import { evaluateFormula, teleportWeights } from "../lib/ranker/evaluate.ts";
import type { Point } from "../lib/records/space.ts";
import { byTurns } from "./measure.ts";

/** Every so many-th case, so that at most `most` remain, with its group. */
export function sampleCases(arena: Arena, most: number): [ArenaCase, ArenaGroup][] {
  const all = arena.groups.flatMap((g) => g.cases.map((c): [ArenaCase, ArenaGroup] => [c, g]));
  const step = Math.max(1, Math.ceil(all.length / most));
  return all.filter((_, i) => i % step === 0);
}

/** PageRank of each case by power iteration to 1e-8 or 100 sweeps, then the product of the formula's other factors and nDCG. */
export function naive(formula: Formula, point: Point, cases: readonly [ArenaCase, ArenaGroup][]): number {
  const walk = [...walkNodes(resolveNodes(formula))].find((n) => n.signal?.kind === "walk");
  if (!walk) throw new RangeError(`Cannot compare ${formula.name} with power iteration: it has no walk`);
  const at = numbersAt(walk, point);
  let sum = 0;
  for (const [c, { snapshot }] of cases) {
    const input = { snapshot, query: c.query };
    const { ranks } = personalizedPageRank(
      snapshot.layers.references,
      teleportWeights(at, input),
      at["alpha"]!,
      {
        tolerance: 1e-8,
        maxIterations: 100,
      },
    );
    const { days, churn } = snapshot,
      half = point["git_recency_decay_days"]!,
      busy = point["git_churn_threshold"]!;
    const recent = point["git_recency_max_boost"]! - 1, often = point["git_churn_max_boost"]! - 1;
    const near = point["boost_focus_expansion"]! - 1, decay = point["focus_decay"]!;
    for (let i = 0; i < ranks.length; i++) {
      const hops = c.query.hops[i]!;
      ranks[i]! *= 1 + recent * Math.pow(2, -days[i]! / half);
      ranks[i]! *= 1 + often * Math.min(1, Math.log1p(Math.max(0, churn[i]! - busy)) / 5);
      if (hops >= 1 && hops <= point["focus_max_hops"]!) ranks[i]! *= 1 + near * Math.pow(decay, hops);
    }
    const { index, values } = c.query.sparse.jaccard_500;
    index.forEach((i, k) => {
      if (values[k]! >= 0.3) ranks[i]! *= point["boost_temporal_coupling"]!;
    });
    for (const i of c.query.sparse.chat.index) ranks[i]! *= point["boost_chat_file"]!;
    sum += ndcgOf(c, ranks);
  }
  return sum;
}

/** Agreement with the reference evaluation on a sample. */
export interface Agreement {
  readonly cases: number;
  /** share whose ten first files are the same in the same order */
  readonly sameTop10: number;
  /** share whose nDCG@10 is the reference's */
  readonly sameValue: number;
  /** largest difference of a mean nDCG@10 at a point */
  readonly meanDifference: number;
  /** largest relative gap between two of the reference's scores that the engine orders the other way */
  readonly widestGap: number;
}

/** Holds scores of the engine's own path to the reference's, by the ranks of all files. */
export function agreement(
  arena: Arena,
  formula: Formula,
  points: readonly Point[],
  top: (point: Point, c: ArenaCase) => readonly number[],
  values: (point: Point) => Float64Array,
  most: number,
): Agreement {
  const root = resolveNodes(formula).id, cases = sampleCases(arena, most);
  let same = 0, sameValue = 0, meanDifference = 0, widestGap = 0;
  for (const point of points) {
    const own = values(point);
    let difference = 0;
    for (const [c, { snapshot }] of cases) {
      const scores = evaluateFormula(formula, point, { snapshot, query: c.query }, arena.mode).get(root)!;
      const order = top10(scores, c.query.seed), mine = top(point, c);
      const at = order.findIndex((file, i) => file !== mine[i]);
      if (at < 0) same++;
      else {
        const high = scores[order[at]!]!, gap = (high - scores[mine[at]!]!) / high;
        widestGap = Math.max(widestGap, Math.abs(gap));
      }
      const wanted = ndcgOf(c, scores);
      if (Math.abs(own[c.index]! - wanted) <= 1e-12) sameValue++;
      difference += own[c.index]! - wanted;
    }
    meanDifference = Math.max(meanDifference, Math.abs(difference / cases.length));
  }
  return {
    cases: cases.length * points.length,
    sameTop10: same / (cases.length * points.length),
    sameValue: sameValue / (cases.length * points.length),
    meanDifference,
    widestGap,
  };
}

/** The ten first candidates by score, ties in file order. */
export function top10(scores: ArrayLike<number>, seed: number): number[] {
  return Array.from({ length: scores.length }, (_, i) => i).filter((i) => i !== seed)
    .sort((a, b) => scores[b]! - scores[a]! || a - b).slice(0, 10);
}

/** GB/s of reading memory that no cache holds, with the kernel's own instructions, median of repeats. */
export function readBandwidth(memory: KernelMemory, runs: number): number {
  const region = new Region(memory), bytes = 128 << 20, at = region.take(bytes);
  const { read } = byTurns({ read: () => void memory.kernel.readAll(at, bytes) }, runs);
  region.release();
  return bytes / read.median / 1e6;
}

const SCRIPT = `
import json, sys, time
try:
    import networkx as nx, scipy
except ImportError as error:
    print(json.dumps({"skipped": str(error)})); sys.exit()
times = []
for case in json.load(sys.stdin):
    g = nx.DiGraph(); g.add_nodes_from(range(case["n"])); g.add_weighted_edges_from(case["edges"])
    p = dict(enumerate(case["weights"]))
    nx.pagerank(g, alpha=case["alpha"], personalization=p, tol=1e-8 / case["n"], max_iter=1000)
    t = time.perf_counter()
    nx.pagerank(g, alpha=case["alpha"], personalization=p, tol=1e-8 / case["n"], max_iter=1000)
    times.append(1000 * (time.perf_counter() - t))
print(json.dumps({"version": nx.__version__, "ms": sorted(times)[len(times) // 2]}))
`;

/** Milliseconds a case of a peer and its version, or why it was not run. */
export type PeerTime = { readonly ms: number; readonly version: string } | { readonly skipped: string };

/** Milliseconds of networkx's scipy PageRank a case, its graph built beforehand; or why it was not run. */
export async function networkx(
  python: string,
  formula: Formula,
  point: Point,
  cases: readonly [ArenaCase, ArenaGroup][],
): Promise<PeerTime> {
  const walk = [...walkNodes(resolveNodes(formula))].find((n) => n.signal?.kind === "walk")!;
  const at = numbersAt(walk, point);
  const input = cases.map(([c, { snapshot }]) => {
    const { offsets, targets, weights } = snapshot.layers.references;
    const edges: [number, number, number][] = [];
    for (let i = 0; i + 1 < offsets.length; i++) {
      for (let e = offsets[i]!; e < offsets[i + 1]!; e++) edges.push([i, targets[e]!, weights[e]!]);
    }
    const restart = [...teleportWeights(at, { snapshot, query: c.query })];
    return { n: snapshot.files.length, edges, weights: restart, alpha: at["alpha"]! };
  });
  try {
    const child = new Deno.Command(python, {
      args: ["-c", SCRIPT],
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    })
      .spawn();
    const writer = child.stdin.getWriter();
    await writer.write(new TextEncoder().encode(JSON.stringify(input)));
    await writer.close();
    const { success, stdout, stderr } = await child.output();
    if (!success) {
      return { skipped: new TextDecoder().decode(stderr).trim().split("\n").at(-1) ?? "it failed" };
    }
    return JSON.parse(new TextDecoder().decode(stdout));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return { skipped: `there is no ${python}` };
    throw error;
  }
}
