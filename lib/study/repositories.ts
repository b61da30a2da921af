/** From what a user names (a path, a URL, a corpus) to repositories on this machine. */
import { isAbsolute, join, resolve } from "node:path";
import { simpleGit } from "simple-git";
import { z } from "zod";
import { readJson } from "../base/artefacts.ts";
import { sha256 } from "../base/canonical.ts";
import { DATA_DIR, mirrorsDir } from "../base/paths.ts";
import { openRepository, RepositoryError, runGit } from "../repo/git.ts";
import type { StudyRepository } from "./config.ts";

const Corpora = z.strictObject({
  record: z.literal("corpora/1"),
  source: z.string(),
  corpora: z.record(
    z.string(),
    z.strictObject({
      description: z.string(),
      repositories: z.array(z.strictObject({
        name: z.string(),
        language: z.string(),
        role: z.enum(["development", "lockbox"]),
        max_commits: z.int().positive(),
      })),
    }),
  ),
});

/** Corpora that can be named, as `data/corpora.json` lists them. */
export const CORPORA = ["quick", "curated", "ten"] as const;
export type CorpusName = typeof CORPORA[number];

/** What to open. */
export interface RepositoryRequest {
  /** paths or URLs of development repositories */
  readonly repos: readonly string[];
  /** paths or URLs of repositories kept for one last look */
  readonly lockbox: readonly string[];
  readonly corpus?: CorpusName;
  /** newest commits looked at in each; a corpus brings its own numbers unless this is set */
  readonly maxCommits?: number;
  /** called with the repository, git's stage ("receiving", "resolving", ...) and percent while one is cloned */
  readonly onClone?: (name: string, stage: string, percent: number) => void;
  readonly signal?: AbortSignal;
}

/** Commits looked at when nothing else is said. */
export const DEFAULT_MAX_COMMITS = 500;

const isUrl = (source: string) =>
  /^(?:https?|ssh|git|file):\/\//.test(source) || /^[\w.-]+@[\w.-]+:/.test(source);

/**
 * Opens every repository of a request, cloning URLs into the mirrors folder (bare, whole history) unless they are there already.
 *
 * Clones go through git itself, so `url.<base>.insteadOf` and credentials helpers work.
 * @throws {RepositoryError} when one cannot be cloned or used
 * @throws {RangeError} when two are the same history, or go by the same name
 */
export async function resolveRepositories(request: RepositoryRequest): Promise<StudyRepository[]> {
  const wanted: { source: string; role: "development" | "lockbox"; max_commits: number }[] = [];
  const limit = request.maxCommits ?? DEFAULT_MAX_COMMITS;
  for (const source of request.repos) wanted.push({ source, role: "development", max_commits: limit });
  for (const source of request.lockbox) wanted.push({ source, role: "lockbox", max_commits: limit });
  if (request.corpus) {
    for (
      const entry of readJson(join(DATA_DIR, "corpora.json"), Corpora).corpora[request.corpus]!.repositories
    ) {
      wanted.push({
        source: `https://github.com/${entry.name}`,
        role: entry.role,
        max_commits: request.maxCommits ?? entry.max_commits,
      });
    }
  }
  const found: StudyRepository[] = [];
  for (const { source, role, max_commits } of wanted) {
    const dir = isUrl(source) ? await cloneMirror(source, request) : fromCaller(source);
    const { name, dir: absolute, head } = await openRepository(dir);
    const repository: StudyRepository = { name, source, dir: absolute, head, role, max_commits };
    for (const other of found) refuseTwins(other, repository);
    found.push(repository);
  }
  return found;
}

/** Refuses what would put one history in twice: its commits could then be learned from and judged on at once. */
function refuseTwins(a: StudyRepository, b: StudyRepository): void {
  if (a.head === b.head) {
    throw new RangeError(
      `${a.source} and ${b.source} are the same history at ${
        a.head.slice(0, 12)
      }: name it once, or it would judge what it taught`,
    );
  }
  if (a.name === b.name) {
    throw new RangeError(
      `${a.source} and ${b.source} are both called ${a.name}, and a name tells their cases apart: rename one's folder or its remote "origin"`,
    );
  }
}

