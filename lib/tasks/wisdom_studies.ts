/** From the names of studies to their distilled wisdom: what `distill`, `release-wisdom` and `demo` share. */
import { join } from "node:path";
import { readJson, writeJson, writeTextAtomic } from "../base/artefacts.ts";
import { CallJournal, claudeCli, type Model, recorded } from "../claude/mod.ts";
import type { Corpus } from "../corpus/corpus.ts";
import { formulaHash } from "../formula/formula_hash.ts";
import { searchSpace } from "../formula/parameters.ts";
import { defaultPoint } from "../records/space.ts";
import { type Wisdom, Wisdom as WisdomShape, type WisdomSource } from "../records/wisdom.ts";
import { configHash, studyDir } from "../study/config.ts";
import { readStudyFacts, type StudyFacts } from "../study/facts.ts";
import { readStructure, type Structure } from "../study/structure_file.ts";
import { distill, type DistillInput } from "../wisdom/distill.ts";
import { exportMarkdown } from "../wisdom/export_markdown.ts";
import { type HistoryFacts, NO_HISTORY, readHistoryFacts } from "../wisdom/history_facts.ts";
import type { Invocation } from "./command.ts";
import { corporaOf } from "./study_options.ts";

/** Who may draft. */
export const DISTILLERS = ["analyst", "claude", "replay"] as const;
export type Distiller = typeof DISTILLERS[number];

/** Formula and point the wisdom stands on. */
export const WISDOM_BASES = ["trained", "found"] as const;
export type WisdomBase = typeof WISDOM_BASES[number];

/** How studies are distilled. */
export interface DistillStudiesOptions {
  readonly agent: Distiller;
  /** What the wisdom stands on: where training ended, or what structure search found. Default "trained" */
  readonly base?: WisdomBase;
  /** Judge on the repositories kept aside as well */
  readonly openLockbox?: boolean;
  /** Background points of each warning's test; 0 tests none */
  readonly backgrounds?: number;
}

/** Files of a distillation in a study's folder. */
export const WISDOM_FILE = "wisdom.json", WISDOM_PAGE = "wisdom.md";

/** Studies opened together: their files, corpora, and what their histories say at each case. */
export interface OpenStudies {
  readonly studies: readonly StudyFacts[];
  readonly corpora: readonly Corpus[];
  readonly history: (repo: string, parent: string) => HistoryFacts;
}

/**
 * Opens studies that share formula, query and labels.
 *
 * @throws {RangeError} when there is no such study, or the studies do not fit together
 */
export async function openStudies(
  names: readonly string[],
  invocation: Pick<Invocation, "progress" | "signal">,
): Promise<OpenStudies> {
  if (names.length === 0) throw new RangeError("No study is named: name at least one");
  const studies = names.map(readStudyFacts);
  checkAlike(studies);
  const corpora = await corporaOfAll(studies, invocation);
  return { studies, corpora, history: await histories(studies, corpora, invocation.signal) };
}

/**
 * Distils studies that share formula, query and labels, and writes `wisdom.json` and `wisdom.md` into the first one's folder.
 *
 * @throws {RangeError} as {@link openStudies} does, and when none has an episode
 */
export async function distillStudies(
  names: readonly string[],
  invocation: Pick<Invocation, "progress" | "signal">,
  options: DistillStudiesOptions,
  opened?: OpenStudies,
): Promise<{ wisdom: Wisdom; dir: string }> {
  const { studies, corpora, history } = opened ?? await openStudies(names, invocation);
  const first = studies[0]!;
  const { progress, signal } = invocation;
  const found = options.base === "found" ? foundBy(first) : undefined;
  const formula = found?.formula ?? first.trained?.formula ?? first.config.formula;
  const dir = studyDir(first.config.name);
  const best = studies.reduce((a, b) => gainOf(b) > gainOf(a) ? b : a);
  const input: DistillInput = {
    name: names.join("+"),
    agent: options.agent,
    ...modelOf(options.agent, dir, studies),
    scratchpads: studies.map(({ config, scratchpad }) => ({ study: config.name, state: scratchpad })),
    sources: studies.map(sourceOf),
    formula,
    // Nobody's episode led to what a search found.
    tuned: found === undefined ? tunedOf(best, formula) : { params: found.params, episodes: [] },
    query: first.config.query,
    labels: first.config.labels,
    corpora,
    history,
    seed: first.config.seed,
    openLockbox: options.openLockbox ?? false,
    ...(options.backgrounds === undefined ? {} : { backgrounds: options.backgrounds }),
    signal,
    onProgress: (stage, done, total) => progress.step(`distil: ${stage}`, done, total),
  };
  const wisdom = await distill(input);
  writeJson(join(dir, WISDOM_FILE), wisdom);
  writeTextAtomic(join(dir, WISDOM_PAGE), exportMarkdown(wisdom));
  return { wisdom, dir };
}

