/** A repository's corpus on disk: cases with their labels in one file, snapshots without labels in another. */
import { join } from "node:path";
import { z } from "zod";
import { appendLines, readJson, readLines, writeJson } from "../base/artefacts.ts";
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
  role: z.enum(["development", "lockbox"]),
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
  blocks: z.array(z.strictObject({ offset: z.number(), length: z.number(), n_cases: z.number() })),
  paths: z.array(z.string()),
});
export type CorpusMeta = z.infer<typeof CorpusMeta>;

/** A corpus ready to be read: cases in memory, snapshot blocks on demand. */
export class Corpus {
  constructor(readonly meta: CorpusMeta, readonly cases: readonly Case[], private readonly file: string) {}

  get nBlocks(): number {
    return this.meta.blocks.length;
  }

  /** Reads one block; its queries are those of `casesOf(i)`, in the same order. */
  read(i: number): SnapshotBlock {
    const { offset, length } = this.meta.blocks[i]!;
    const bytes = new Uint8Array(length);
    using handle = Deno.openSync(this.file, { read: true });
    handle.seekSync(offset, Deno.SeekMode.Start);
    for (let at = 0; at < length;) {
      const n = handle.readSync(bytes.subarray(at));
      if (n === null) throw new SyntaxError(`${this.file} is cut off: delete its folder and extract again`);
      at += n;
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

/** Opens the corpus kept in a folder, or undefined when the folder holds none that is whole. */
export function openCorpus(folder: string): Corpus | undefined {
  const metaFile = join(folder, "corpus.json");
  try {
    Deno.statSync(metaFile);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
  const meta = readJson(metaFile, CorpusMeta);
  const { records } = readLines(join(folder, "cases.jsonl"), Case);
  return new Corpus(meta, records, join(folder, "blocks.bin"));
}

/** Writes a corpus block by block; `corpus.json` comes last, so a folder without it is a broken attempt. */
export class CorpusWriter {
  readonly #handle: Deno.FsFile;
  readonly #paths = new Map<string, number>();
  readonly #blocks: CorpusMeta["blocks"] = [];
  readonly #cases: Case[] = [];
  #offset = 0;

  constructor(private readonly folder: string) {
    Deno.mkdirSync(folder, { recursive: true });
    for (const name of ["corpus.json", "cases.jsonl"]) removeIfThere(join(folder, name));
    this.#handle = Deno.openSync(join(folder, "blocks.bin"), { write: true, create: true, truncate: true });
  }

  add(block: SnapshotBlock, cases: readonly Case[]): void {
    const bytes = encodeBlock(block, (path) => {
      let id = this.#paths.get(path);
      if (id === undefined) this.#paths.set(path, id = this.#paths.size);
      return id;
    });
    for (let at = 0; at < bytes.length;) at += this.#handle.writeSync(bytes.subarray(at));
    this.#blocks.push({ offset: this.#offset, length: bytes.length, n_cases: cases.length });
    this.#offset += bytes.length;
    this.#cases.push(...cases);
  }

  /** Ends the corpus and opens it. */
  finish(meta: Omit<CorpusMeta, "record" | "blocks" | "paths" | "n_cases">): Corpus {
    this.#handle.syncSync();
    this.#handle.close();
    appendLines(join(this.folder, "cases.jsonl"), this.#cases);
    writeJson(join(this.folder, "corpus.json"), {
      record: "corpus/1",
      ...meta,
      n_cases: this.#cases.length,
      blocks: this.#blocks,
      paths: [...this.#paths.keys()],
    });
    return openCorpus(this.folder)!;
  }

  /** Gives up: closes the file and leaves no `corpus.json`. */
  abandon(): void {
    this.#handle.close();
  }
}

function removeIfThere(file: string): void {
  try {
    Deno.removeSync(file);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
