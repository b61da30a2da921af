/** Which insights a prompt carries when it cannot carry all. */
import type { InsightStatus } from "../records/insight.ts";
import type { ScratchpadState } from "./fold.ts";
import { type InsightState, isLive } from "./insight_state.ts";

/** An insight chosen for a prompt, as the line it becomes there. */
export interface SelectedInsight {
  readonly insight: InsightState;
  readonly line: string;
  readonly tokens: number;
}

/** What fits and what does not. */
export interface InsightSelection {
  /** Best first */
  readonly chosen: readonly SelectedInsight[];
  /** Ids of live insights that did not fit, best first */
  readonly left: readonly string[];
  /** Sum over the chosen, at most the budget */
  readonly tokens: number;
}

/** Tested and true first; what is known to be false last, but before nothing: a model told so need not claim it again. */
const STATUS_ORDER: Readonly<Record<InsightStatus, number>> = {
  supported: 0,
  untested: 1,
  undetermined: 2,
  refuted: 3,
};

/** Worth of an insight by its record: helpful - 2 harmful. One bad turn outweighs one good one. */
export function insightValue(insight: InsightState): number {
  return insight.helpful - 2 * insight.harmful;
}

/** Order of choice: status, then value, then the more recent, then id. Total, so equal states give equal prompts. */
export function compareInsights(a: InsightState, b: InsightState): number {
  return STATUS_ORDER[a.status] - STATUS_ORDER[b.status] || insightValue(b) - insightValue(a) ||
    b.last_at - a.last_at || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

/** Estimates how many tokens a text takes: a quarter of its UTF-8 bytes, rounded up. High for English, so budgets hold. */
export function estimateTokens(text: string): number {
  return Math.ceil(new TextEncoder().encode(text).length / 4);
}

/** One insight as a line of a prompt: its status and record stand before what it says. */
export function insightLine(insight: InsightState): string {
  const { kind, status, helpful, harmful, tests, times_claimed } = insight;
  const record = `${tests.length} tests, claimed ${times_claimed}x, helpful ${helpful}, harmful ${harmful}`;
  return `- [${kind}; ${status}; ${record}] ${insight.text}`;
}

/**
 * Chooses live insights for a prompt by {@link compareInsights} within a budget of estimated tokens.
 *
 * One that does not fit is passed over and smaller ones behind it still may. The same state and budget give the same choice.
 * @throws {RangeError} unless the budget is a finite number, at least 0
 */
export function selectInsights(state: ScratchpadState, tokenBudget: number): InsightSelection {
  if (!Number.isFinite(tokenBudget) || tokenBudget < 0) {
    throw new RangeError(`Cannot select insights: the budget is ${tokenBudget} tokens, at least 0 is wanted`);
  }
  const chosen: SelectedInsight[] = [], left: string[] = [];
  let tokens = 0;
  for (const insight of state.insights.filter(isLive).sort(compareInsights)) {
    const line = insightLine(insight);
    const cost = estimateTokens(line + "\n");
    if (tokens + cost > tokenBudget) {
      left.push(insight.id);
      continue;
    }
    tokens += cost;
    chosen.push({ insight, line, tokens: cost });
  }
  return { chosen, left, tokens };
}
