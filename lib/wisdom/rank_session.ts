/** A repository kept open for many rankings: what did not change between two of them is not read again. */
import { z } from "zod";
import { LanguageError } from "../base/language_error.ts";
import { openWorkIndex, type WorkIndex, type WorkIndexOptions } from "../corpus/work_index.ts";
import { WorkSnapshot } from "../corpus/work_snapshot.ts";
import { INTENTS } from "../records/intent.ts";
import type { Wisdom } from "../records/wisdom.ts";
import { answerRanking } from "./rank_answer.ts";

/** Name and version of the protocol, told in the greeting. */
export const RANK_PROTOCOL = "rank/1";

/** A question of the line protocol. */
export const RankLine = z.strictObject({
  /** Handed back with the answer */
  id: z.union([z.string(), z.number()]).optional(),
  focus: z.string().optional(),
  seed_file: z.string().optional(),
  chat: z.array(z.string()).optional(),
  preset: z.string().optional(),
  intent: z.enum(INTENTS).optional(),
  tokens: z.int().min(1).optional(),
  top: z.int().min(1).optional(),
  /** False: answer from the files as they were last seen. Default true: look whether any changed first */
  refresh: z.boolean().optional(),
});

/** How a session is opened. */
export interface SessionOptions extends Pick<WorkIndexOptions, "cacheDir" | "signal" | "onProgress"> {
  /** Unix seconds */
  readonly now: () => number;
}

/** An open repository. Questions are answered one after the other. */
export class RankSession {
  private constructor(
    readonly dir: string,
    readonly wisdom: Wisdom,
    private readonly options: SessionOptions,
    private work: WorkSnapshot,
  ) {}

  /** @throws as `openWorkIndex` does */
  static async open(dir: string, wisdom: Wisdom, options: SessionOptions): Promise<RankSession> {
    const index = await openWorkIndex(dir, indexOptions(options));
    return new RankSession(dir, wisdom, options, new WorkSnapshot(index, options.now()));
  }

  /** What is said first. */
  greeting(): Readonly<Record<string, unknown>> {
    const { index: { tree }, snapshot } = this.work;
    return {
      protocol: RANK_PROTOCOL,
      repo: tree.dir,
      head: tree.head,
      files: snapshot.files.length,
      wisdom: this.wisdom.name,
      presets: this.wisdom.presets.filter(({ kept }) => kept).map(({ name }) => name),
    };
  }

  /**
   * Answers one line: a JSON object of {@link RankLine}. The answer has the question's `id`, and either what `rank --json` gives or
   * `error` with a message and, for a focus outside its grammar, the 1-based column. Nothing the line says is thrown.
   *
   * @throws {GitError | RepositoryError} when the repository is gone or damaged
   */
  async answer(line: string): Promise<Readonly<Record<string, unknown>>> {
    let id: string | number | null = null;
    try {
      const value: unknown = JSON.parse(line);
      const given = (value as { id?: unknown } | null)?.id;
      if (typeof given === "string" || typeof given === "number") id = given;
      const read = RankLine.safeParse(value);
      if (!read.success) return refusal(id, `The question is not understood: ${issuesOf(read.error)}`);
      if (read.data.refresh !== false) await this.refresh();
      return { id, ...answerRanking(this.work, this.wisdom, read.data).json };
    } catch (error) {
      if (error instanceof LanguageError) return refusal(id, error.message, error.column);
      if (error instanceof SyntaxError) return refusal(id, `The line is not JSON: ${error.message}`);
      if (error instanceof RangeError) return refusal(id, error.message);
      throw error;
    }
  }

  /** Looks at the working tree again. A snapshot of the same files is kept for a minute: recency is counted in days. */
  private async refresh(): Promise<void> {
    const { index: before, snapshot } = this.work, now_s = this.options.now();
    const index: WorkIndex = await openWorkIndex(this.dir, { ...indexOptions(this.options), before });
    const same = index.tags === before.tags && index.history === before.history &&
      index.tree.changed.size === before.tree.changed.size;
    if (same && now_s - snapshot.now_s < 60) return;
    this.work = new WorkSnapshot(index, now_s);
  }
}

function indexOptions({ cacheDir, signal, onProgress }: SessionOptions): WorkIndexOptions {
  return {
    ...(cacheDir ? { cacheDir } : {}),
    ...(signal ? { signal } : {}),
    ...(onProgress ? { onProgress } : {}),
  };
}

function refusal(id: string | number | null, message: string, column?: number): Record<string, unknown> {
  return { id, error: { message, ...(column === undefined ? {} : { column }) } };
}

function issuesOf(error: z.ZodError): string {
  return error.issues.map(({ path, message }) => `${path.join(".") || "line"}: ${message}`).join("; ");
}
