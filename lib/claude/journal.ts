/** The written account of every attempt: one line each, with prompt and reply in files named by their hash. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { appendLines, readLines, writeTextAtomic } from "../base/artefacts.ts";
import { sha256 } from "../base/canonical.ts";
import { type Attempt, CALL_RECORD, type CallRecord } from "../records/call.ts";
import type { ModelRequest } from "./model.ts";
import { redactSecrets } from "./redact.ts";

/** One call that is being written down. */
export interface JournalEntry {
  /** Writes attempt number `number` (from 1). An attempt that was played back and is already written is not doubled. */
  write(attempt: Attempt, number: number, reply: string | null, replayed: boolean): void;
}

/**
 * `calls.jsonl` and the folder `calls/` of a study.
 *
 * The line is on the disk, fsynced, when `write` returns, and after the files it names. A line cut off by a crash is set
 * aside on opening: the attempt it told of is played back from its recording and written again.
 */
export class CallJournal {
  readonly #records: CallRecord[];
  readonly #written = new Set<string>();
  readonly #since: CallRecord[] = [];
  readonly #asked = new Map<string, number>();
  readonly #lines: string;
  /** Text of a last line that was cut off, or undefined */
  readonly truncated: string | undefined;

  /** @throws {RecordError} when a line other than the last is damaged */
  constructor(private readonly folder: string) {
    this.#lines = join(folder, "calls.jsonl");
    const found = readLines(this.#lines, CALL_RECORD, { truncatedTail: "report" });
    this.#records = found.records;
    this.truncated = found.truncated;
    if (found.truncated !== undefined) {
      writeTextAtomic(join(folder, "calls.cut.txt"), found.truncated);
      const whole = Deno.readTextFileSync(this.#lines);
      writeTextAtomic(this.#lines, whole.slice(0, whole.lastIndexOf("\n") + 1));
    }
    this.#records.forEach((record) => this.#written.add(identityOf(record)));
  }

  /** Every line, those of earlier runs included. */
  get records(): readonly CallRecord[] {
    return this.#records;
  }

  /**
   * Attempts of an episode that this journal was told of since it was opened, played-back ones that were already written included. What an
   * earlier run paid for and was interrupted in is not among them: it led to nothing.
   */
  since(episode: number): CallRecord[] {
    return this.#since.filter((record) => record.episode === episode);
  }

  /** Attempts that were really made, for opening a budget with what was spent before. */
  attempts(): Attempt[] {
    return this.#records.filter((record) => !record.replayed);
  }

  /** Begins one call; how often this prompt was asked before in this episode is counted here. */
  open(backend: string, request: ModelRequest): JournalEntry {
    const prompt = redactSecrets(request.prompt.toWellFormed());
    const system = redactSecrets(request.system.toWellFormed());
    const prompt_hash = this.#keep(prompt), system_hash = this.#keep(system);
    const episode = request.episode ?? null;
    const slot = `${prompt_hash}/${episode}`;
    const ordinal = this.#asked.get(slot) ?? 0;
    this.#asked.set(slot, ordinal + 1);
    return {
      write: (attempt, number, reply, replayed) => {
        const record: CallRecord = CALL_RECORD.parse({
          ...attempt,
          record: "call/1",
          backend,
          label: request.label,
          episode,
          ordinal,
          attempt: number,
          prompt_hash,
          prompt_bytes: new TextEncoder().encode(prompt).length,
          system_hash,
          reply_hash: reply === null ? null : this.#keep(reply.toWellFormed()),
          replayed,
        });
        this.#since.push(record);
        if (replayed && this.#written.has(identityOf(record))) return;
        appendLines(this.#lines, [record]);
        this.#records.push(record);
        this.#written.add(identityOf(record));
      },
    };
  }

  /** The text of a hash that a line names. @throws {Deno.errors.NotFound} when the file is gone */
  read(hash: string): string {
    return Deno.readTextFileSync(join(this.folder, "calls", `${hash}.txt`));
  }

  #keep(text: string): string {
    const hash = sha256(text), file = join(this.folder, "calls", `${hash}.txt`);
    if (!existsSync(file)) writeTextAtomic(file, text);
    return hash;
  }
}

function identityOf(record: CallRecord): string {
  return [record.prompt_hash, record.episode, record.ordinal, record.attempt, record.outcome].join("/");
}
