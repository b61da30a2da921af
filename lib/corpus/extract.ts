/**
 * From a repository to its corpus: history, teaching commits, parent trees, tags, and one block a case commit.
 *
 * A finished corpus is kept under its key and opened again in well under a second.
 */
import { join } from "node:path";
import { RecordError } from "../base/artefacts.ts";
import { contentHash } from "../base/canonical.ts";
import { cacheDir } from "../base/paths.ts";
import type { Case } from "../records/case.ts";
import {
  caseId,
  type ChangeSet,
  changeSet,
  eligibleCommits,
  makeCases,
  type OracleOptions,
  sourceChanges,
} from "../oracle/cases.ts";
import { earlierInSession } from "../oracle/sessions.ts";
import { DEFAULT_SHARES, type Role, splitCommits, type SplitShares } from "../oracle/split.ts";
import { EXTRACTOR_VERSION } from "../repo/blob_tags.ts";
import { extractTags, type FileChain } from "../repo/extract_tags.ts";
import type { Repository } from "../repo/git.ts";
import { isSourcePath, languageOf, LANGUAGES } from "../repo/languages.ts";
import { type Commit, identitiesAt, readHistory } from "../repo/log.ts";
import { ObjectReader } from "../repo/objects.ts";
import { recordKey } from "../repo/tag_store.ts";
import { type TreeFile, TreeReader } from "../repo/tree.ts";
import { ancestryOf, countActivity, indexHistory } from "./ancestry.ts";
import { assembleBlock } from "./assemble.ts";
import { BLOCK_VERSION } from "./block_codec.ts";
import { type Corpus, CorpusWriter, openCorpus } from "./corpus.ts";
import { ImportResolver } from "./import_graph.ts";
import { PathTable } from "./path_facts.ts";
import { Vocabulary } from "./vocabulary.ts";

/** Version of the oracle's rules: filters, weights, splits. Raise it when a rule changes a case. */
export const ORACLE_VERSION = 2;

/** Missing blobs a corpus remembers, to see whether the repository holds them by now. */
const MISSING_KEPT = 20;

/** A stage of the extraction and how far it is. `total` is 0 while unknown. */
export type ExtractProgress = (
  stage: "history" | "trees" | "tags" | "snapshots",
  done: number,
  total: number,
) => void;

/** Options of {@link extractCorpus}. */
export interface ExtractOptions extends OracleOptions {
  /** what the repository is for */
  readonly role: Role;
  /** default DEFAULT_SHARES */
  readonly shares?: SplitShares;
  /** make it again although a finished corpus is there; default false */
  readonly fresh?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: ExtractProgress;
  /** where tags and corpora are kept; default `cacheDir()` of base/paths.ts */
  readonly cacheDir?: string;
}

/** A study whose histories teach too little to say anything. Thrown by who measures: one poor repository among rich ones is none. */
export class TooFewCasesError extends Error {
  override name = "TooFewCasesError";
  constructor(readonly repo: string, readonly nCases: number, detail: string) {
    super(`${repo} gives ${nCases} cases: ${detail}`);
  }
}

/**
 * Extracts a repository's corpus, or opens the one already made from the same commit by the same rules.
 *
 * A kept corpus whose cases are damaged or whose blocks are cut off is made again, as is one made while the repository lacked blobs it
 * holds now; a damaged byte inside a block is found when the block is read. An extraction that was stopped leaves the tags read so far,
 * which the next one starts from.
 *
 * A history that teaches nothing gives an empty corpus, whose `meta.dropped` says why.
 * @throws {MissingObjectError} when a tree is not in the repository; missing blobs are counted instead, in `meta.blobs`
 * @throws {GitError} when git fails
 */
