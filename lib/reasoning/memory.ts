/** Memory as a reasoner sees it: what was learned, what was tried, what became of it. */
import type { Formula } from "../formula/document.ts";
import { formulaHash } from "../formula/formula_hash.ts";
import { type Point, pointHash } from "../records/space.ts";
import type { ScratchpadState } from "../scratchpad/fold.ts";
import { selectInsights } from "../scratchpad/select.ts";
import type { MemoryView } from "./view.ts";

/** What an episode is told of those before it. */
export interface Memory {
  readonly view: MemoryView;
  /** ids of the insights in it, best first */
  readonly shown: readonly string[];
}

/** Options of {@link recall}. */
export interface RecallOptions {
  /** estimated tokens the insights may take. Default 1,500 */
  readonly tokens?: number;
  /** most earlier episodes listed, the latest ones. Default 30 */
  readonly episodes?: number;
}

/** Reads memory out of the folded scratchpad, for an episode that starts from the given incumbent. */
export function recall(
  state: ScratchpadState,
  formula: Formula,
  point: Point,
  options: RecallOptions = {},
): Memory {
  const selection = selectInsights(state, options.tokens ?? 1500);
  const hash = formulaHash(formula), at = pointHash(point);
  return {
    shown: selection.chosen.map(({ insight }) => insight.id),
    view: {
      insights: selection.chosen.map(({ line }) => line),
      tried: state.episodes.filter((e) => e.proposal !== null).slice(-(options.episodes ?? 30)).map((e) => ({
        episode: e.id,
        decision: e.decision,
        steps: e.proposal!.changes.map(({ param, direction, magnitude }) => ({
          param,
          direction,
          magnitude,
        })),
        edits: e.proposal!.structural_edits?.edits ?? [],
        forecast: e.proposal!.forecast.delta_ndcg,
        delta: (e.measured.selection ?? e.measured.race)?.mean ?? null,
        reason: e.reasons[0]!,
        same_start: e.formula_before === hash && pointHash(e.params_before) === at,
      })),
    },
  };
}