/**
 * What simple-git would refuse in the environment: editors, credential helpers, `GIT_CONFIG_COUNT` and the like. The environment is the
 * user's own and the arguments are ours, so git gets it as it would on the command line; that is how mirrors and proxies are set up.
 */
const OWN_ENVIRONMENT = {
  allowUnsafeAlias: true,
  allowUnsafeAskPass: true,
  allowUnsafeCommandBinaries: true,
  allowUnsafeConfigEnvCount: true,
  allowUnsafeConfigPaths: true,
  allowUnsafeCredentialHelper: true,
  allowUnsafeDiffExternal: true,
  allowUnsafeDiffTextConv: true,
  allowUnsafeEditor: true,
  allowUnsafeExec: true,
  allowUnsafeFilter: true,
  allowUnsafeFsMonitor: true,
  allowUnsafeGitProxy: true,
  allowUnsafeGpgProgram: true,
  allowUnsafeHooksPath: true,
  allowUnsafeInclude: true,
  allowUnsafeMergeDriver: true,
  allowUnsafePack: true,
  allowUnsafePager: true,
  allowUnsafeProtocolOverride: true,
  allowUnsafeSshCommand: true,
  allowUnsafeSubmodule: true,
  allowUnsafeTemplateDir: true,
  allowUnsafeUrlRewrite: true,
};

/** A path as the user meant it: `deno task` runs in the checkout and says in INIT_CWD where it was called from. */
function fromCaller(path: string): string {
  const called = Deno.env.get("INIT_CWD");
  return called === undefined || isAbsolute(path) ? path : resolve(called, path);
}

/** Clones a URL, or opens the mirror made of it before: the same owner and name on another host is another mirror. */
async function cloneMirror(url: string, request: RepositoryRequest): Promise<string> {
  const name = url.replace(/\.git\/?$|\/$/, "").split(/[/:]/).slice(-2).join("+");
  let dir = join(mirrorsDir(), name);
  const origin = await originOf(dir);
  if (origin === url) return dir;
  if (origin !== undefined) {
    dir = `${dir}-${sha256(url).slice(0, 8)}`;
    if (await originOf(dir) === url) return dir;
  }
  Deno.mkdirSync(mirrorsDir(), { recursive: true });
  const partial = `${dir}.partial`;
  await removeFolder(partial);
  const environment = { ...Deno.env.toObject(), GIT_TERMINAL_PROMPT: "0", LC_ALL: "C" };
  const git = simpleGit({
    unsafe: OWN_ENVIRONMENT,
    allowEnvironment: Object.keys(environment),
    ...(request.signal ? { abort: request.signal } : {}),
    progress: ({ stage, progress }) => request.onClone?.(name.replace("+", "/"), stage, progress),
  });
  try {
    await git.env(environment).clone(url, partial, [
      "--bare",
    ]);
  } catch (cause) {
    await removeFolder(partial);
    request.signal?.throwIfAborted();
    const reason = (cause as Error).message.trim().split("\n").filter((line) =>
      !line.startsWith("Cloning into")
    ).at(-1);
    throw new RepositoryError(`${url} could not be cloned: ${reason}`, { cause });
  }
  Deno.renameSync(partial, dir);
  return dir;
}

/** The URL a mirror was cloned from, undefined where there is no mirror. */
async function originOf(dir: string): Promise<string | undefined> {
  try {
    Deno.statSync(join(dir, "HEAD"));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
  return (await runGit(dir, ["config", "--default", "", "--get", "remote.origin.url"])).trim();
}

async function removeFolder(dir: string): Promise<void> {
  try {
    await Deno.remove(dir, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
