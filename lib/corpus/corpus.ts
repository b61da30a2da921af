/** A repository's corpus on disk: cases with their labels in one file, snapshots without labels in another. */
import { join } from "node:path";
import { z } from "zod";
import { crc32 } from "node:zlib";
import { readJson, readLines, RecordError, writeJson, writeTextAtomic } from "../base/artefacts.ts";
import { canonicalJson, sha256 } from "../base/canonical.ts";
import { Case } from "../records/case.ts";
import type { SnapshotBlock } from "../records/snapshot.ts";
import { decodeBlock, encodeBlock } from "./block_codec.ts";

/** What an extraction says of itself. Everything here follows from the repository and the options. */
export const CorpusMeta = z.strictObject({
  record: z.literal("corpus/1"),
  repo: z.string(),
  head: z.string(),
  /** hash of head, options and extractor versions */
  key: z.string(),
  /** "feedback": rankings filed by users, train cases all of them */
  role: z.enum(["development", "lockbox", "feedback"]),
  n_commits: z.number(),
  n_window: z.number(),
  n_teaching: z.number(),
  n_cases: z.number(),
  n_case_files: z.number(),
  /** commits dropped, by the first filter met */
  dropped: z.record(z.string(), z.number()),
  /** blobs by how they were read */
  blobs: z.record(z.string(), z.number()),
  /** source files of case commits that were added by them, and all their source files: what no ranking can find */
  n_added: z.number(),
  n_changed: z.number(),
  /** some of the blobs the repository lacked; the corpus is made again once it holds one of them */
  missing: z.array(z.string()),
  /** SHA-256 of cases.jsonl */
  cases_hash: z.string(),
  blocks: z.array(z.strictObject({
    offset: z.number(),
    length: z.number(),
    n_cases: z.number(),
    crc32: z.number(),
  })),
  paths: z.array(z.string()),
});
export type CorpusMeta = z.infer<typeof CorpusMeta>;

/** A corpus ready to be read: cases in memory, snapshot blocks on demand. */
export class Corpus {
  constructor(readonly meta: CorpusMeta, readonly cases: readonly Case[], private readonly file: string) {}

  get nBlocks(): number {
    return this.meta.blocks.length;
  }

  /**
   * Reads one block; its queries are those of `casesOf(i)`, in the same order.
   * @throws {RecordError} when the block is not the one that was written
   */
  read(i: number): SnapshotBlock {
    const { offset, length, crc32: wanted } = this.meta.blocks[i]!;
    const bytes = new Uint8Array(length);
    using handle = Deno.openSync(this.file, { read: true });
    handle.seekSync(offset, Deno.SeekMode.Start);
    for (let at = 0; at < length;) {
      const n = handle.readSync(bytes.subarray(at));
      if (n === null) throw new RecordError(this.file, 1, "cut off: delete its folder and extract again");
      at += n;
    }
    if (crc32(bytes) !== wanted) {
      throw new RecordError(this.file, 1, `block ${i} is damaged: delete its folder and extract again`);
    }
    return decodeBlock(bytes, this.meta.paths);
  }

  /** Cases of one block, in the order of its queries. */
  casesOf(i: number): readonly Case[] {
    let from = 0;
    for (let b = 0; b < i; b++) from += this.meta.blocks[b]!.n_cases;
    return this.cases.slice(from, from + this.meta.blocks[i]!.n_cases);
  }
}

/**
 * Opens the corpus kept in a folder, or undefined when the folder holds none that was finished.
 *
 * @throws {RecordError} when a finished corpus was damaged or cut off since
 */