/** The wisdom a study was distilled to. @throws {RecordError} when it was not distilled yet */
export function readStudyWisdom(name: string): Wisdom {
  return readJson(join(studyDir(name), WISDOM_FILE), WisdomShape);
}

function checkAlike(studies: readonly StudyFacts[]): void {
  const first = studies[0]!;
  const formula = (study: StudyFacts) => formulaHash(study.trained?.formula ?? study.config.formula);
  for (const study of studies.slice(1)) {
    const differing = [
      ...(formula(study) === formula(first) ? [] : ["formula"]),
      ...(study.config.query === first.config.query ? [] : ["query"]),
      ...(study.config.labels === first.config.labels ? [] : ["labels"]),
    ];
    if (differing.length > 0) {
      throw new RangeError(
        `${study.config.name} has another ${
          differing.join(", ")
        } than ${first.config.name}: distil them apart`,
      );
    }
  }
}

/** Corpora of all studies, each repository once. @throws {RangeError} when one stands at two heads */
async function corporaOfAll(
  studies: readonly StudyFacts[],
  invocation: Pick<Invocation, "progress" | "signal">,
): Promise<Corpus[]> {
  const found = new Map<string, Corpus>();
  for (const { config } of studies) {
    for (const corpus of await corporaOf(config, invocation)) {
      const place = `${corpus.meta.repo} ${corpus.meta.role === "feedback" ? "filed" : ""}`;
      const known = found.get(place);
      if (known !== undefined && known.meta.key !== corpus.meta.key) {
        throw new RangeError(
          `${corpus.meta.repo} stands at another head or under other rules in ${config.name}: its splits would mix. ` +
            `Distil that study apart`,
        );
      }
      found.set(place, corpus);
    }
  }
  return [...found.values()];
}

async function histories(
  studies: readonly StudyFacts[],
  corpora: readonly Corpus[],
  signal: AbortSignal,
): Promise<(repo: string, parent: string) => HistoryFacts> {
  const found = new Map<string, Map<string, HistoryFacts>>();
  for (const { config } of studies) {
    for (const repository of config.repositories) {
      const cases = corpora.filter(({ meta }) => meta.repo === repository.name).flatMap((c) => c.cases);
      if (cases.length === 0 || found.has(repository.name)) continue;
      found.set(repository.name, await readHistoryFacts(repository, cases, { signal }));
    }
  }
  return (repo, parent) => found.get(repo)?.get(parent) ?? NO_HISTORY;
}

const gainOf = ({ scratchpad }: StudyFacts): number => scratchpad.best?.gain ?? 0;

/** @throws {RangeError} when no structure search was run on the study */
function foundBy({ config: { name } }: StudyFacts): Structure {
  const found = readStructure(name);
  if (found !== undefined) return found;
  throw new RangeError(
    `No formula was searched for in ${name}: run deno task structure --study ${name} first`,
  );
}

/** Where training ended: the trained point, else the defaults, with the accepted episodes that led there. */
function tunedOf(
  { config, trained, scratchpad }: StudyFacts,
  formula: DistillInput["formula"],
): DistillInput["tuned"] {
  const accepted = scratchpad.episodes.filter(({ decision }) => decision === "accepted");
  if (trained !== null && formulaHash(trained.formula) === formulaHash(formula)) {
    return { params: trained.params, episodes: accepted.map(({ id }) => `${config.name}/${id}`) };
  }
  return { params: defaultPoint(searchSpace(formula)), episodes: [] };
}

/** A study as a record names it. */
export function sourceOf({ config, scratchpad }: StudyFacts): WisdomSource {
  return {
    study: config.name,
    study_hash: configHash(config),
    episodes: scratchpad.episodes.length,
    repositories: config.repositories.map(({ name, head, role }) => ({ name, head, role })),
  };
}

function modelOf(
  agent: Distiller,
  dir: string,
  studies: readonly StudyFacts[],
): { model?: Model; journal?: CallJournal } {
  if (agent === "analyst") return {};
  const notInside = studies.flatMap(({ config }) => config.repositories.map((r) => r.dir));
  const model = recorded(claudeCli({ notInside }), {
    folder: join(dir, "cassettes"),
    mode: agent === "replay" ? "replay" : "record",
  });
  return { model, journal: new CallJournal(dir) };
}
