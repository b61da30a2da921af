/** A ranking that failed somebody: where they stood, what they asked, what they needed. Paths only, no content. */
import { z } from "zod";
import { contentHash } from "../base/canonical.ts";
import { INTENTS } from "./case.ts";

const text = z.string().min(1);
/** A path inside a repository: relative, forward slashes, no way out. */
const path = text.max(1000).refine(
  (p) => !p.startsWith("/") && !/^[A-Za-z]:/.test(p) && !p.includes("\\") && !p.split("/").includes(".."),
  "a path from the root of the repository is wanted",
);

/** One filed ranking, a line of `feedback.jsonl`. */
export const Feedback = z.strictObject({
  record: z.literal("feedback/1"),
  /** As {@link feedbackId} gives it */
  id: text,
  /** Repository by name, never by a path of the user's machine */
  repo: text,
  /** Commit that was checked out */
  commit: z.string().regex(/^[0-9a-f]{40}$/),
  /** The focus as typed; "" for none */
  query: z.string().max(4096),
  /** The file they stood in, or else the one the ranking was anchored on */
  seed_file: path,
  chat: z.array(path),
  /** Files that should have ranked high */
  expected: z.array(path).min(1),
  intent: z.enum(INTENTS),
  /** Rank each expected file had, null where it was no candidate; in the order of `expected` */
  ranks: z.array(z.int().min(1).nullable()),
}).refine((f) => f.ranks.length === f.expected.length, {
  path: ["ranks"],
  error: "one rank for each expected file is wanted",
}).refine((f) => !f.expected.includes(f.seed_file), {
  path: ["expected"],
  error: "the seed file cannot be what is looked for",
});
export type Feedback = z.infer<typeof Feedback>;

/** Whether an id is one of a filed ranking, and no commit's. */
export const isFeedbackId = (id: string): boolean => /^u-[0-9a-f]{16}$/.test(id);

/** Id of a filed ranking: "u-" and 16 hexadecimal digits of the hash of what was asked where and what was needed. */
export function feedbackId(
  key: Pick<Feedback, "repo" | "commit" | "query" | "seed_file" | "chat" | "expected">,
): string {
  const { repo, commit, query, seed_file, chat, expected } = key;
  return "u-" +
    contentHash({ repo, commit, query, seed_file, chat, expected: [...expected].sort() }).slice(0, 16);
}
