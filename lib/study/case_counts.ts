/** How many cases there are of each kind. */
import type { Case } from "../records/case.ts";

/** One kind. */
export interface CaseCount {
  readonly kind: string;
  readonly cases: number;
  readonly commits: number;
  /** of all cases given, in [0, 1] */
  readonly share: number;
}

/** Counts cases and their commits by a key, the most frequent first, equals by name. */
export function counts(cases: readonly Case[], key: (c: Case) => string): CaseCount[] {
  return [...Map.groupBy(cases, key)].map(([kind, group]) => ({
    kind,
    cases: group.length,
    commits: new Set(group.map((c) => `${c.repo} ${c.commit}`)).size,
    share: group.length / cases.length,
  })).sort((a, b) => b.cases - a.cases || (a.kind < b.kind ? -1 : 1));
}
