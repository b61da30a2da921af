/** Ascents of a search on the disk as they end: a search that was stopped repeats its path from there and goes on where it was. */
import { z } from "zod";
import { appendLines, readLines, writeTextAtomic } from "../base/artefacts.ts";
import { canonicalJson, sha256 } from "../base/canonical.ts";
import { PointValues } from "../records/evaluation.ts";
import type { Ascent } from "./tune.ts";

/** A line of the file. */
export const RecordedAscent = z.strictObject({
  record: z.literal("ascent/1"),
  /** hash of everything the ascent follows from */
  key: z.string().min(1),
  point: PointValues,
  value: z.number(),
  evaluations: z.int().min(1),
});

/** Ascents by the hash of what they follow from. */
export class RecordedAscents {
  readonly #known = new Map<string, Ascent>();
  /** how many were there when the file was opened */
  readonly recovered: number;

  /**
   * Reads the file, if there is one. A line cut off by a kill is taken away.
   *
   * @param scope whatever all ascents of the search follow from: its cases, the code that scores them
   * @throws {RecordError} for a damaged line
   */
  constructor(readonly file: string, readonly scope: unknown) {
    const { records, truncated } = readLines(file, RecordedAscent, { truncatedTail: "report" });
    if (truncated !== undefined) writeTextAtomic(file, records.map((r) => canonicalJson(r) + "\n").join(""));
    for (const { key, point, value, evaluations } of records) {
      this.#known.set(key, { point, value, evaluations });
    }
    this.recovered = records.length;
  }

  /** What an ascent came to: as it is on the disk, else made now and written there. @param from what it follows from besides the scope */
  of(from: unknown, make: () => Ascent): Ascent {
    const key = sha256(canonicalJson({ scope: this.scope, from }));
    const known = this.#known.get(key);
    if (known) return known;
    const { point, value, evaluations } = make(), made: Ascent = { point, value, evaluations };
    appendLines(this.file, [{ record: "ascent/1", key, ...made } satisfies z.infer<typeof RecordedAscent>]);
    this.#known.set(key, made);
    return made;
  }

  /** Removes the file of a search that came to its end. */
  remove(): void {
    try {
      Deno.removeSync(this.file);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
}
