/** From what a study is about to its corpora in memory: the one way in for notebooks, trials and tasks. */
import type { Corpus } from "../corpus/corpus.ts";
import { extractCorpus, TooFewCasesError } from "../corpus/extract.ts";
import { minimalDetectableDifference } from "../metrics/power.ts";
import type { LabelKind } from "../records/case.ts";
import type { QueryMode } from "../records/snapshot.ts";
import { openRepository, type Repository } from "../repo/git.ts";
import { openStudy, readStudy, type StudyConfig, studyDir, type StudyRepository } from "./config.ts";
import { checkDisjoint } from "./disjoint.ts";
import { filedCorpora } from "./filed.ts";
import { formulaNamed } from "./formula_file.ts";
import { resolveRepositories } from "./repositories.ts";
import { SAMPLE_STUDY, sampleRepository } from "./sample_repository.ts";

/** A study with its corpora loaded. */
export interface OpenStudy {
  readonly config: StudyConfig;
  /** its folder under the results folder */
  readonly dir: string;
  readonly corpora: readonly Corpus[];
}

/** How a long opening is watched and stopped. */
export interface Watch {
  readonly signal?: AbortSignal | undefined;
  /** what is going on, how far it is, and of how much; 0 while that is unknown */
  readonly onProgress?: ((stage: string, done: number, total: number) => void) | undefined;
}

/** What to open. Everything left out has the default a task has. */
export interface StudyRequest extends Watch {
  /** path or URL of a git repository; "" means the study named, and without one the generated sample */
  readonly repo?: string;
  /** name of the study; "" names it after its repository */
  readonly study?: string;
  /** what a study that is not named is for: "arms" names it "sample-arms", so that what is written there stands apart */
  readonly purpose?: string;
  readonly maxCommits?: number;
  readonly query?: QueryMode;
  readonly labels?: LabelKind;
  /** a built-in's name or a file, as {@link namedFormula} reads it */
  readonly formula?: string;
  readonly seed?: number;
}

/**
 * Opens a study: the one named, the one of a repository (made at the first call), or that of the generated sample.
 *
 * The same request as a task's opens the same study, so a notebook and a batch run share folder, cases and numbers. Opening writes the
 * study's configuration and the caches, nothing else; any number of processes may do it at once.
 * @throws {RangeError} when there is no such study, or one of that name is about something else
 * @throws {RepositoryError} when the repository cannot be used
 * @throws {TooFewCasesError} when the history teaches too little
 */
export async function openStudyFor(request: StudyRequest = {}): Promise<OpenStudy> {
  const { repo = "", study = "" } = request;
  const config = repo === "" && study !== "" && study !== SAMPLE_STUDY
    ? readStudy(study)
    : await configure(request);
  return { config, dir: studyDir(config.name), corpora: await loadCorpora(config, request) };
}

async function configure(request: StudyRequest): Promise<StudyConfig> {
  const { repo = "", study = "", maxCommits, signal, onProgress } = request;
  const repositories = await resolveRepositories({
    repos: [repo === "" ? await sampleRepository() : repo],
    lockbox: [],
    ...(maxCommits === undefined ? {} : { maxCommits }),
    onClone: (name, stage, percent) => onProgress?.(`cloning ${name}, ${stage}`, percent, 100),
    ...(signal ? { signal } : {}),
  });
  const own = repo === "" ? SAMPLE_STUDY : studyNameOf(repositories);
  return openStudy({
    record: "study/1",
    name: study !== "" ? study : request.purpose === undefined ? own : `${own}-${request.purpose}`,
    repositories,
    seed: request.seed ?? 1,
    query: request.query ?? "seed",
    labels: request.labels ?? "binary",
    formula: formulaNamed(request.formula),
  });
}

/** The name a study takes from its repositories when it is given none. */
export function studyNameOf(repositories: readonly StudyRepository[]): string {
  const short = repositories.map(({ name }) =>
    name.split("/").at(-1)!.toLowerCase().replace(/[^a-z0-9._-]/g, "-")
  );
  return short.length <= 3 ? short.join("-") : `${short.slice(0, 2).join("-")}-and-${short.length - 2}-more`;
}

/**
 * Extracts (or opens) every corpus of a study, those of filed rankings last where it took any in.
 * @throws {TooFewCasesError} when all repositories together teach too little to be split
 */
export async function loadCorpora(
  config: StudyConfig,
  { signal, onProgress }: Watch = {},
): Promise<Corpus[]> {
  const corpora: Corpus[] = [], teaching: Repository[] = [];
  for (const { name, dir, head, role, max_commits } of config.repositories) {
    signal?.throwIfAborted();
    const repository: Repository = { ...await openRepository(dir, head), name, head };
    if (role === "development") teaching.push(repository);
    corpora.push(
      await extractCorpus(repository, {
        role,
        maxCommits: max_commits,
        ...(signal ? { signal } : {}),
        onProgress: (stage, done, total) => onProgress?.(`${name}: ${stage}`, done, total),
      }),
    );
  }
  checkDisjoint(corpora);
  checkEnough(config, corpora);
  // After the checks: filed rankings are no commits, and cannot make up for too few of them.
  return [...corpora, ...await filedCorpora(config, teaching, signal ? { signal } : {})];
}

/** Fewest teaching commits a study needs before its splits mean anything. */
const FEWEST_COMMITS = 8;

function checkEnough(config: StudyConfig, corpora: readonly Corpus[]): void {
  const commits = corpora.reduce((n, c) => n + c.meta.n_teaching, 0),
    cases = corpora.reduce((n, c) => n + c.meta.n_cases, 0);
  if (commits >= FEWEST_COMMITS) return;
  const names = config.repositories.map((r) => r.name).join(", ");
  const dropped = corpora.flatMap((c) => Object.entries(c.meta.dropped)).filter(([, n]) => n > 0)
    .map(([why, n]) => `${n} ${why.replaceAll("_", " ")}`);
  const detectable = commits < 2
    ? "nothing"
    : `only differences above ${minimalDetectableDifference(commits, { sd: 0.25 }).toFixed(2)} in nDCG@10`;
  throw new TooFewCasesError(
    names,
    cases,
    `${commits} teaching commits, at least ${FEWEST_COMMITS} are wanted (${detectable} could be told from chance). ` +
      `Dropped: ${dropped.join(", ") || "none"}. Raise --max-commits or add another --repo`,
  );
}
