/** What the focus algebra needs to know about a repository, and its answers about single files. */
import type { Refinement } from "./focus_expression.ts";
import { baseName, matchGlob } from "./match_path.ts";

/** A symbol and where it is defined. */
export interface FocusSymbol {
  readonly name: string;
  /** Defining files; `score` in (0, 1] says how much the file stands for the symbol (1 when in doubt) */
  readonly files: readonly { readonly node: number; readonly score: number }[];
}

/** A repository as of one commit. Files are the nodes 0 .. paths.length - 1; everything is as of that commit. */
export interface FocusWorld {
  /** Repository-relative, `/`-separated, one a node */
  readonly paths: readonly string[];
  readonly symbols: readonly FocusSymbol[];
  /** Nodes joined to a node by references in either direction. A link told by one end holds for both. */
  neighbours(node: number): Iterable<number>;
  /** Days from the last commit that touched the file to the world's commit; undefined without history */
  recencyDays(node: number): number | undefined;
  /** Commits that touched the file */
  churn(node: number): number;
  isTest(node: number): boolean;
}

/** Numbers an expression may leave unsaid. */
export interface FocusOptions {
  /** Share of a weight that survives one hop, in (0, 1]. Default 0.5, the spec's `focus_decay` */
  readonly decay?: number;
  /** `% recent` without a number. Default 30, the spec's `git_recency_decay_days` */
  readonly recent_days?: number;
  /** `% churned` without a number. Default 10, the spec's `git_churn_threshold` */
  readonly churned_commits?: number;
}

/** Extensions of each language a user may name in `% lang:`; a name that is not here is itself an extension. */
export const LANGUAGE_EXTENSIONS: Readonly<Record<string, readonly string[]>> = {
  c: ["c", "h"],
  "c#": ["cs"],
  "c++": ["cc", "cpp", "cxx", "h", "hh", "hpp", "hxx"],
  csharp: ["cs"],
  cpp: ["cc", "cpp", "cxx", "h", "hh", "hpp", "hxx"],
  go: ["go"],
  java: ["java"],
  javascript: ["js", "jsx", "mjs", "cjs"],
  kotlin: ["kt", "kts"],
  php: ["php"],
  python: ["py", "pyi"],
  ruby: ["rb"],
  rust: ["rs"],
  scala: ["scala"],
  swift: ["swift"],
  typescript: ["ts", "tsx", "mts", "cts"],
};

const SOURCE_EXTENSIONS: ReadonlySet<string> = new Set(Object.values(LANGUAGE_EXTENSIONS).flat());

/**
 * Whether a file passes a filter. Filters are crisp: a file keeps its weight or loses all of it.
 *
 * - `recent`: its last commit lies at most so many days back; never without history
 * - `churned`: at least so many commits touched it
 * - `tests`: it is a test. `source`: it is none and has the extension of a known language
 * - `lang`: it has one of the language's extensions. `path`: the glob covers it (see `matchGlob`)
 */
export function passes(
  world: FocusWorld,
  node: number,
  filter: Exclude<Refinement, { kind: "hops" }>,
  options: Required<FocusOptions>,
): boolean {
  const path = world.paths[node]!;
  switch (filter.kind) {
    case "recent":
      return (world.recencyDays(node) ?? Infinity) <= (filter.days ?? options.recent_days);
    case "churned":
      return world.churn(node) >= (filter.commits ?? options.churned_commits);
    case "tests":
      return world.isTest(node);
    case "source":
      return !world.isTest(node) && SOURCE_EXTENSIONS.has(extension(path));
    case "lang": {
      const known = Object.hasOwn(LANGUAGE_EXTENSIONS, filter.language);
      const wanted = known ? LANGUAGE_EXTENSIONS[filter.language]! : [filter.language.replace(/^\./, "")];
      return wanted.includes(extension(path));
    }
    case "path":
      return matchGlob(filter.glob, path);
  }
}

/** Lower case, without the dot; "" for a file without one. */
function extension(path: string): string {
  const name = baseName(path), dot = name.lastIndexOf(".");
  return dot <= 0 ? "" : name.slice(dot + 1).toLowerCase();
}
