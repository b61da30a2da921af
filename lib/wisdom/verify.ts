/** Drafted wisdom put to the test: what is kept, what is on by default, and by how much, each on cases it was not made from. */
import type { Formula } from "../formula/document.ts";
import { holm } from "../metrics/mod.ts";
import { parsePoint, type Point, type SearchSpace } from "../records/space.ts";
import type { Tested, WisdomHeuristic, WisdomPreset } from "../records/wisdom.ts";
import { type Bench, type Paired, pooledDifference } from "./bench.ts";
import type { Draft } from "./draft.ts";
import { type CompiledHeuristics, compileHeuristics } from "./heuristic_compile.ts";
import type { Condition } from "./heuristic_condition.ts";
import { parseHeuristic, printHeuristic } from "./heuristic_rule.ts";
import type { Difference } from "./scores.ts";
import { heldBy } from "./strata.ts";
import { describeEffect, untested } from "./tested.ts";

/** A preset whose interval reaches further below 0 than this is worse for all that is known, and is not kept. */
export const NOT_WORSE_MARGIN = 0.01;

/** Level at which adjusted p-values decide. */
export const SIGNIFICANCE = 0.05;

/** Measuring places. `train` and `test` hold development repositories; `lockbox` is there only when it was opened. */
export interface Benches {
  readonly train: Bench;
  readonly selection: Bench;
  readonly test: Bench;
  readonly lockbox?: Bench;
}

/** What every test shares. */
export interface VerifyContext {
  readonly benches: Benches;
  readonly formula: Formula;
  readonly space: SearchSpace;
  readonly defaults: Point;
  readonly tuned: Point;
  readonly seed: number | string;
}

/** One comparison on the cases that decide, on test cases and on the lockbox. */
interface Comparison {
  readonly decides: readonly Paired[];
  readonly test: readonly Paired[];
  readonly lockbox: readonly Paired[];
}

/** Repositories that have a say in a difference, as `pooledDifference` chooses them. */
function repositoriesOf(parts: readonly Paired[]): string[] {
  const kept = parts.flatMap(({ bench, keep }) =>
    bench.arena.cases.filter(({ index }) => keep(index)).map(({ case: c }) => c)
  );
  return [...Map.groupBy(kept, ({ repo }) => repo)]
    .filter(([, own]) => new Set(own.map(({ commit }) => commit)).size >= 2)
    .map(([repo]) => repo).sort();
}

/** Runs one comparison; the verdict is given afterwards, when all p-values of its family are known. */
function measure({ seed }: VerifyContext, name: string, comparison: Comparison): Tested {
  const on = (part: string, parts: readonly Paired[]): Difference | null =>
    parts.length === 0 ? null : pooledDifference(parts, { seed, stream: `wisdom/${name}/${part}` });
  const effect = on("decides", comparison.decides);
  return {
    verdict: "untested",
    reason: "no repository has two commits among the cases that would decide",
    effect: effect?.estimate ?? null,
    test: on("test", comparison.test)?.estimate ?? null,
    lockbox: on("lockbox", comparison.lockbox)?.estimate ?? null,
    p: effect?.p ?? null,
    p_adjusted: null,
    judged_on: effect === null ? [] : repositoriesOf(comparison.decides),
  };
}

/** Verdicts of a family of tests, Holm-adjusted among those that could be made. */
function judgeFamily(family: readonly Tested[]): Tested[] {
  const made = family.flatMap(({ p }, i) => p === null ? [] : [{ i, p }]);
  const adjusted = new Map(holm(made.map(({ p }) => p)).map((p, k) => [made[k]!.i, p]));
  return family.map((tested, i) => {
    const p_adjusted = adjusted.get(i);
    if (p_adjusted === undefined || tested.effect === null) return tested;
    const { low, high } = tested.effect;
    const verdict = low > 0 && p_adjusted <= SIGNIFICANCE
      ? "supported"
      : high < 0 && p_adjusted <= SIGNIFICANCE
      ? "refuted"
      : "undetermined";
    const reason = `${describeEffect(tested.effect)}, p ${tested.p!.toFixed(4)}, adjusted ${
      p_adjusted.toFixed(4)
    }`;
    return { ...tested, verdict, reason, p_adjusted };
  });
}

