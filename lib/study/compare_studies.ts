/** Two studies against each other on the cases they share. */
import { formulaHash } from "../formula/formula_hash.ts";
import { searchSpace } from "../formula/parameters.ts";
import {
  bootstrapDifference,
  bootstrapMean,
  type CaseScore,
  type Interval,
  pairedDifferences,
  signFlipTestOfMacroMean,
} from "../metrics/mod.ts";
import type { Split } from "../records/case.ts";
import { defaultPoint, type Point } from "../records/space.ts";
import type { Formula } from "../formula/document.ts";
import { readStudyFacts } from "./facts.ts";
import { caseScores, splitObjective } from "./objective.ts";
import type { OpenStudy } from "./open.ts";

/** What a study ended at: its trained point, or its defaults. */
export interface StudyEnd {
  readonly formula: Formula;
  readonly point: Point;
  readonly trained: boolean;
}

/** One field in which two studies differ, as short texts. */
export interface ConfigDifference {
  readonly field: string;
  readonly first: string;
  readonly second: string;
}

/** The second study less the first, on shared cases. */
export interface StudyDifference {
  readonly split: Split;
  readonly shared: number;
  /** cases that only one of the two has */
  readonly only_first: number;
  readonly only_second: number;
  readonly first: Interval;
  readonly second: Interval;
  readonly difference: Interval;
  /** sign flips of whole commits, two-sided */
  readonly p: number;
  /** commits by the sign of their difference */
  readonly wins: number;
  readonly losses: number;
  /** by shared case: id, both values, second less first */
  readonly cases: readonly {
    readonly case_id: string;
    readonly first: number;
    readonly second: number;
    readonly difference: number;
  }[];
}

/** Where a study stands now. */
export function studyEnd({ config }: Pick<OpenStudy, "config">): StudyEnd {
  const { trained } = readStudyFacts(config.name);
  if (trained) return { formula: trained.formula, point: trained.params, trained: true };
  return { formula: config.formula, point: defaultPoint(searchSpace(config.formula)), trained: false };
}

/** What two studies were asked differently. Empty: the same questions. */
export function configDifferences(first: OpenStudy, second: OpenStudy): ConfigDifference[] {
  const fields = ({ config }: OpenStudy): Record<string, string> => ({
    repositories: config.repositories.map(({ name, head, role }) => `${name} at ${head.slice(0, 8)}, ${role}`)
      .join("; "),
    query: config.query,
    labels: config.labels,
    formula: `${config.formula.name} ${formulaHash(config.formula).slice(0, 8)}`,
    seed: String(config.seed),
  });
  const [a, b] = [fields(first), fields(second)];
  return Object.keys(a).filter((field) => a[field] !== b[field]).map((field) => ({
    field,
    first: a[field]!,
    second: b[field]!,
  }));
}

/**
 * Compares where two studies ended on the cases of a split that both have, each under its own query mode; labels are the first's.
 *
 * @throws {RangeError} when they share no case, or fewer than two commits
 */
export async function compareStudies(
  first: OpenStudy,
  second: OpenStudy,
  split: Split,
): Promise<StudyDifference> {
  const { labels, seed } = first.config;
  const scores = async (study: OpenStudy): Promise<CaseScore[]> => {
    const { formula, point } = studyEnd(study);
    const objective = splitObjective(study.corpora, { split, mode: study.config.query, labels, formula });
    return caseScores(objective, await objective.values(point));
  };
  const [a, b] = [await scores(first), await scores(second)];
  const inB = new Map(b.map((score) => [score.case_id, score]));
  const left = a.filter(({ case_id }) => inB.has(case_id)),
    right = left.map(({ case_id }) => inB.get(case_id)!);
  if (new Set(left.map(({ repo, commit }) => `${repo} ${commit}`)).size < 2) {
    throw new RangeError(
      `${first.config.name} and ${second.config.name} share ${left.length} ${split} cases: studies of the same repositories at the same heads are wanted`,
    );
  }
  const options = { seed, resamples: 2000 };
  const differences = pairedDifferences(right, left);
  return {
    split,
    shared: left.length,
    only_first: a.length - left.length,
    only_second: b.length - left.length,
    first: bootstrapMean(left, { ...options, stream: `studies/${split}/mean` }),
    second: bootstrapMean(right, { ...options, stream: `studies/${split}/mean` }),
    difference: bootstrapDifference(right, left, { ...options, stream: `studies/${split}/difference` }),
    p: signFlipTestOfMacroMean(differences, options).p,
    ...signs(differences),
    cases: left.map(({ case_id, value }, i) => ({
      case_id,
      first: value!,
      second: right[i]!.value!,
      difference: right[i]!.value! - value!,
    })),
  };
}

function signs(differences: readonly CaseScore[]): { wins: number; losses: number } {
  const commits = [...Map.groupBy(differences, ({ repo, commit }) => `${repo} ${commit}`).values()]
    .map((group) => group.reduce((sum, { value }) => sum + (value ?? 0), 0));
  return { wins: commits.filter((v) => v > 0).length, losses: commits.filter((v) => v < 0).length };
}
