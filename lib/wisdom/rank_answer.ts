/** One ranking as it is handed out: to a terminal as text, to a program as JSON. */
import { relative, resolve } from "node:path";
import type { WorkSnapshot } from "../corpus/work_snapshot.ts";
import { INTENTS } from "../records/intent.ts";
import type { Wisdom } from "../records/wisdom.ts";
import { type RankedFile, type RankedTree, type RankRequest, rankTree } from "./rank_tree.ts";
import { shownPath, tagMap } from "./tag_map.ts";

/** What is asked, with the size of the answer. */
export interface RankQuestion {
  readonly focus?: string | undefined;
  /** The file the asker stands in */
  readonly seed_file?: string | undefined;
  readonly chat?: readonly string[] | undefined;
  readonly preset?: string | undefined;
  readonly intent?: string | undefined;
  /** Budget of the map, in estimated tokens; absent: no map */
  readonly tokens?: number | undefined;
  /** Files listed, default {@link TOP} */
  readonly top?: number | undefined;
}

/** Files listed unless the question says otherwise. */
export const TOP = 20;

/** An answer for programs and for people. */
export interface RankAnswer {
  readonly json: Readonly<Record<string, unknown>>;
  readonly text: string;
}

/**
 * Ranks and writes the answer. A path that is none of the tree's is read from where the asker stands.
 *
 * @throws {LanguageError | RangeError} as `rankTree` does, and {RangeError} for an unknown intent
 */
export function answerRanking(work: WorkSnapshot, wisdom: Wisdom, question: RankQuestion): RankAnswer {
  const { tree } = work.index, known = new Set(work.snapshot.files);
  const inTree = (file: string) => known.has(file) ? file : relative(tree.dir, resolve(file));
  const request: RankRequest = {
    ...(question.focus === undefined ? {} : { focus: question.focus }),
    ...(question.seed_file === undefined ? {} : { seedFile: inTree(question.seed_file) }),
    chat: (question.chat ?? []).map(inTree),
    ...(question.preset === undefined ? {} : { preset: question.preset }),
    ...(question.intent === undefined ? {} : { intent: intentNamed(question.intent) }),
  };
  const ranked = rankTree(work, wisdom, request), { configuration } = ranked;
  const top = question.top ?? TOP;
  const map = question.tokens === undefined ? undefined : tagMap(work, ranked.files, question.tokens);
  return {
    json: {
      repo: tree.dir,
      head: tree.head,
      files_ranked: ranked.files.length,
      uncommitted: tree.changed.size,
      wisdom: wisdom.name,
      preset: configuration.preset?.name ?? null,
      rules: configuration.fired,
      warnings: configuration.warnings.map(({ warning, because }) => ({ text: warning.text, because })),
      anchors: ranked.anchors,
      focus: ranked.terms,
      files: ranked.files.slice(0, top),
      ...(map === undefined ? {} : { map }),
    },
    text: map === undefined ? describeRanking(ranked, top) : map.text,
  };
}

function intentNamed(text: string): (typeof INTENTS)[number] {
  const found = INTENTS.find((intent) => intent === text);
  if (found === undefined) {
    throw new RangeError(`The intent is ${JSON.stringify(text)}: one of ${INTENTS.join(", ")} is wanted`);
  }
  return found;
}

/** A ranking for a terminal: one line a file, with the parts that lift or lower it most. */
function describeRanking({ files, terms, configuration }: RankedTree, top: number): string {
  const lost = terms.filter((term) => term.files === 0).map((term) =>
    `nothing fits ${JSON.stringify(term.text)}`
  );
  const lines = files.slice(0, top).map((file) =>
    `${String(file.rank).padStart(4)}  ${shownPath(file.file)}${file.open ? "  (open)" : ""}\n        ${
      reasonsOf(file)
    }`
  );
  const rules = configuration.fired.map((text) => `rule: ${text}`);
  const warnings = configuration.warnings.map(({ warning }) => `warning: ${warning.text}`);
  return [...lost, ...lines, ...rules, ...warnings].join("\n");
}

/** Most parts a line shows. */
const REASONS = 4;

function reasonsOf({ parts, focus, score }: RankedFile): string {
  const weight = (value: number) => Math.abs(Math.log(Math.max(value, 1e-12)));
  const telling = Object.entries(parts).filter(([, value]) => weight(value) > 0.01)
    .sort((a, b) => weight(b[1]) - weight(a[1]));
  const shown = telling.slice(0, REASONS).map(([id, value]) => `${id} ${value.toPrecision(3)}`);
  return [`score ${score.toPrecision(3)}`, ...(focus > 0 ? [`focus ${focus.toFixed(2)}`] : []), ...shown]
    .join(", ");
}