/** The tuned point against the defaults, on selection cases; test and lockbox beside it. */
export function verifyTuned(context: VerifyContext): Tested {
  const { benches, tuned, defaults } = context;
  const pair = (bench: Bench | undefined): Paired[] =>
    bench === undefined ? [] : [{
      bench,
      treated: bench.scores.at(tuned),
      plain: bench.scores.at(defaults),
      keep: () => true,
    }];
  return judgeFamily([
    measure(context, "tuned", {
      decides: pair(benches.selection),
      test: pair(benches.test),
      lockbox: pair(benches.lockbox),
    }),
  ])[0]!;
}

/** A drafted preset with who put it forward. */
export type DraftedPreset = Draft["presets"][number] & { readonly origin: WisdomPreset["origin"] };

/**
 * Tests presets: each against the defaults, and beside that against the tuned point, on its stratum's selection cases.
 *
 * Kept: the interval of the difference from the defaults does not reach below -{@link NOT_WORSE_MARGIN}, and that of the
 * difference from the tuned point does not lie below 0: a preset that the point everybody gets is better than helps nobody. An
 * untested preset is not kept.
 */
export function verifyPresets(
  context: VerifyContext,
  drafted: readonly DraftedPreset[],
): WisdomPreset[] {
  const { benches, space, defaults, tuned, seed } = context;
  const measured = drafted.map((preset) => {
    const moved = Object.fromEntries(preset.params.map(({ param, value }) => [param, value]));
    const params = parsePoint(space, { ...tuned, ...moved });
    const pair = (bench: Bench | undefined, plain: Point): Paired[] => {
      if (bench === undefined) return [];
      const held = heldBy(preset.stratum, bench.stated);
      return [{
        bench,
        treated: bench.scores.at(params),
        plain: bench.scores.at(plain),
        keep: (i) => held[i]!,
      }];
    };
    return {
      preset,
      params,
      tested: measure(context, `preset/${preset.name}`, {
        decides: pair(benches.selection, defaults),
        test: pair(benches.test, defaults),
        lockbox: pair(benches.lockbox, defaults),
      }),
      beyond: pooledDifference(pair(benches.selection, tuned), {
        seed,
        stream: `wisdom/preset/${preset.name}/beyond`,
      }),
    };
  });
  const verdicts = judgeFamily(measured.map(({ tested }) => tested));
  return measured.map(({ preset, params, beyond }, i): WisdomPreset => {
    const tested = verdicts[i]!;
    return {
      name: preset.name,
      description: preset.description,
      stratum: preset.stratum,
      formula: null,
      params: { ...params },
      origin: preset.origin,
      episodes: preset.episodes,
      tested,
      beyond_tuned: beyond?.estimate ?? null,
      kept: tested.effect !== null && tested.effect.low > -NOT_WORSE_MARGIN &&
        (beyond === null || beyond.estimate.high >= 0),
    };
  });
}

/** Holds in every situation. */
const ALWAYS: Condition = { kind: "compare", name: "repo.file_count", op: ">=", value: 0 };

/** A drafted rule with who put it forward and the repositories looked at for it. */
export interface DraftedHeuristic {
  readonly text: string;
  readonly episodes: readonly string[];
  readonly origin: WisdomHeuristic["origin"];
  readonly written_from: readonly string[];
  /** Repositories it was written without, each in a turn of its own, where these judge it; absent: all it was not written from */
  readonly judges?: readonly string[];
}

/** Which repositories count, and whether only the deciding figures are wanted. */
export interface HeuristicTests {
  readonly only?: ReadonlySet<string>;
  readonly quick?: boolean;
}

/**
 * Ablates every rule by itself: the tuned point with it against the tuned point, where it fires, on repositories it was not
 * written from, or was written without.
 *
 * Decided on the train and selection cases of such development repositories; a rule that every one of them was looked at for is
 * decided on the lockbox when that was opened. The test split is reported apart. Holm over all rules tested together. Only
 * supported rules are on by default.
 */