export async function extractCorpus(repo: Repository, options: ExtractOptions): Promise<Corpus> {
  const { maxCommits = 500, minFiles = 2, maxFiles = 12, shares = DEFAULT_SHARES, role } = options;
  const key = contentHash({
    head: repo.head,
    repo: repo.name,
    rules: { maxCommits, minFiles, maxFiles, shares, role },
    versions: [ORACLE_VERSION, EXTRACTOR_VERSION, BLOCK_VERSION],
    grammars: LANGUAGES.map(recordKey),
  });
  const cache = options.cacheDir ?? cacheDir(), folderName = repo.name.replaceAll("/", "+");
  const folder = join(cache, "corpora", `${folderName}-${key.slice(0, 16)}`);
  const kept = options.fresh ? undefined : openIfSound(folder);
  if (kept && kept.meta.key === key && !(await holdsAny(repo.dir, kept.meta.missing))) return kept;

  const progress = options.onProgress ?? (() => {});
  const stop = () => options.signal?.throwIfAborted();
  const history = await readHistory(repo.dir, repo.head, {
    ...(options.signal ? { signal: options.signal } : {}),
    onProgress: (n) => progress("history", n, 0),
  });
  progress("history", history.commits.length, history.commits.length);
  const eligible = eligibleCommits(history, { maxCommits, minFiles, maxFiles });

  const teaching: { commit: Commit; parent: Commit; tree: TreeFile[]; changes: ChangeSet }[] = [];
  const objects = new ObjectReader(repo.dir);
  try {
    const trees = new TreeReader(objects, isSourcePath);
    for (const [i, commit] of eligible.commits.entries()) {
      stop();
      if (commit.parents.length === 0) continue;
      const parent = history.commits[commit.parents[0]!]!;
      const tree = await trees.list(parent.sha);
      const present = new Set(tree.map((f) => f.path));
      const changes = changeSet(commit, (path) => present.has(path));
      if (changes.seeds.length > 0 && changes.targets.length > 1) {
        teaching.push({ commit, parent, tree, changes });
      }
      if (i % 50 === 0) progress("trees", i, eligible.commits.length);
    }
    progress("trees", eligible.commits.length, eligible.commits.length);
  } finally {
    objects.close();
  }

  const splits = splitCommits(teaching.map((t) => t.commit.sha), role, shares);
  const chains = blobChains(teaching.map((t) => t.tree));
  const vocabulary = new Vocabulary();
  const blobs: Record<string, number> = {}, missing: string[] = [];
  const tags = await extractTags(repo.dir, chains, {
    ...(options.signal ? { signal: options.signal } : {}),
    cacheDir: join(cache, "tags", folderName),
    onProgress: ({ done, total }) => progress("tags", done, total),
  });
  for (const { language, shas } of chains) {
    for (const sha of shas) {
      const read = tags.get(sha, language)!;
      blobs[read.parsed] = (blobs[read.parsed] ?? 0) + 1;
      if (read.parsed === "missing" && missing.length < MISSING_KEPT) missing.push(sha);
      vocabulary.add(sha, language, read);
    }
  }

  const index = indexHistory(history, sourceChanges);
  const paths = new PathTable(), imports = new ImportResolver();
  const writer = new CorpusWriter(folder);
  let n_case_files = 0, n_added = 0, n_changed = 0;
  try {
    for (const [i, { commit, parent, tree, changes }] of teaching.entries()) {
      stop();
      const ancestry = ancestryOf(history, parent.index);
      const activity = countActivity(index, ancestry, commit.committed_at_s, commit.author_email);
      const session = new Set<number>();
      for (const earlier of earlierInSession(history.commits, ancestry.line, commit)) {
        for (const file of index.touched(earlier.index)) session.add(file);
      }
      const block = assembleBlock({
        repo: repo.name,
        commit: commit.sha,
        parent: parent.sha,
        now_s: commit.committed_at_s,
        subject: commit.subject,
        tree,
        vocabulary,
        paths,
        imports,
        index,
        ancestry,
        activity,
        identity: identitiesAt(history, parent.index),
        session: [...session],
        seeds: changes.seeds.map((path) => ({ case_id: caseId(repo.name, commit.sha, path), path })),
      });
      const byseed = new Map(block.queries.map((q) => [block.snapshot.files[q.seed]!, q]));
      const position = new Map(block.snapshot.files.map((f, k) => [f, k]));
      const cases: Case[] = makeCases(commit, changes, {
        repo: repo.name,
        parent: parent.sha,
        split: splits.get(commit.sha)!,
        nFiles: tree.length,
        coupling: (seed, target) => {
          const { index: at, values } = byseed.get(seed)!.sparse.jaccard;
          const found = at.indexOf(position.get(target)!);
          return found < 0 ? 0 : values[found]!;
        },
      });
      writer.add(block, cases);
      n_case_files += cases.length * (tree.length - 1);
      n_added += changes.nAdded;
      n_changed += changes.nAdded + changes.targets.length;
      if (i % 10 === 0) {
        progress("snapshots", i, teaching.length);
        await new Promise((resolve) => setTimeout(resolve));
      }
    }
  } catch (error) {
    writer.abandon();
    throw error;
  }
  progress("snapshots", teaching.length, teaching.length);
  return writer.finish({
    repo: repo.name,
    head: repo.head,
    key,
    role,
    n_commits: history.commits.length,
    n_window: eligible.nWindow,
    n_teaching: teaching.length,
    n_case_files,
    dropped: { ...eligible.dropped, no_rankable_pair: eligible.commits.length - teaching.length },
    blobs,
    missing,
    n_added,
    n_changed,
  });
}

/** The finished corpus of a folder; none when it is damaged, since it can be made again. */
function openIfSound(folder: string): Corpus | undefined {
  try {
    return openCorpus(folder);
  } catch (error) {
    if (error instanceof RecordError) return undefined;
    throw error;
  }
}

/** Whether a repository holds any of some objects. */
async function holdsAny(dir: string, shas: readonly string[]): Promise<boolean> {
  if (shas.length === 0) return false;
  const objects = new ObjectReader(dir);
  try {
    const found = await Promise.all(shas.map((sha) => objects.read(sha)));
    return found.some((object) => object !== "missing");
  } finally {
    objects.close();
  }
}

/** Groups the blobs of many trees into version chains, one a path, oldest first: neighbours differ little and parse fast. */
function blobChains(trees: readonly (readonly TreeFile[])[]): FileChain[] {
  const chains = new Map<string, string[]>();
  const seen = new Set<string>();
  for (const tree of trees) {
    for (const { path, blob } of tree) {
      const name = `${blob} ${languageOf(path)}`;
      if (seen.has(name)) continue;
      seen.add(name);
      const chain = chains.get(path);
      if (chain) chain.push(blob);
      else chains.set(path, [blob]);
    }
  }
  return [...chains].map(([path, shas]) => ({ path, language: languageOf(path), shas }));
}