export function openCorpus(folder: string): Corpus | undefined {
  const metaFile = join(folder, "corpus.json");
  try {
    Deno.statSync(metaFile);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
  const meta = readJson(metaFile, CorpusMeta);
  const casesFile = join(folder, "cases.jsonl"), blocksFile = join(folder, "blocks.bin");
  const { records } = readLines(casesFile, Case);
  const damaged = (file: string, found: string, wanted: string) =>
    new RecordError(file, 1, `${found}, ${wanted} wanted: delete its folder and extract again`);
  if (records.length !== meta.n_cases) {
    throw damaged(casesFile, `${records.length} cases`, `${meta.n_cases}`);
  }
  if (hashOf(records) !== meta.cases_hash) {
    throw damaged(casesFile, "other cases than were written", `those of hash ${meta.cases_hash}`);
  }
  const length = sizeOf(blocksFile), last = meta.blocks.at(-1);
  const whole = last === undefined ? 0 : last.offset + last.length;
  if (length !== whole) throw damaged(blocksFile, `${length} bytes`, `${whole}`);
  return new Corpus(meta, records, blocksFile);
}

const linesOf = (cases: readonly Case[]) => cases.map((c) => canonicalJson(c) + "\n").join("");
const hashOf = (cases: readonly Case[]) => sha256(linesOf(cases));

/** Whether a folder's corpus.json is there and says of its two other files what a new one would. */
function describesSameFiles(
  metaFile: string,
  made: Pick<CorpusMeta, "key" | "cases_hash" | "blocks" | "paths">,
): boolean {
  let there: CorpusMeta;
  try {
    there = readJson(metaFile, CorpusMeta);
  } catch (error) {
    if (error instanceof RecordError) return false;
    throw error;
  }
  const files = ({ key, cases_hash, blocks, paths }: typeof made) =>
    canonicalJson({ key, cases_hash, blocks, paths });
  return files(there) === files(made);
}

/** Size of a file in bytes, 0 for none. */
function sizeOf(file: string): number {
  try {
    return Deno.statSync(file).size;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
}

/**
 * Writes a corpus block by block. Nothing of an older corpus in the folder is touched before {@link CorpusWriter.finish},
 * where `corpus.json` goes first and comes last: a folder without it is a broken attempt.
 */
export class CorpusWriter {
  readonly #handle: Deno.FsFile;
  readonly #temporary: string;
  readonly #paths = new Map<string, number>();
  readonly #blocks: CorpusMeta["blocks"] = [];
  readonly #cases: Case[] = [];
  #offset = 0;

  constructor(private readonly folder: string) {
    Deno.mkdirSync(folder, { recursive: true });
    // A name of its own, since two processes may extract the same repository at once.
    this.#temporary = Deno.makeTempFileSync({ dir: folder, prefix: "blocks-", suffix: ".tmp" });
    this.#handle = Deno.openSync(this.#temporary, { write: true });
  }

  add(block: SnapshotBlock, cases: readonly Case[]): void {
    const bytes = encodeBlock(block, (path) => {
      let id = this.#paths.get(path);
      if (id === undefined) this.#paths.set(path, id = this.#paths.size);
      return id;
    });
    for (let at = 0; at < bytes.length;) at += this.#handle.writeSync(bytes.subarray(at));
    this.#blocks.push({
      offset: this.#offset,
      length: bytes.length,
      n_cases: cases.length,
      crc32: crc32(bytes),
    });
    this.#offset += bytes.length;
    this.#cases.push(...cases);
  }

  /** Ends the corpus and opens it. */
  finish(meta: Omit<CorpusMeta, "record" | "blocks" | "paths" | "n_cases" | "cases_hash">): Corpus {
    this.#handle.syncSync();
    this.#handle.close();
    const metaFile = join(this.folder, "corpus.json"),
      made = {
        record: "corpus/1",
        ...meta,
        n_cases: this.#cases.length,
        cases_hash: hashOf(this.#cases),
        blocks: this.#blocks,
        paths: [...this.#paths.keys()],
      };
    // Another process may have finished the same corpus just now and be reading it: the same files over the same harm nobody.
    if (!describesSameFiles(metaFile, made)) removeIfThere(metaFile);
    Deno.renameSync(this.#temporary, join(this.folder, "blocks.bin"));
    writeTextAtomic(join(this.folder, "cases.jsonl"), linesOf(this.#cases));
    writeJson(metaFile, made);
    return openCorpus(this.folder)!;
  }

  /** Gives up: what was written goes, and an older corpus in the folder stays. */
  abandon(): void {
    this.#handle.close();
    removeIfThere(this.#temporary);
  }
}

function removeIfThere(file: string): void {
  try {
    Deno.removeSync(file);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