export function verifyHeuristics(
  context: VerifyContext,
  drafted: readonly DraftedHeuristic[],
  tests: HeuristicTests = {},
): WisdomHeuristic[] {
  const { benches, space, tuned } = context, { only, quick = false } = tests;
  const measured = drafted.map((rule, number) => {
    const compiled = compileHeuristics([rule.text], space), written = new Set(rule.written_from);
    const may = (repo: string, split: "lockbox" | "development") =>
      (only === undefined || only.has(repo)) &&
      (rule.judges === undefined || split === "lockbox" ? !written.has(repo) : rule.judges.includes(repo));
    const pair = (bench: Bench | undefined): Paired[] => {
      if (bench === undefined) return [];
      const { values, fired } = bench.ruled(compiled, tuned), { cases } = bench.arena;
      const split = bench === benches.lockbox ? "lockbox" : "development";
      const keep = (i: number) => fired[i]! && may(cases[i]!.case.repo, split);
      return cases.some(({ index }) => keep(index))
        ? [{ bench, treated: values, plain: bench.scores.at(tuned), keep }]
        : [];
    };
    const unseen = [...pair(benches.train), ...pair(benches.selection)];
    const lockbox = quick ? [] : pair(benches.lockbox);
    const onLockbox = unseen.length === 0 && lockbox.length > 0;
    const tested = measure(context, `heuristic/${number}`, {
      decides: onLockbox ? lockbox : unseen,
      test: quick ? [] : pair(benches.test),
      lockbox,
    });
    if (quick) return { tested, elsewhere: null };
    const everywhere = compileHeuristics([{ ...compiled.rules[0]!.heuristic, condition: ALWAYS }], space);
    const outside = (bench: Bench | undefined): Paired[] => {
      if (bench === undefined) return [];
      const { fired } = bench.ruled(compiled, tuned), { values } = bench.ruled(everywhere, tuned);
      const split = bench === benches.lockbox ? "lockbox" : "development";
      const keep = (i: number) => !fired[i]! && may(bench.arena.cases[i]!.case.repo, split);
      return [{ bench, treated: values, plain: bench.scores.at(tuned), keep }];
    };
    const elsewhere = pooledDifference(
      onLockbox ? outside(benches.lockbox) : [...outside(benches.train), ...outside(benches.selection)],
      { seed: context.seed, stream: `wisdom/heuristic/${number}/elsewhere` },
    );
    return { tested, elsewhere: elsewhere?.estimate ?? null };
  });
  return judgeFamily(measured.map(({ tested }) => tested)).map((tested, i): WisdomHeuristic => {
    const { text, episodes, origin, written_from, judges } = drafted[i]!;
    return {
      text: printHeuristic(parseHeuristic(text, { space })),
      origin,
      episodes: [...episodes],
      written_from: [...written_from].sort(),
      left_out: judges !== undefined,
      tested: tested.verdict === "untested" ? { ...tested, reason: whyUntested(judges) } : tested,
      elsewhere: measured[i]!.elsewhere,
      default_on: tested.verdict === "supported",
    };
  });
}

function whyUntested(judges: readonly string[] | undefined): string {
  return judges?.length === 0
    ? "it is written only while no repository is left out, so there is none to judge it"
    : "it fires on no two commits of one repository it was not written from";
}

/**
 * All default-on rules together against none, on cases that decided nothing about them: test cases of repositories that none of
 * them was written from. Every case counts, fired or not.
 */
export function verifyDefaultOn(context: VerifyContext, heuristics: readonly WisdomHeuristic[]): Tested {
  const on = heuristics.filter(({ default_on }) => default_on);
  if (on.length === 0) return untested("no rule is on by default");
  const compiled = compileHeuristics(on.map(({ text }) => text), context.space);
  const written = new Set(on.flatMap(({ written_from }) => written_from));
  return judgeSet(context, (repo) => written.has(repo) ? undefined : compiled);
}

/** Rules together against none on test cases, and on the lockbox beside. @param rulesFor of a repository; undefined leaves it out */
export function judgeSet(
  context: VerifyContext,
  rulesFor: (repo: string) => CompiledHeuristics | undefined,
): Tested {
  const { benches, tuned } = context;
  const pair = (bench: Bench | undefined): Paired[] => {
    if (bench === undefined) return [];
    const { cases } = bench.arena, plain = bench.scores.at(tuned);
    const columns = new Map<CompiledHeuristics, Float64Array>();
    const treated = Float64Array.from(cases, ({ index, case: c }) => {
      const rules = rulesFor(c.repo);
      if (rules === undefined || rules.rules.length === 0) return plain[index]!;
      let values = columns.get(rules);
      if (values === undefined) columns.set(rules, values = bench.ruled(rules, tuned).values);
      return values[index]!;
    });
    return [{ bench, treated, plain, keep: (i) => rulesFor(cases[i]!.case.repo) !== undefined }];
  };
  return judgeFamily([
    measure(context, "default-on", { decides: pair(benches.test), test: [], lockbox: pair(benches.lockbox) }),
  ])[0]!;
}
