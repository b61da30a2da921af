/** The question a model is asked: the specification's distillation prompt, with each claim's status and the languages to answer in. */
import { promptJson } from "../claude/mod.ts";
import type { Point, SearchSpace } from "../records/space.ts";
import { isLive } from "../scratchpad/mod.ts";
import type { InsightKind } from "../records/insight.ts";
import { CLAIM_GRAMMAR } from "../sensitivity/claim.ts";
import type { Draft, NamedScratchpad } from "./draft.ts";
import { CONDITION_GRAMMAR } from "./heuristic_condition.ts";
import { vocabularyTable } from "./heuristic_vocabulary.ts";

const TEMPLATE = Deno.readTextFileSync(new URL("./prompts/distill.txt", import.meta.url));

/** Role and rules, beside the prompt. */
export const DISTILL_SYSTEM =
  "You condense measured findings about a code ranking system. You answer with one JSON object and use no tools.";

/** Most entries of each list in the prompt. */
const MOST_ENTRIES = 60;

/** What the prompt is written from. */
export interface DistillPromptInput {
  readonly scratchpads: readonly NamedScratchpad[];
  readonly space: SearchSpace;
  readonly tuned: Point;
}

/** How often a change was proposed and accepted, most proposed first. */
export function changeFrequencies(scratchpads: readonly NamedScratchpad[]): {
  readonly param: string;
  readonly direction: string;
  readonly magnitude: string;
  readonly proposed: number;
  readonly accepted: number;
}[] {
  const changes = scratchpads.flatMap(({ state }) =>
    state.episodes.flatMap(({ decision, proposal }) =>
      (proposal?.changes ?? []).map((change) => ({ ...change, accepted: decision === "accepted" }))
    )
  );
  const groups = Map.groupBy(changes, (c) => `${c.param} ${c.direction} ${c.magnitude}`);
  return [...groups].map(([key, group]) => {
    const { param, direction, magnitude } = group[0]!;
    const accepted = group.filter((c) => c.accepted).length;
    return { key, param, direction, magnitude, proposed: group.length, accepted };
  }).sort((a, b) => b.proposed - a.proposed || (a.key < b.key ? -1 : 1)).map(({ key: _, ...row }) => row);
}

/** Writes the prompt. Equal inputs give equal text. */
export function distillPrompt(input: DistillPromptInput): string {
  const { scratchpads, space, tuned } = input;
  const insights = (...kinds: InsightKind[]) =>
    lines(
      scratchpads.flatMap(({ study, state }) =>
        state.insights.filter((i) => isLive(i) && kinds.includes(i.kind)).map((i) => ({
          id: i.id,
          status: i.status,
          text: i.text,
          claimed: i.times_claimed,
          helpful: i.helpful,
          harmful: i.harmful,
          episodes: i.provenance.map((id) => `${study}/${id}`),
        }))
      ),
    );
  const slots: Readonly<Record<string, string>> = {
    episodes: String(scratchpads.reduce((n, { state }) => n + state.episodes.length, 0)),
    parameters: lines(space.map(({ name, low, high, default: start, description }) => ({
      name,
      low,
      high,
      default: start,
      tuned: tuned[name]!,
      description,
    }))),
    interactions: insights("interaction"),
    proposals: insights("structural_proposal"),
    patterns: insights("failure_pattern", "success_pattern"),
    change_frequencies: lines(changeFrequencies(scratchpads)),
    episode_list: lines(scratchpads.flatMap(({ study, state }) =>
      state.episodes.map((episode) => ({
        id: `${study}/${episode.id}`,
        decision: episode.decision,
        changes: (episode.proposal?.changes ?? []).map((c) => `${c.direction} ${c.param} ${c.magnitude}`),
        selection: episode.measured.selection?.mean ?? null,
      }))
    )),
    grammar: CONDITION_GRAMMAR,
    facts: vocabularyTable().trim(),
    claims: CLAIM_GRAMMAR,
    example: promptJson(draftExample(input)),
  };
  // One pass, so that nothing a slot holds can open another slot.
  return TEMPLATE.trimEnd().replace(/\{([a-z_]+)\}/g, (slot, name: string) => slots[name] ?? slot);
}

function lines(rows: readonly object[]): string {
  const shown = rows.slice(0, MOST_ENTRIES).map((row) => promptJson(row, { indent: 0 }));
  if (rows.length === 0) return "none";
  if (rows.length > MOST_ENTRIES) shown.push(`${rows.length - MOST_ENTRIES} more are left out`);
  return shown.join("\n");
}

/**
 * A filled answer in the study's own names: it satisfies the schema, and a reply that repeats it is refused.
 *
 * @throws {RangeError} for a space of fewer than two parameters or scratchpads without an episode
 */
export function draftExample({ scratchpads, space, tuned }: DistillPromptInput): Draft {
  const [first, second] = space, study = scratchpads.find(({ state }) => state.episodes.length > 0);
  if (first === undefined || second === undefined || study === undefined) {
    throw new RangeError("Nothing to distil: at least two parameters and one episode are wanted");
  }
  const episodes = [`${study.study}/${study.state.episodes[0]!.id}`];
  return {
    presets: [{
      name: "example_preset",
      description: "For work that starts from a test: the named parameter is held where training left it.",
      stratum: "seed.is_test",
      params: [{ param: first.name, value: tuned[first.name]! }],
      episodes,
    }],
    heuristics: [{
      text: `if repo.file_count < 50: ${first.name} *= 0.9 - an example of the form, not of the content`,
      episodes,
    }],
    warnings: [{
      text:
        `warn if ${first.name} <= ${first.low} and ${second.name} >= ${second.high}: an example of the form`,
      claim: [`low ${first.name}`, `high ${second.name}`].join(" & ") + " => worse",
      episodes,
    }],
    intuitions: [{ sentence: "A sentence that rests on an episode.", evidence: episodes }, {
      sentence: "A sentence that rests on nothing but judgement.",
      evidence: [],
    }],
  };
}
