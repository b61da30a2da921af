/** The engine's figures as rows beside their targets. */
import type { EngineFigures } from "./engine_figures.ts";
import type { PeerTime } from "./peers.ts";
import { type BenchRow, row, skipped } from "./rows.ts";

/** Speed of one core, and beside its peers. */
export function speedRows(f: EngineFigures, peer: PeerTime): BenchRow[] {
  const perCase = (ms: number) => ms / f.cases;
  const besidePeer = (name: string, ms: number) =>
    "skipped" in peer ? skipped(name, peer.skipped) : row(name, peer.ms / perCase(ms), "x", 5000, "least");
  return [
    row(
      "case-evaluations a second and core, alpha changing",
      f.cases / f.anyAlphaMs / 1e3,
      "M/s",
      1,
      "least",
    ),
    row("the same, alpha fixed", f.cases / f.fixedAlphaMs / 1e3, "M/s", 3, "least"),
    row("eight points a pass, alpha changing", f.cases / f.anyAlphaTogetherMs / 1e3, "M/s", 1, "least"),
    row("eight points a pass, alpha fixed", f.cases / f.fixedAlphaTogetherMs / 1e3, "M/s", 3, "least"),
    row(
      "against plain power iteration, any alpha",
      f.naiveCaseMs / perCase(f.anyAlphaMs),
      "x",
      100,
      "least",
    ),
    row("the same, alpha fixed", f.naiveCaseMs / perCase(f.fixedAlphaMs), "x", 300, "least"),
    row(
      "the same, eight points a pass, any alpha",
      f.naiveCaseMs / perCase(f.anyAlphaTogetherMs),
      "x",
      100,
      "least",
    ),
    row(
      "the same, eight points a pass, alpha fixed",
      f.naiveCaseMs / perCase(f.fixedAlphaTogetherMs),
      "x",
      300,
      "least",
    ),
    besidePeer(
      "skipped" in peer
        ? "against networkx (scipy), any alpha"
        : `against networkx ${peer.version} (scipy), any alpha`,
      f.anyAlphaMs,
    ),
    besidePeer("the same, eight points a pass", f.anyAlphaTogetherMs),
    besidePeer("the same, on two cores", f.twoCoresTogetherMs),
    row(
      "share of the memory bandwidth read, alpha fixed",
      100 * f.fixedAlphaGbS / f.readGbS,
      "%",
      60,
      "least",
    ),
    row("precompute a vector", f.vectorMs, "ms", 0.6, "most"),
  ];
}

/** What a second core brings. */
export function coreRows(f: EngineFigures): BenchRow[] {
  return [
    row("two cores over one, any alpha", f.oneCoreMs / f.twoCoresMs, "x", 1.8, "least"),
    row(
      "two cores over one, eight points a pass",
      f.oneCoreTogetherMs / f.twoCoresTogetherMs,
      "x",
      1.8,
      "least",
    ),
    row("two cores over one, alpha fixed", f.oneCoreFixedMs / f.twoCoresFixedMs, "x", 1.8, "least"),
  ];
}

/** How the engine's rankings and means compare with the reference evaluation's. */
export function agreementRows(f: EngineFigures): BenchRow[] {
  return [
    row(
      "same ten first files in the same order as the reference",
      100 * f.agreement.sameTop10,
      "%",
      99.9,
      "least",
    ),
    row("cases with the reference's nDCG@10", 100 * f.agreement.sameValue, "%", 99.9, "least"),
    row(
      "mean nDCG@10 beside the reference's, largest difference",
      f.agreement.meanDifference,
      "",
      1e-6,
      "most",
    ),
    row("cases a point leaves to double precision", 100 * f.settledShare, "%"),
    row("one walk over several layers, a point at a new mix of them", f.newMixMs / 1e3, "s"),
    row("the same mix again", f.sameMixMs, "ms"),
    row("against the plain path, alpha fixed", f.plainMs / f.fixedAlphaMs, "x"),
  ];
}
