/** A working tree ranked for a query: focus, seed and session in, files with their reasons out. */
import type { Anchor, WorkSnapshot } from "../corpus/work_snapshot.ts";
import type { FocusTerm } from "../focus/evaluate_focus.ts";
import { resolveNodes } from "../formula/document.ts";
import { evaluateFormula } from "../ranker/evaluate.ts";
import type { Intent } from "../records/case.ts";
import type { Query } from "../records/snapshot.ts";
import type { Wisdom } from "../records/wisdom.ts";
import { type Configuration, configure } from "./configure.ts";
import { factsOf } from "./facts.ts";
import type { Facts } from "./heuristic_vocabulary.ts";
import { focusOn } from "./work_focus.ts";

/** What is asked. At least one of focus, seed file and chat. */
export interface RankRequest {
  /** An expression of the focus algebra */
  readonly focus?: string;
  /** The file the asker stands in, as a path of the tree; it is not ranked */
  readonly seedFile?: string;
  /** Files open in the session, as paths of the tree */
  readonly chat?: readonly string[];
  readonly preset?: string;
  /** What the asker is after; default "explore": a focus names things, not purposes */
  readonly intent?: Intent;
}

/** One ranked file. */
export interface RankedFile {
  readonly file: string;
  /** 1-based */
  readonly rank: number;
  readonly score: number;
  /** How much the focus speaks of it, in [0, 1] */
  readonly focus: number;
  /** Open in the session */
  readonly open: boolean;
  /** Value of each part of the formula, by id; their combination is the score */
  readonly parts: Readonly<Record<string, number>>;
}

/** A ranking with everything that led to it. */
export interface RankedTree {
  readonly files: readonly RankedFile[];
  readonly anchors: readonly { readonly file: string; readonly weight: number }[];
  readonly terms: readonly FocusTerm[];
  readonly facts: Facts;
  readonly configuration: Configuration;
}

/** Most files a focus anchors the query on. */
const MOST_ANCHORS = 5;

/**
 * Ranks a working tree.
 *
 * Anchors are the seed file, then the files the focus speaks of most, then, failing both, the open files. Files within half of the
 * strongest focus count as mentioned. Every source file is ranked but the seed file; equals stand in the kit's tie order.
 *
 * @throws {LanguageError} for a focus outside its grammar
 * @throws {RangeError} for a file that is not in the tree, a preset that does not exist, a query that says nothing, and a focus that
 *   fits nothing when there is nothing else to stand on
 */
export function rankTree(work: WorkSnapshot, wisdom: Wisdom, request: RankRequest): RankedTree {
  const { snapshot } = work, text = request.focus ?? "";
  const place = new Map(snapshot.files.map((file, i) => [file, i]));
  const positionOf = (file: string): number => {
    const at = place.get(file);
    if (at === undefined) {
      throw new RangeError(
        `${file} is no source file of ${snapshot.repo}: give its path from the root of the tree`,
      );
    }
    return at;
  };
  const seed = request.seedFile === undefined ? undefined : positionOf(request.seedFile);
  const chat = [...new Set((request.chat ?? []).map(positionOf))];
  if (text.trim() === "" && seed === undefined && chat.length === 0) {
    throw new RangeError("Nothing is asked: give a focus, a seed file or an open file");
  }
  const focused = text.trim() === "" ? undefined : focusOn(work, text);
  const weights = focused?.weights ?? new Float64Array(snapshot.files.length);
  const anchors = anchorsOf(weights, seed, chat);
  if (anchors.length === 0) {
    throw new RangeError(`The focus fits no file: ${whyEmpty(focused!.terms)}`);
  }
  const strongest = weights.reduce((most, weight) => Math.max(most, weight), 0);
  const query = work.query({
    anchors,
    chat,
    mentions: weights.map((weight, i) => i !== seed && strongest > 0 && weight >= strongest / 2 ? weight : 0),
    text,
  });
  const facts = workFacts(work, query, request, strongest > 0);
  const configuration = configure(
    wisdom,
    facts,
    request.preset === undefined ? {} : { preset: request.preset },
  );
  const { formula, point } = configuration;
  const values = evaluateFormula(formula, point, { snapshot, query }, focused ? "message" : "seed");
  const root = resolveNodes(formula), scores = values.get(root.id)!;
  const parts = root.children.length === 0 ? [root] : root.children;
  const open = new Set(chat);
  const order = Array.from(snapshot.files.keys()).filter((i) => i !== seed)
    .sort((a, b) => scores[b]! - scores[a]! || a - b);
  return {
    files: order.map((i, rank): RankedFile => ({
      file: snapshot.files[i]!,
      rank: rank + 1,
      score: scores[i]!,
      focus: weights[i]!,
      open: open.has(i),
      parts: Object.fromEntries(parts.map((part) => [part.id, values.get(part.id)![i]!])),
    })),
    anchors: anchors.map(({ file, weight }) => ({ file: snapshot.files[file]!, weight })),
    terms: focused?.terms ?? [],
    facts,
    configuration,
  };
}

/** Words that fit nothing by themselves, or, where all fit something, what each fits. */
function whyEmpty(terms: readonly FocusTerm[]): string {
  const lost = terms.filter(({ files }) => files === 0).map(({ text }) => JSON.stringify(text));
  if (lost.length > 0) return `nothing is known of ${lost.join(", ")}. Try a shorter or another word`;
  const each = terms.map(({ text, files }) => `${JSON.stringify(text)} fits ${files}`).join(", ");
  return `${each}, but no file is left of them together. Try | in place of &, or widen with @ 1`;
}

function anchorsOf(weights: Float64Array, seed: number | undefined, chat: readonly number[]): Anchor[] {
  const named = Array.from(weights.keys()).filter((i) => weights[i]! > 0 && i !== seed)
    .sort((a, b) => weights[b]! - weights[a]! || a - b).slice(0, MOST_ANCHORS)
    .map((file) => ({ file, weight: weights[file]! }));
  const anchors = [...(seed === undefined ? [] : [{ file: seed, weight: 1 }]), ...named];
  return anchors.length > 0 ? anchors : chat.map((file) => ({ file, weight: 1 }));
}

const DAY_S = 86400;

/** The facts of a query on a working tree. The seed facts are those of the first anchor. */
export function workFacts(
  work: WorkSnapshot,
  query: Query,
  request: RankRequest,
  mentions: boolean,
): Facts {
  const { snapshot, index: { history } } = work, text = request.focus ?? request.seedFile ?? "";
  return factsOf(snapshot, query, {
    commit_count: history.commits,
    age_days: history.oldest_s === null ? 0 : Math.max(0, (snapshot.now_s - history.oldest_s) / DAY_S),
    contributors: history.contributors,
    median_change_size: history.median_change_size,
  }, {
    text,
    mentionsFile: request.focus === undefined || query.sparse.message_files.index.length > 0,
    mentionsSymbol: mentions,
    intent: request.intent ?? "explore",
  });
}
