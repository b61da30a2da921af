/** What a commit's message and size say about it: whether it teaches, what it was for, how much it should count. */
import type { Commit } from "../repo/log.ts";
import type { Intent } from "../records/case.ts";

/** Why a commit makes no case, in the order the filters are applied. */
export const FILTERS = [
  "merge",
  "bot",
  "merge_message",
  "wip",
  "formatting",
  "release",
  "revert",
  "too_few_source_files",
  "too_many_source_files",
] as const;
export type Filter = typeof FILTERS[number];

// Every pattern is bounded and wants more than a word that also begins ordinary subjects: "information" is not formatting,
// "save_prompt" and "Save the window position" are no checkpoints, "Format dates" and "Merge sort" are features.
const BOT =
  /\[bot\]|\b(?:dependabot|renovate|greenkeeper|pre-commit-ci|github-actions|snyk-bot|imgbot|allcontributors|semantic-release-bot|web-flow-bot)\b|(?:^|[\s<])bot@/i;
const MERGE =
  /^merged?(?:$|[:!]|\s+(?:branch(?:es)?|pull|pr|remote(?:-tracking)?|tags?|commits?|master|main|trunk|develop|upstream|origin|changes from|in|\S+\s+into)\b|\s+#\d)/i;
const WIP =
  /^[[(]?wip\b|[[(]wip[\])]|\bwip$|\bwork in progress\b|^(?:checkpoint|tmp|temp|save(?: ?point)?)(?:$|[:.!]|\s+(?:commit|work|progress|point)\b)|^(?:fixup|squash|amend)!/i;
const FORMATTING =
  /^(?:style|fmt|format|formatted|formatting|lint|linted|linting)(?:$|[:(!,.]|\s+\(#|\s+(?:code|files?|sources?|everything|all|fix(?:es)?|changes?|only|imports?|with)\b)|^(?:reformat|reformatted|reformatting|prettier|black(?:ed|ify|ified)?|isort|ruff|rustfmt|gofmt|clang-format|cargo fmt|whitespace)(?:$|[\s:(!,.])|\b(?:run|ran|apply|applied|fix)\s+(?:black|prettier|isort|ruff format|rustfmt|gofmt|cargo fmt|clang-format|linter|lint errors|linting|formatting|formatters?)\b/i;
const RELEASE =
  /^releas(?:e|es|ed|ing)(?:$|[:(!,.]|\s+(?:v?\d|version|candidate|notes)\b|\s+\S+\s+v?\d)|^(?:bump(?:ed|s)? (?:the )?version|version (?:bump|\d)|prepare (?:for )?(?:the )?(?:release|(?:version )?v?\d)|chore\(release\)|v?\d+\.\d+(?:\.\d+)?(?:[-.]?\w+)?$)|^publish(?:$|[:(!]|\s+(?:v?\d|version|release|packages?)\b)|\bbump version\b|^set version\b/i;
const REVERT = /^revert\b/i;

const FIX = /^fix(?:es|ed|ing)?\b|\b(?:bug ?fix|hot ?fix)(?:es)?\b|^bug\b/i;
const FEATURE = /^feat(?:ure)?\b|^(?:add|adds|added)\b|\bimplement(?:s|ed|ing)?\b/i;
const REFACTOR = /^refactor(?:s|ed|ing)?\b|\brenam(?:e|es|ed|ing)\b|\bmov(?:e|es|ed) \S/i;

const DEBUG_INTENT =
  /\b(?:fix(?:es|ed|ing)?|bug(?:s|fix(?:es)?)?|issues?|errors?|crash(?:es|ed|ing)?|debug(?:ging)?|regression|panic)\b/i;
const REFACTOR_INTENT =
  /\b(?:refactor(?:s|ed|ing)?|clean(?:s|ed|ing)?(?:[ -]?up)?|renam(?:e|es|ed|ing)|reorgani[sz]\w*|restructur\w*|simplif\w*)\b/i;
const EXTEND_INTENT =
  /\b(?:add(?:s|ed|ing)?|implement(?:s|ed|ing)?|feat(?:ure)?s?|new|creat(?:e|es|ed|ing)|support(?:s|ed|ing)?)\b/i;

/** The filter that drops a commit for its message or author, or undefined when it may teach. Sizes are judged elsewhere. */
export function messageFilter(commit: Commit): Filter | undefined {
  if (commit.parents.length > 1) return "merge";
  if (BOT.test(commit.author_name) || BOT.test(commit.author_email)) return "bot";
  const { subject } = commit;
  if (MERGE.test(subject)) return "merge_message";
  if (WIP.test(subject)) return "wip";
  if (FORMATTING.test(subject)) return "formatting";
  if (RELEASE.test(subject)) return "release";
  if (REVERT.test(subject)) return "revert";
  return undefined;
}

/** Intent by bounded words of the subject, first match of debug, refactor, extend; otherwise explore. */
export function intentOf(subject: string): Intent {
  if (DEBUG_INTENT.test(subject)) return "debug";
  if (REFACTOR_INTENT.test(subject)) return "refactor";
  if (EXTEND_INTENT.test(subject)) return "extend";
  return "explore";
}

/**
 * Quality weight of a commit: bug fix 1.5, feature 1.2, refactoring 0.6, other 1; x 1.2 for at most 6 source files, x 0.7 for
 * more than 10; x 1.2 across three or more directories; at most 2. Source: the spec, with the original's size factors.
 */
export function qualityWeight(subject: string, sourceFiles: readonly string[]): number {
  let weight = FIX.test(subject) ? 1.5 : FEATURE.test(subject) ? 1.2 : REFACTOR.test(subject) ? 0.6 : 1;
  if (sourceFiles.length <= 6) weight *= 1.2;
  else if (sourceFiles.length > 10) weight *= 0.7;
  const folders = new Set(sourceFiles.map((file) => file.slice(0, file.lastIndexOf("/") + 1)));
  if (folders.size >= 3) weight *= 1.2;
  return Math.min(2, weight);
}
