/** What a distiller answers before anything is tested: shapes a model can be held to, and rules that make each item usable. */
import { z } from "zod";
import { parsePoint, type SearchSpace } from "../records/space.ts";
import type { ScratchpadState } from "../scratchpad/mod.ts";
import { parseHeuristic } from "./heuristic_rule.ts";
import { parseWarning } from "./heuristic_warning.ts";
import { compileClaim } from "../sensitivity/claim_registry.ts";
import { parseCondition } from "./strata.ts";

/** One study's memory under its name. */
export interface NamedScratchpad {
  readonly study: string;
  readonly state: ScratchpadState;
}

const line = z.string().min(1).max(2000);
const ids = z.array(line);

/** The shape alone; {@link draftSchema} adds what must hold in a given study. */
export const DraftShape = z.strictObject({
  presets: z.array(z.strictObject({
    name: z.string(),
    description: line,
    /** A condition of the heuristics language */
    stratum: line,
    /** Parameters that differ from the tuned point */
    params: z.array(z.strictObject({ param: line, value: z.number() })).min(1),
    episodes: ids,
  })).max(12),
  heuristics: z.array(z.strictObject({ text: line, episodes: ids })).max(20),
  warnings: z.array(z.strictObject({
    text: line,
    /** The interaction behind it in the claim language, or the id of an insight */
    claim: line,
    episodes: ids,
  })).max(20),
  intuitions: z.array(z.strictObject({ sentence: line, evidence: ids })).max(20),
});
export type Draft = z.infer<typeof DraftShape>;

/** Ids an item may name: episodes as STUDY/ID, and insights. */
export function knownIds(scratchpads: readonly NamedScratchpad[]): {
  readonly episodes: ReadonlySet<string>;
  readonly insights: ReadonlySet<string>;
} {
  return {
    episodes: new Set(
      scratchpads.flatMap(({ study, state }) => state.episodes.map((e) => `${study}/${e.id}`)),
    ),
    insights: new Set(scratchpads.flatMap(({ state }) => state.insights.map((i) => i.id))),
  };
}

/**
 * The draft's schema for a study: every rule parses in its language over the study's space, every point is legal, every id is known,
 * and every preset, heuristic and warning names an episode.
 */
export function draftSchema(space: SearchSpace, scratchpads: readonly NamedScratchpad[]): z.ZodType<Draft> {
  const { episodes, insights } = knownIds(scratchpads);
  return DraftShape.superRefine((draft, ctx) => {
    const check = (path: (string | number)[], attempt: () => unknown) => {
      try {
        attempt();
      } catch (error) {
        if (!(error instanceof SyntaxError || error instanceof RangeError)) throw error;
        ctx.addIssue({ code: "custom", path, message: error.message });
      }
    };
    const named = (path: (string | number)[], list: readonly string[]) => {
      if (list.length === 0) ctx.addIssue({ code: "custom", path, message: "name the episodes behind it" });
      list.forEach((id, i) => {
        if (!episodes.has(id)) {
          ctx.addIssue({ code: "custom", path: [...path, i], message: `${id} is no episode of this study` });
        }
      });
    };
    draft.presets.forEach((preset, i) => {
      if (!/^[a-z][a-z0-9_]*$/.test(preset.name)) {
        ctx.addIssue({
          code: "custom",
          path: ["presets", i, "name"],
          message: "a snake_case name is wanted",
        });
      }
      if (draft.presets.findIndex((other) => other.name === preset.name) < i) {
        ctx.addIssue({
          code: "custom",
          path: ["presets", i, "name"],
          message: `${preset.name} is given twice`,
        });
      }
      check(["presets", i, "stratum"], () => parseCondition(preset.stratum));
      check(
        ["presets", i, "params"],
        () => parsePoint(space, Object.fromEntries(preset.params.map(({ param, value }) => [param, value]))),
      );
      named(["presets", i, "episodes"], preset.episodes);
    });
    draft.heuristics.forEach((heuristic, i) => {
      check(["heuristics", i, "text"], () => parseHeuristic(heuristic.text, { space }));
      named(["heuristics", i, "episodes"], heuristic.episodes);
    });
    draft.warnings.forEach((warning, i) => {
      check(["warnings", i, "text"], () => parseWarning(warning.text, { space }));
      if (!insights.has(warning.claim)) {
        check(["warnings", i, "claim"], () => compileClaim(warning.claim, space));
      }
      named(["warnings", i, "episodes"], warning.episodes);
    });
    draft.intuitions.forEach(({ evidence }, i) =>
      evidence.forEach((id, k) => {
        if (!episodes.has(id) && !insights.has(id)) {
          ctx.addIssue({
            code: "custom",
            path: ["intuitions", i, "evidence", k],
            message: `${id} is neither an episode nor an insight of this study`,
          });
        }
      })
    );
  });
}
