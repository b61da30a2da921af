/** Repeats and medians. The clock is read here and nowhere else in the benchmark. */

/** Milliseconds of several runs, ascending. */
export interface Timing {
  readonly median: number;
  readonly least: number;
  readonly runs: number;
}

/** Runs several things by turns, so that what else the machine does falls on all of them alike. One turn before is not counted. */
export function byTurns<K extends string>(
  things: Readonly<Record<K, (run: number) => void>>,
  runs: number,
): Record<K, Timing> {
  const names = Object.keys(things) as K[], times = new Map<K, number[]>(names.map((n) => [n, []]));
  for (let run = -1; run < runs; run++) {
    for (const name of names) {
      const from = performance.now();
      things[name](run);
      if (run >= 0) times.get(name)!.push(performance.now() - from);
    }
  }
  return Object.fromEntries(names.map((n) => [n, timing(times.get(n)!)])) as Record<K, Timing>;
}

/** Median and least of some times. */
export function timing(times: readonly number[]): Timing {
  const sorted = [...times].sort((a, b) => a - b), middle = sorted.length >> 1;
  const median = sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
  return { median, least: sorted[0]!, runs: sorted.length };
}

/** Milliseconds of one call, and what it gave. */
export async function timed<T>(f: () => T | Promise<T>): Promise<[T, number]> {
  const from = performance.now(), value = await f();
  return [value, performance.now() - from];
}

/** Exponent of a power law y = a x^b by least squares in logarithms. */
export function slope(points: readonly (readonly [x: number, y: number])[]): number {
  const logs = points.map(([x, y]) => [Math.log(x), Math.log(y)] as const);
  const mean = (i: 0 | 1) => logs.reduce((s, p) => s + p[i], 0) / logs.length;
  const mx = mean(0), my = mean(1);
  return logs.reduce((s, [x, y]) => s + (x - mx) * (y - my), 0) /
    logs.reduce((s, [x]) => s + (x - mx) ** 2, 0);
}

/** Largest resident memory of this process so far, in MB; undefined where the system does not say. */
export function peakMemoryMb(): number | undefined {
  try {
    const match = /VmHWM:\s+(\d+) kB/.exec(Deno.readTextFileSync("/proc/self/status"));
    return match ? Number(match[1]) / 1024 : undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
