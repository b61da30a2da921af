/** Filed rankings as training cases: the tree somebody stood in, what they asked, and the files they needed. */
import { join } from "node:path";
import { contentHash } from "../base/canonical.ts";
import { cacheDir } from "../base/paths.ts";
import { caseId, sourceChanges } from "../oracle/cases.ts";
import type { Case } from "../records/case.ts";
import type { Feedback } from "../records/feedback.ts";
import { EXTRACTOR_VERSION } from "../repo/blob_tags.ts";
import { extractTags } from "../repo/extract_tags.ts";
import type { Repository } from "../repo/git.ts";
import { isSourcePath, languageOf, LANGUAGES } from "../repo/languages.ts";
import { identitiesAt, readHistory } from "../repo/log.ts";
import { ObjectReader } from "../repo/objects.ts";
import { recordKey } from "../repo/tag_store.ts";
import { TreeReader } from "../repo/tree.ts";
import { ancestryOf, countActivity, indexHistory } from "./ancestry.ts";
import { assembleBlock } from "./assemble.ts";
import { BLOCK_VERSION } from "./block_codec.ts";
import { type Corpus, CorpusWriter, openCorpus } from "./corpus.ts";
import { ImportResolver } from "./import_graph.ts";
import { PathTable } from "./path_facts.ts";
import { Vocabulary } from "./vocabulary.ts";

/** Weight of a filed case: the most a case can have, for somebody took the trouble. */
export const FEEDBACK_WEIGHT = 2;

/** Version of what is written about such a corpus. */
const LAYOUT = 2;

/** Options of {@link feedbackCorpus}. */
export interface FeedbackCorpusOptions {
  readonly cacheDir?: string;
  readonly signal?: AbortSignal;
}

/**
 * Makes a corpus of the rankings filed for one repository, every case in the train split with {@link FEEDBACK_WEIGHT}.
 *
 * A filed ranking stands at the commit that was checked out: tree and history end there, "now" is that commit's time, the query is its
 * subject. Put beside the repository's own corpus it adds cases under the same repository name, so the macro mean over repositories
 * stays what it was. Filed at commits that the repository does not hold, or with files its tree does not have, a ranking is left
 * out; `meta.dropped` counts both.
 * @returns undefined when none of them is of this repository
 * @throws {GitError | MissingObjectError} as extraction does
 */
export async function feedbackCorpus(
  repo: Repository,
  filed: readonly Feedback[],
  options: FeedbackCorpusOptions = {},
): Promise<Corpus | undefined> {
  const own = filed.filter((f) => f.repo === repo.name).sort((a, b) => a.id < b.id ? -1 : 1);
  if (own.length === 0) return undefined;
  const cache = options.cacheDir ?? cacheDir(), folderName = repo.name.replaceAll("/", "+");
  const key = contentHash({
    head: repo.head,
    ids: own.map(({ id }) => id),
    versions: [EXTRACTOR_VERSION, BLOCK_VERSION, LAYOUT],
    grammars: LANGUAGES.map(recordKey),
  });
  const folder = join(cache, "feedback", `${folderName}-${key.slice(0, 16)}`);
  const kept = openCorpus(folder);
  if (kept?.meta.key === key) return kept;

  const stop = options.signal ? { signal: options.signal } : {};
  const history = await readHistory(repo.dir, repo.head, stop);
  const position = new Map(history.commits.map(({ sha, index }) => [sha, index]));
  const known = own.filter(({ commit }) => position.has(commit));
  const trees = await treesOf(repo.dir, known.map(({ commit }) => commit));
  const vocabulary = new Vocabulary();
  const files = [
    ...new Map([...trees.values()].flat().map((f) => [`${f.blob} ${languageOf(f.path)}`, f])).values(),
  ];
  const chains = files.map(({ path, blob }) => ({ path, language: languageOf(path), shas: [blob] }));
  const tags = await extractTags(repo.dir, chains, { ...stop, cacheDir: join(cache, "tags", folderName) });
  for (const { language, shas: [sha] } of chains) vocabulary.add(sha!, language, tags.get(sha!, language)!);

  const index = indexHistory(history, sourceChanges), paths = new PathTable(), imports = new ImportResolver();
  const writer = new CorpusWriter(folder);
  const meta = { unknown_commit: own.length - known.length, no_rankable_pair: 0 };
  let nCaseFiles = 0, nCases = 0;
  try {
    for (const f of known) {
      options.signal?.throwIfAborted();
      const at = history.commits[position.get(f.commit)!]!, tree = trees.get(f.commit)!;
      const present = new Set(tree.map(({ path }) => path));
      const expected = f.expected.filter((file) => present.has(file));
      if (!present.has(f.seed_file) || expected.length === 0) {
        meta.no_rankable_pair++;
        continue;
      }
      const ancestry = ancestryOf(history, at.index), identity = identitiesAt(history, at.index);
      const case_id = caseId(repo.name, f.id, f.seed_file);
      const block = assembleBlock({
        repo: repo.name,
        commit: f.id,
        parent: f.commit,
        now_s: at.committed_at_s,
        subject: f.query,
        tree,
        vocabulary,
        paths,
        imports,
        index,
        ancestry,
        activity: countActivity(index, ancestry, at.committed_at_s, at.author_email),
        identity,
        session: f.chat.map(identity).filter((id) => id >= 0),
        seeds: [{ case_id, path: f.seed_file }],
      });
      const { jaccard } = block.queries[0]!.sparse;
      const place = new Map(block.snapshot.files.map((file, i) => [file, i]));
      writer.add(block, [
        {
          record: "case/1",
          case_id,
          repo: repo.name,
          commit: f.id,
          parent: f.commit,
          committed_at_s: at.committed_at_s,
          subject: f.query,
          intent: f.intent,
          weight: FEEDBACK_WEIGHT,
          split: "train",
          seed_file: f.seed_file,
          expected: expected.map((file) => {
            const found = jaccard.index.indexOf(place.get(file)!);
            return { file, coupling: found < 0 ? 0 : jaccard.values[found]! };
          }),
          n_added: f.expected.length - expected.length,
          n_files: tree.length,
        } satisfies Case,
      ]);
      nCases++;
      nCaseFiles += tree.length - 1;
    }
  } catch (error) {
    writer.abandon();
    throw error;
  }
  return writer.finish({
    repo: repo.name,
    head: repo.head,
    key,
    role: "feedback",
    n_commits: history.commits.length,
    n_window: own.length,
    n_teaching: nCases,
    n_case_files: nCaseFiles,
    dropped: meta,
    blobs: {},
    missing: [],
    n_added: 0,
    n_changed: 0,
  });
}

async function treesOf(dir: string, commits: readonly string[]) {
  const objects = new ObjectReader(dir);
  try {
    const reader = new TreeReader(objects, isSourcePath);
    const trees = new Map<string, Awaited<ReturnType<TreeReader["list"]>>>();
    for (const commit of new Set(commits)) trees.set(commit, await reader.list(commit));
    return trees;
  } finally {
    objects.close();
  }
}
