/** Repositories whose figures are too good to be taken at their word, with what a study knows that speaks for or against a leak. */
import { dirname } from "node:path";
import { pairStem } from "../corpus/path_facts.ts";
import { aggregate } from "../metrics/aggregate.ts";
import type { Case, Judgment, Split } from "../records/case.ts";
import type { StudyFacts } from "./facts.ts";
import type { Structure } from "./structure_file.ts";
import { BASELINE_NAMES, FOUND, type SplitTable, TRAINED } from "./table.ts";

/** An nDCG@10 above this is a leak until proven otherwise. */
export const LEAK_LINE = 0.75;

/** Baselines that read the paths of the parent tree and nothing else: neither history nor contents. */
const PATHS_ALONE: readonly string[] = ["path_proximity", "bm25_paths"];

/** Splits nothing is chosen on. */
const HELD_OUT = ["test", "lockbox"] as const;
type HeldOut = typeof HELD_OUT[number];

/** nDCG@10 of one ranker on a repository's cases. */
export interface Figure {
  readonly ranker: string;
  readonly value: number;
}

/** What a repository's cases are like: means over the seeds of a commit, then over commits, as the figures are. */
export interface CaseShape {
  readonly cases: number;
  readonly commits: number;
  /** expected files of a case, and files they are looked for among */
  readonly expected: number;
  readonly candidates: number;
  /** shares of the expected files, in [0, 1]: those in the seed's folder */
  readonly same_folder: number;
  /** in the seed's folder and called like it, as a file and its test */
  readonly namesakes: number;
  /** had changed together with the seed in the 500 ancestors before */
  readonly coupled: number;
}

/** One repository above the line. */
export interface Suspicion {
  readonly repository: string;
  readonly split: HeldOut;
  readonly shape: CaseShape;
  /** every ranker of the study's tables, in their order */
  readonly standings: readonly Figure[];
  /** the formula found, its numbers tuned without the repository; absent where that was not tried */
  readonly left_out?: Figure;
  /** where training ended on corrupted evidence, by what was corrupted */
  readonly controls: readonly Figure[];
  /** the best that was tuned, the best that was tuned on nothing, and the best of those by paths alone */
  readonly best: { readonly tuned?: Figure; readonly untuned?: Figure; readonly paths?: Figure };
}

/**
 * Finds repositories where a ranker's nDCG@10 on test or lockbox cases is above {@link LEAK_LINE}, by name; baselines count.
 *
 * @param structure what a structure search of the study found, if one was run
 * @param further other tables of the study, such as those of learned rankers
 */
export function suspicions(
  facts: Pick<StudyFacts, "cases" | "tables" | "controls">,
  structure?: Pick<Structure, "tables" | "leave_out">,
  further: readonly SplitTable[] = [],
): Suspicion[] {
  const tables = [...facts.tables ?? [], ...(structure?.tables ?? []) as SplitTable[], ...further];
  const names = new Set(tables.flatMap(({ rows }) => rows.flatMap((r) => Object.keys(r.repositories))));
  return [...names].sort().flatMap((repository) =>
    HELD_OUT.flatMap((split) => {
      const standings = standingsOf(tables, repository, split);
      if (!standings.some(({ value }) => value > LEAK_LINE)) return [];
      const without = split === "test"
        ? structure?.leave_out.find((r) => r.repository === repository)
        : undefined;
      return [{
        repository,
        split,
        shape: shapeOf(facts.cases.filter((c) => c.repo === repository && c.split === split)),
        standings,
        ...(without ? { left_out: { ranker: FOUND, value: without.left_out } } : {}),
        controls: facts.controls.flatMap(({ name, tables }) =>
          standingsOf(tables, repository, split).filter(({ ranker }) => ranker === name)
        ),
        best: bestOf(standings),
      }];
    })
  );
}

/** A ranker that stands in several tables is the same in all of them. */
function standingsOf(tables: readonly SplitTable[], repository: string, split: Split): Figure[] {
  const found = new Map<string, number>();
  for (const { rows } of tables.filter((t) => t.split === split)) {
    for (const { ranker, repositories } of rows) {
      const value = repositories[repository];
      if (value !== undefined && !found.has(ranker)) found.set(ranker, value);
    }
  }
  return [...found].map(([ranker, value]) => ({ ranker, value }));
}

function bestOf(standings: readonly Figure[]): Suspicion["best"] {
  const best = (which: (ranker: string) => boolean) =>
    standings.filter(({ ranker }) => which(ranker)).sort((a, b) => b.value - a.value)[0];
  const tuned = best((name) => name === FOUND || name === TRAINED),
    untuned = best((name) => BASELINE_NAMES.has(name)),
    paths = best((name) => PATHS_ALONE.includes(name));
  return { ...(tuned ? { tuned } : {}), ...(untuned ? { untuned } : {}), ...(paths ? { paths } : {}) };
}

function shapeOf(cases: readonly Case[]): CaseShape {
  const mean = (of: (c: Case) => number) =>
    aggregate(cases.map((c) => ({ repo: c.repo, commit: c.commit, case_id: c.case_id, value: of(c) })))
      .mean ??
      0;
  const share = (which: (seed: string, expected: Judgment) => boolean) =>
    mean((c) => c.expected.filter((e) => which(c.seed_file, e)).length / c.expected.length);
  const together = (seed: string, { file }: Judgment) => dirname(seed) === dirname(file);
  return {
    cases: cases.length,
    commits: new Set(cases.map((c) => c.commit)).size,
    expected: mean((c) => c.expected.length),
    candidates: mean((c) => c.n_files - 1),
    same_folder: share(together),
    namesakes: share((seed, e) => together(seed, e) && pairStem(seed) === pairStem(e.file)),
    coupled: share((_, { coupling }) => coupling > 0),
  };
}
