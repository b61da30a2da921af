/** Working sessions: runs of one author's commits without a long pause. */
import type { Commit } from "../repo/log.ts";

/** A pause longer than this ends a session. Two hours: long enough for lunch, short enough for one train of thought. */
export const SESSION_GAP_S = 2 * 3600;

/**
 * Finds the earlier commits of the session that `commit` belongs to, newest first.
 *
 * Walks the author's commits among `ancestors` backwards from t while each pause is at most `gapS`. t is not included.
 * @param ancestors positions in `commits` of t's ancestors, oldest first
 */
export function earlierInSession(
  commits: readonly Commit[],
  ancestors: ArrayLike<number>,
  commit: Commit,
  gapS: number = SESSION_GAP_S,
): Commit[] {
  const session: Commit[] = [];
  let until = commit.committed_at_s;
  for (let i = ancestors.length - 1; i >= 0; i--) {
    const earlier = commits[ancestors[i]!]!;
    if (earlier.author_email !== commit.author_email) {
      // Times are only roughly ordered; a day beyond the gap nothing of the session can follow.
      if (until - earlier.committed_at_s > gapS + 86400) break;
      continue;
    }
    if (until - earlier.committed_at_s > gapS) break;
    session.push(earlier);
    until = Math.min(until, earlier.committed_at_s);
  }
  return session;
}
