/** Options every study task shares, and the way from them to an open study and its corpora. */
import type { Corpus } from "../corpus/corpus.ts";
import type { Formula } from "../formula/document.ts";
import { LABELS } from "../records/case.ts";
import { QUERY_MODES } from "../records/snapshot.ts";
import { openStudy, readStudy, type StudyConfig, studyDir } from "../study/config.ts";
import { keepFeedback, takeFeedback } from "../study/filed.ts";
import { loadCorpora, studyNameOf } from "../study/open.ts";
import { CORPORA, resolveRepositories } from "../study/repositories.ts";
import { type Invocation, oneOf, type Option, UsageError, wholeNumber } from "./command.ts";
import { readFormula } from "./formula_options.ts";

/** Options that say what a study is about. */
export const STUDY_OPTIONS: Readonly<Record<string, Option>> = {
  repo: {
    type: "string",
    multiple: true,
    value: "PATH|URL",
    help: "repository to learn from, bare ones too",
  },
  lockbox: {
    type: "string",
    multiple: true,
    value: "PATH|URL",
    help: "repository kept aside for one last look",
  },
  corpus: {
    type: "string",
    value: CORPORA.join("|"),
    help: "clone and use the specification's curated repositories",
  },
  study: {
    type: "string",
    value: "NAME",
    help:
      "name of the study's folder under results/; alone: go on with that study, which keeps what it began with",
  },
  "max-commits": {
    type: "string",
    value: "N",
    help: "newest non-merge commits looked at in each repository (500)",
  },
  query: {
    type: "string",
    value: QUERY_MODES.join("|"),
    help: "what a query may use: the seed file, or the commit subject too (seed)",
  },
  labels: {
    type: "string",
    value: LABELS.join("|"),
    help: "relevance: every file of the commit alike, or graded by as-of coupling (binary)",
  },
  formula: {
    type: "string",
    value: "NAME|FILE",
    help: "ranking formula of a new study: a built-in or a JSON file, a study's structure.json too (spec)",
  },
  feedback: {
    type: "boolean",
    help: "take the rankings filed with deno task feedback into the train cases of a new study",
  },
  seed: { type: "string", value: "N", help: "seed of everything random (1)" },
};

const list = (value: unknown): string[] => value === undefined ? [] : value as string[];

/** A bad name is the command line's fault, not the study's. */
function checkStudyName(name: string): void {
  try {
    studyDir(name);
  } catch (cause) {
    throw new UsageError(`--study: ${(cause as Error).message}`, { cause });
  }
}

/** Whether a command line goes on with a study, which then says itself what it is about. */
export function goesOn(values: Invocation["values"]): boolean {
  return values["study"] !== undefined && values["corpus"] === undefined &&
    list(values["repo"]).length === 0 && list(values["lockbox"]).length === 0;
}

/** The formula of the study an invocation is about, which is neither made nor changed. @throws as {@link studyOf} does */
export function formulaOfStudy({ values }: Pick<Invocation, "values">): Formula {
  if (!goesOn(values)) return readFormula(values["formula"] as string | undefined);
  const name = values["study"] as string;
  checkStudyName(name);
  return readStudy(name).formula;
}

/** The study an invocation is about: the one named, or a new one from its repositories. */
export async function studyOf(
  invocation: Invocation,
  defaults: { name?: string; repos?: readonly string[] } = {},
): Promise<StudyConfig> {
  const { values, progress, signal } = invocation;
  const repos = list(values["repo"]), lockbox = list(values["lockbox"]);
  const corpus = values["corpus"] === undefined ? undefined : oneOf(values, "corpus", CORPORA, "quick");
  const given = values["study"] as string | undefined;
  if (given !== undefined) checkStudyName(given);
  const nothingNamed = repos.length === 0 && lockbox.length === 0 && corpus === undefined;
  if (given !== undefined && goesOn(values) && defaults.repos === undefined) {
    for (const name of ["query", "labels", "formula", "feedback", "seed", "max-commits"]) {
      if (values[name] !== undefined) {
        throw new UsageError(
          `--${name} belongs to a study from its start: give --repo as well, and a new --study name`,
        );
      }
    }
    return readStudy(given);
  }
  // Everything that can be wrong with the options is found before a repository is looked at or cloned.
  const options = {
    seed: wholeNumber(values, "seed", 1, 0),
    query: oneOf(values, "query", QUERY_MODES, "seed"),
    labels: oneOf(values, "labels", LABELS, "binary"),
    formula: readFormula(values["formula"] as string | undefined),
  };
  const sources = nothingNamed ? defaults.repos ?? [] : repos;
  if (sources.length === 0 && corpus === undefined) {
    throw new UsageError(
      "no repository: give --repo PATH or URL, --corpus quick, or --study NAME of one that exists",
    );
  }
  const repositories = await resolveRepositories({
    repos: sources,
    lockbox,
    ...(corpus ? { corpus } : {}),
    ...(values["max-commits"] === undefined ? {} : { maxCommits: wholeNumber(values, "max-commits", 500) }),
    onClone: (name, stage, percent) => progress.step(`cloning ${name}, ${stage}`, percent, 100),
    signal,
  });
  const name = given ?? defaults.name ?? studyNameOf(repositories);
  const taken = values["feedback"] === true ? takeFeedback(repositories) : undefined;
  const config = openStudy({
    record: "study/1",
    name,
    repositories,
    ...options,
    ...(taken === undefined ? {} : { feedback: taken.hash }),
  });
  if (taken !== undefined) keepFeedback(name, taken);
  return config;
}

/**
 * Extracts (or opens) every corpus of a study.
 * @throws {TooFewCasesError} when all repositories together teach too little to be split
 * @throws {RangeError} when two repositories share teaching commits
 */
export async function corporaOf(
  config: StudyConfig,
  { progress, signal }: Pick<Invocation, "progress" | "signal">,
): Promise<Corpus[]> {
  return await loadCorpora(config, {
    signal,
    onProgress: (stage, done, total) => progress.step(stage, done, total),
  });
}
