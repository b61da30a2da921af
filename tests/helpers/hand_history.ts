/** Small histories written by hand: a line of commits, each a list of files, ten days apart. */
import type { Change, Commit, History } from "../../lib/repo/log.ts";

/** Days between two commits. */
export const STEP_DAYS = 10;

/** A straight history; `merges` lists positions that are merges and so count nothing. Every file is its own identity, by name. */
export function handHistory(
  rows: readonly (readonly string[])[],
  options: { authors?: readonly string[]; merges?: readonly number[] } = {},
): { history: History; id: (file: string) => number } {
  const file_names = [...new Set(rows.flat())];
  const id = (file: string) => file_names.indexOf(file);
  const commits = rows.map((files, index): Commit => ({
    index,
    sha: `${index}`.padStart(40, "0"),
    parents: index === 0 ? [] : options.merges?.includes(index) ? [index - 1, 0] : [index - 1],
    committed_at_s: 1_000_000_000 + index * STEP_DAYS * 86_400,
    author_name: "",
    author_email: options.authors?.[index] ?? "ada@tea.example",
    subject: "",
    changes: files.map((path): Change => ({
      status: "M",
      path,
      old_path: path,
      old_blob: "",
      new_blob: "",
      file: id(path),
    })),
  }));
  return { history: { commits, file_names }, id };
}
