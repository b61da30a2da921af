/** Tags of all versions of all files of a repository: cached, incremental, on two cores. */
import { TagCache } from "./tag_cache.ts";
import { type FileChain, planJobs } from "./tag_jobs.ts";
import { TagStore } from "./tag_store.ts";
import type { BlobName, TagJob, TagReply, WorkChain } from "./tag_worker.ts";

export type { FileChain } from "./tag_jobs.ts";
export { TagStore } from "./tag_store.ts";

/** How far an extraction is. Counted in blobs, once a language. */
export interface TagProgress {
  readonly done: number;
  readonly total: number;
  /** Of `total`, those the cache held */
  readonly cached: number;
}

/** Options of {@link extractTags}. */
export interface ExtractOptions {
  /** Folder of this repository's cache; nothing is cached without it */
  readonly cacheDir?: string;
  /** Called once before the first blob is read and after each job */
  readonly onProgress?: (progress: TagProgress) => void;
  /** Stops the extraction; what was read until then stays in the cache */
  readonly signal?: AbortSignal;
  /** Threads, at least 1. Default: one a core, at most 2 */
  readonly workers?: number;
}

/**
 * Extracts the tags of every distinct blob of the chains.
 *
 * The store answers `get(sha, language)` for every blob named, missing and unreadable ones included (their status says
 * so). The answer depends on the blobs alone: not on the cache, the number of workers or the chains they came in. A
 * blob at which the parser itself dies is "unparsable", and a fresh thread goes on with the rest.
 *
 * @throws {Error} when git or a grammar fails, with its message; the signal's reason when aborted
 */
export async function extractTags(
  repoDir: string,
  chains: readonly FileChain[],
  options: ExtractOptions = {},
): Promise<TagStore> {
  const { signal, onProgress, cacheDir } = options;
  signal?.throwIfAborted();
  const store = new TagStore();
  const cache = cacheDir === undefined ? undefined : new TagCache(cacheDir);
  for (const segment of cache?.load().segments ?? []) store.add(segment);

  const total = new Set(chains.flatMap((c) => c.shas.map((sha) => `${sha} ${c.language}`))).size;
  const jobs = planJobs(chains, (sha, language) => store.has(sha, language));
  const blobsOf = (job: readonly WorkChain[]) => job.reduce((sum, chain) => sum + chain.shas.length, 0);
  const cached = total - jobs.reduce((sum, job) => sum + blobsOf(job), 0);
  let done = cached;
  onProgress?.({ done, total, cached });

  const cores = Math.min(2, navigator.hardwareConcurrency);
  const threads = Array.from({ length: Math.min(options.workers ?? cores, jobs.length) }, async () => {
    using thread = new TagThread(repoDir, signal);
    for (let job = jobs.shift(); job !== undefined; job = jobs.shift()) {
      const { segment, missing, died } = await thread.extract(job);
      store.add(segment);
      cache?.append([segment]);
      for (const { sha, language } of missing) store.note(sha, language, "missing");
      for (const { sha, language } of died) store.note(sha, language, "unparsable");
      done += blobsOf(job);
      onProgress?.({ done, total, cached });
    }
  });
  try {
    await Promise.all(threads);
  } catch (error) {
    jobs.length = 0;
    throw error;
  }
  return store;
}

interface Extracted {
  readonly segment: Uint8Array;
  readonly missing: readonly BlobName[];
  readonly died: readonly BlobName[];
}

/** One worker and its replacement after a dead parser. */
class TagThread implements Disposable {
  #worker: Worker | undefined;
  #jobs = 0;

  constructor(readonly repoDir: string, readonly signal: AbortSignal | undefined) {}

  /** Runs one job to its end, without the blobs at which the parser dies. */
  async extract(chains: readonly WorkChain[]): Promise<Extracted> {
    const died: BlobName[] = [];
    while (true) {
      const reply = await this.#ask({ id: this.#jobs++, repoDir: this.repoDir, chains });
      if ("error" in reply) {
        throw new Error(`Cannot extract tags from ${this.repoDir}: ${reply.error}`);
      }
      if ("segment" in reply) return { ...reply, died };
      died.push(reply.parserDied);
      chains = chains.map((chain) => without(chain, reply.parserDied));
      this[Symbol.dispose]();
    }
  }

  [Symbol.dispose](): void {
    this.#worker?.terminate();
    this.#worker = undefined;
  }

  #ask(job: TagJob): Promise<TagReply> {
    const worker = this.#worker ??= new Worker(new URL("./tag_worker.ts", import.meta.url), {
      type: "module",
    });
    const { promise, resolve, reject } = Promise.withResolvers<TagReply>();
    const abort = () => reject(this.signal!.reason);
    this.signal?.throwIfAborted();
    this.signal?.addEventListener("abort", abort, { once: true });
    worker.onmessage = ({ data }: MessageEvent<TagReply>) => resolve(data);
    worker.onerror = (event) => {
      event.preventDefault();
      reject(new Error(`Cannot extract tags from ${this.repoDir}: the worker failed: ${event.message}`));
    };
    worker.postMessage(job);
    return promise.finally(() => this.signal?.removeEventListener("abort", abort));
  }
}

function without(chain: WorkChain, { sha, language }: BlobName): WorkChain {
  return chain.language === language
    ? { language, shas: chain.shas.filter((other) => other !== sha) }
    : chain;
}
