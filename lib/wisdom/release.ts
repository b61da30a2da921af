/** The meta-loop's step: wisdom becomes a version if it is not worse than the version before it on cases neither was made from. */
import { contentHash } from "../base/canonical.ts";
import type { Arena } from "../engine/arena.ts";
import { parseFormula } from "../formula/document.ts";
import { searchSpace } from "../formula/parameters.ts";
import type { Estimate } from "../records/evaluation.ts";
import { parsePoint } from "../records/space.ts";
import type { Wisdom } from "../records/wisdom.ts";
import type { WisdomRelease } from "../records/wisdom_release.ts";
import { Bench, pooledDifference } from "./bench.ts";
import type { CaseFactsOptions } from "./facts.ts";
import { compileHeuristics } from "./heuristic_compile.ts";
import { describeEffect } from "./tested.ts";

/** Sealed cases and the histories their facts come from. */
export interface SealedCases {
  readonly arena: Arena;
  readonly history: CaseFactsOptions["history"];
}

/** nDCG@10 of every sealed case under a version: its tuned point with its default-on rules, each case by its own facts. */
export function wisdomValues(
  { arena, history }: SealedCases,
  wisdom: Wisdom,
): { bench: Bench; values: Float64Array } {
  const formula = parseFormula(wisdom.formula), space = searchSpace(formula);
  const bench = new Bench(arena, formula, history);
  const rules = compileHeuristics(wisdom.heuristics.filter((h) => h.default_on).map((h) => h.text), space);
  return { bench, values: bench.ruled(rules, parsePoint(space, wisdom.tuned.params)).values };
}

/** A version's mean on sealed cases with its interval; null where no repository has two commits among them. */
export function sealedScore(cases: SealedCases, wisdom: Wisdom, seed: number | string): Estimate | null {
  const { bench, values } = wisdomValues(cases, wisdom);
  const zero = new Float64Array(values.length);
  return pooledDifference([{ bench, treated: values, plain: zero, keep: () => true }], {
    seed,
    stream: "wisdom/sealed/mean",
  })?.estimate ?? null;
}

/** One version minus another on the same sealed cases, paired. */
export function sealedDifference(
  cases: SealedCases,
  wisdom: Wisdom,
  other: Wisdom,
  seed: number | string,
): Estimate | null {
  const { bench, values } = wisdomValues(cases, wisdom);
  return pooledDifference(
    [{ bench, treated: values, plain: wisdomValues(cases, other).values, keep: () => true }],
    { seed, stream: "wisdom/sealed/difference" },
  )?.estimate ?? null;
}

/** What a release is made of. */
export interface ReleaseInput {
  readonly version: string;
  readonly wisdom: Wisdom;
  readonly parent: { readonly version: string; readonly wisdom: Wisdom } | null;
  readonly sealed: SealedCases;
  readonly seed: number | string;
  readonly kit: string;
  readonly code: string | null;
  /** Release it although it is worse. Default false */
  readonly force?: boolean;
}

/**
 * Scores wisdom against its parent and makes the release's record.
 *
 * @throws {RangeError} when it is worse than its parent with the interval below 0, unless forced
 */
export function draftRelease(input: ReleaseInput): Omit<WisdomRelease, "record" | "files"> {
  const { version, wisdom, parent, sealed, seed, kit, code, force = false } = input, { arena } = sealed;
  const against = parent === null ? null : sealedDifference(sealed, wisdom, parent.wisdom, seed);
  const worse = against !== null && against.high < 0;
  if (worse && !force) {
    throw new RangeError(
      `Wisdom ${version} is worse than ${parent!.version} on the sealed cases: ${describeEffect(against)}. ` +
        `Give --force to release it all the same`,
    );
  }
  const ids = arena.cases.map(({ case: c }) => c.case_id).sort();
  return {
    version,
    parent: parent?.version ?? null,
    kit,
    code,
    learned: learnedSince(parent?.wisdom ?? null, wisdom),
    sealed: ids.length === 0 ? null : {
      case_set_hash: contentHash(ids),
      splits: [...arena.splits],
      repositories: [...new Set(arena.cases.map(({ case: c }) => c.repo))].sort(),
    },
    score: sealedScore(sealed, wisdom, seed),
    against_parent: against,
    forced: worse,
  };
}

/** What a version knows that the one before did not, a line each: parameters moved, presets, rules and warnings new or gone. */
export function learnedSince(before: Wisdom | null, after: Wisdom): string[] {
  const lines: string[] = [];
  if (before === null) return ["the specification's defaults"];
  if (before.formula_hash !== after.formula_hash) {
    lines.push(`formula ${after.formula_hash.slice(0, 8)} instead of ${before.formula_hash.slice(0, 8)}`);
  }
  const from = before.tuned.params, to = after.tuned.params;
  const moved = Object.keys(to).filter((name) => from[name] !== undefined && from[name] !== to[name]);
  if (moved.length > 0) lines.push(`${moved.length} parameters moved: ${moved.sort().join(", ")}`);
  const news = (what: string, old: readonly string[], now: readonly string[]) => {
    for (const item of now) if (!old.includes(item)) lines.push(`${what} ${item}`);
    for (const item of old) if (!now.includes(item)) lines.push(`${what} ${item} dropped`);
  };
  const presets = (wisdom: Wisdom) => wisdom.presets.filter((p) => p.kept).map((p) => p.name);
  const rules = (wisdom: Wisdom) => wisdom.heuristics.filter((h) => h.default_on).map((h) => h.text);
  news("preset", presets(before), presets(after));
  news("rule", rules(before), rules(after));
  const warnings = (wisdom: Wisdom) => wisdom.warnings.map((w) => w.cites.claim ?? w.cites.id);
  news("warning", warnings(before), warnings(after));
  if (lines.length === 0) lines.push("nothing new");
  return lines;
}
