/** Cuts the blobs still to be read into jobs of like size for the workers. */
import type { Language } from "./languages.ts";
import type { WorkChain } from "./tag_worker.ts";

/** Successive versions of one file, oldest to newest. The path is for people; the language decides. */
export interface FileChain {
  readonly language: Language | undefined;
  readonly path: string;
  readonly shas: readonly string[];
}

/** Blobs a job holds at most. Small enough that two workers end together, large enough to share one string table. */
const JOB_BLOBS = 32;

/**
 * The blobs of the chains that `isKnown` does not know, each once a language, as jobs, longest chains first.
 *
 * A blob belongs to the first chain that names it; the versions left in a chain keep their order. Chains longer than a
 * job are cut, which costs one whole parse a cut.
 */
export function planJobs(
  chains: readonly FileChain[],
  isKnown: (sha: string, language: Language | undefined) => boolean,
): WorkChain[][] {
  const claimed = new Set<string>();
  const pieces: WorkChain[] = [];
  for (const { language, shas } of chains) {
    const fresh = shas.filter((sha) => {
      const name = `${sha} ${language}`;
      if (claimed.has(name) || isKnown(sha, language)) return false;
      claimed.add(name);
      return true;
    });
    for (let from = 0; from < fresh.length; from += JOB_BLOBS) {
      pieces.push({ language, shas: fresh.slice(from, from + JOB_BLOBS) });
    }
  }
  pieces.sort((a, b) => b.shas.length - a.shas.length);
  const jobs: WorkChain[][] = [];
  let job: WorkChain[] = [], blobs = 0;
  for (const piece of pieces) {
    if (blobs + piece.shas.length > JOB_BLOBS && job.length > 0) {
      jobs.push(job);
      job = [];
      blobs = 0;
    }
    job.push(piece);
    blobs += piece.shas.length;
  }
  if (job.length > 0) jobs.push(job);
  return jobs;
}
