/**
 * Writing a study: append-only files under one lock, each append on the disk before it returns.
 *
 * An episode is committed by one line, its own, written last. Everything an episode leaves in other files (insight events,
 * failures, evaluations) is written before, under ids that depend on content alone: after a kill those lines mean nothing to
 * the fold until an episode line names them, and writing them again writes nothing.
 */
import { join } from "node:path";
import { describeIssues, writeJson } from "../base/artefacts.ts";
import { canonicalJson, contentHash } from "../base/canonical.ts";
import type { Manifest } from "../records/manifest.ts";
import { DISK, type Disk, fileLength } from "./disk.ts";
import { MANIFESTS, type RecordFile } from "./files.ts";
import { lockStudy } from "./lock.ts";
import { readRecords } from "./read.ts";
import { recoverTails, type Recovery } from "./recover.ts";

/** Options of {@link openJournal}. */
export interface JournalOptions {
  /** Default the real disk */
  disk?: Disk;
}

/** A study open for writing. */
export interface Journal extends Disposable {
  readonly dir: string;
  /** What opening had to set aside, in file order; empty after an orderly end. Show it to the user. */
  readonly recovered: readonly Recovery[];
  /** Process that died holding the lock, when one did */
  readonly staleHolder: number | undefined;
  /** All records of a file, in line order. The array is the caller's; the records are shared and are not to be changed. */
  read<T extends { readonly id: string }>(file: RecordFile<T>): T[];
  /**
   * Adds records, all in one write, and waits for the disk. A record that already stands there is passed over.
   *
   * @returns how many lines were written
   * @throws {TypeError} for a record that is not of the file's shape, or has a field the shape does not know
   * @throws {RangeError} for an id that stands in the file with other content: history is not rewritten
   * @throws {Error} when the disk refuses; the file is then as it was before
   */
  append<T extends { readonly id: string }>(file: RecordFile<T>, ...records: readonly T[]): number;
  /** Gives the lock back. Further calls throw. Closing twice is harmless. */
  close(): void;
}

/** What is known of one open file: its records, and the content hash of each id. */
interface OpenFile {
  records: { readonly id: string }[];
  hashes: Map<string, string>;
  /** A failed write could not be taken back: another line after it would stand behind half a line */
  broken: boolean;
}

/**
 * Opens a study's folder for writing, made when missing; sets aside the unfinished last line of each of its `.jsonl` files.
 *
 * @throws {LockedError} while somebody else writes the study
 */
export function openJournal(dir: string, options: JournalOptions = {}): Journal {
  const disk = options.disk ?? DISK;
  const lock = lockStudy(dir);
  const files = new Map<string, OpenFile>();
  let open = true;
  let recovered: Recovery[];
  try {
    recovered = recoverTails(dir, disk);
  } catch (error) {
    lock.close();
    throw error;
  }

  function load<T extends { readonly id: string }>(recordFile: RecordFile<T>): OpenFile {
    if (!open) throw new TypeError(`Cannot use the journal of ${dir}: it is closed; open it again`);
    let file = files.get(recordFile.name);
    if (file === undefined) {
      const records = readRecords(dir, recordFile, { tail: "error" });
      file = {
        records,
        hashes: new Map(records.map((record) => [record.id, contentHash(record)])),
        broken: false,
      };
      files.set(recordFile.name, file);
    }
    return file;
  }

  function close() {
    open = false;
    lock.close();
  }

  return {
    dir,
    recovered,
    staleHolder: lock.staleHolder,
    read<T extends { readonly id: string }>(recordFile: RecordFile<T>): T[] {
      // The schema of this very file checked them; another schema under the same name would be the caller's contradiction.
      return load(recordFile).records.slice() as unknown as T[];
    },
    append(recordFile, ...records) {
      const known = load(recordFile);
      const fresh = selectFresh(recordFile, known, records);
      if (fresh.size === 0) return 0;
      if (known.broken) {
        throw new TypeError(
          `Cannot append to ${recordFile.name}: an earlier write failed half-way; open the study again`,
        );
      }
      let seq = known.records.length;
      const lines = [...fresh.values()].map((record) => canonicalJson({ ...record, seq: ++seq }) + "\n");
      appendWhole(disk, join(dir, recordFile.name), lines.join(""), known);
      for (const [hash, record] of fresh) {
        known.records.push(record);
        known.hashes.set(record.id, hash);
      }
      return fresh.size;
    },
    close,
    [Symbol.dispose]: close,
  };
}

/** Those records that are not in the file yet, checked, by content hash and in order. */
function selectFresh<T extends { readonly id: string }>(
  recordFile: RecordFile<T>,
  known: OpenFile,
  records: readonly T[],
): Map<string, T> {
  const fresh = new Map<string, T>(), ids = new Map(known.hashes);
  for (const record of records) {
    const parsed = recordFile.schema.safeParse(record);
    if (!parsed.success) {
      throw new TypeError(
        `Cannot append ${record.id} to ${recordFile.name}: ${describeIssues(parsed.error)}`,
      );
    }
    const hash = contentHash(record);
    if (contentHash(parsed.data) !== hash) {
      throw new TypeError(
        `Cannot append ${record.id} to ${recordFile.name}: it has a field its shape does not know, or one of another form`,
      );
    }
    const before = ids.get(record.id);
    if (before !== undefined && before !== hash) {
      throw new RangeError(
        `Cannot append ${record.id} to ${recordFile.name}: it stands there with other content. ` +
          `The inputs or the code have changed since; start a new study`,
      );
    }
    if (before === undefined) fresh.set(hash, parsed.data);
    ids.set(record.id, hash);
  }
  return fresh;
}

/** Appends text, or leaves the file as it was and says so. */
function appendWhole(disk: Disk, file: string, text: string, known: OpenFile): void {
  const length = fileLength(file);
  try {
    disk.append(file, new TextEncoder().encode(text));
  } catch (cause) {
    let after = "The write was taken back";
    try {
      if (fileLength(file) > length) disk.truncate(file, length);
    } catch {
      known.broken = true;
      after = "Part of the line may be left at its end and will be set aside when the study is opened again";
    }
    throw new Error(
      `Cannot append to ${file}: ${(cause as Error).message}. ${after}; ` +
        `the ${known.records.length} lines before it are safe. Make room and run the command again with --resume`,
      { cause },
    );
  }
}

/** Appends a manifest and makes `manifest.json` the latest one, for eyes and other tools. */
export function recordManifest(journal: Journal, manifest: Manifest): void {
  journal.append(MANIFESTS, manifest);
  writeJson(join(journal.dir, "manifest.json"), manifest);
}
