/** The reasoning prompt: the specification's structure, filled with evidence and memory. Equal inputs give equal bytes. */
import { readFileSync } from "node:fs";
import { promptJson } from "../claude/escape.ts";
import { EDIT_KINDS } from "../formula/edit_schema.ts";
import { estimateTokens } from "../scratchpad/select.ts";
import { type Point, type SearchSpace, stepParameter } from "../records/space.ts";
import type { Reply } from "./reply.ts";
import type { EvidenceView, MemoryView } from "./view.ts";

const read = (name: string) => readFileSync(new URL(`./prompts/${name}.txt`, import.meta.url), "utf8");

/** Template texts as they stand on disk; their bytes are part of every recording's key. */
export const PROMPTS = {
  system: read("system").trim(),
  reason: read("reason"),
  distill: read("distill"),
} as const;

/** What a prompt is made of. */
export interface PromptParts {
  readonly evidence: EvidenceView;
  readonly memory: MemoryView;
  readonly example: Reply;
  readonly structural: boolean;
  /** estimated tokens the whole may take; tables are halved until it fits. Default 24,000 */
  readonly tokens?: number;
}

const rows = (items: readonly unknown[]) =>
  items.length === 0
    ? "(none)"
    : items.map((item) => promptJson(item, { indent: 0, digits: 3, maxString: 300 })).join("\n");

/** The edits a reply may hold, in the prompt's words. */
const STRUCTURAL_TASK =
  `- structural_edits: optional edits of the formula, each as the JSON text of one edit (${
    EDIT_KINDS.join(", ")
  }), best copied from ` +
  `the edits measured above. Steps are applied first, then edits`;

/** A prompt, and exactly what it shows: an embedded reasoner reads the latter and so knows no more. */
export interface WrittenPrompt {
  readonly text: string;
  readonly evidence: EvidenceView;
  readonly memory: MemoryView;
}

/** Longest tables tried first, in rows, and the shortest. */
const MOST_ROWS = 120, LEAST_ROWS = 3;

/**
 * Writes the prompt. Tables are halved, their first rows kept, until the whole fits the budget.
 *
 * @throws {RangeError} when even the shortest tables do not fit
 */
export function writePrompt({ structural, tokens = 24_000, example, ...parts }: PromptParts): WrittenPrompt {
  for (let limit = MOST_ROWS; limit >= LEAST_ROWS; limit = Math.floor(limit / 2)) {
    const evidence: EvidenceView = {
      ...parts.evidence,
      votes: parts.evidence.votes.slice(0, limit),
      bundles: parts.evidence.bundles.slice(0, limit),
      options: structural ? parts.evidence.options.slice(0, limit) : [],
    };
    const memory: MemoryView = { ...parts.memory, tried: parts.memory.tried.slice(-limit) };
    const text = fill(PROMPTS.reason, {
      formula: evidence.formula,
      parameters: rows(evidence.parameters),
      failures: rows(evidence.failures),
      sample: rows([evidence.sample]),
      votes: rows(evidence.votes),
      dead: rows([evidence.dead]),
      bundles: rows(evidence.bundles),
      options: structural ? rows(evidence.options) : "(closed in this study)",
      insights: rows(memory.insights),
      tried: rows(memory.tried),
      structural_task: structural
        ? STRUCTURAL_TASK
        : "- structural_edits: null, edits are closed in this study",
      example: promptJson(example),
    });
    if (estimateTokens(text) <= tokens) return { text, evidence, memory };
  }
  throw new RangeError(
    `Cannot write the prompt within ${tokens} tokens: raise the budget or show fewer failures`,
  );
}

/** Replaces every {name}; what is put in is never looked at again. @throws {RangeError} for a name without a value */
export function fill(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/\{([a-z_]+)\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new RangeError(`Cannot fill the template: nothing is given for {${name}}`);
    return value;
  });
}

/** A reply that parses for this space at this point, of varied and made-up content. A model that repeats it is refused. */
export function exampleReply(space: SearchSpace, point: Point, labels: readonly string[]): Reply {
  const steps = space.flatMap((p) =>
    (["decrease", "increase"] as const).filter((direction) =>
      stepParameter(p, point[p.name]!, direction, "medium") !== point[p.name]
    ).slice(0, 1).map((direction) => ({ param: p.name, direction }))
  );
  const [first, second] = [steps[0]!, steps[Math.floor(steps.length / 2)]!];
  const changes = first.param === second.param ? [first] : [first, second];
  return {
    proposed_changes: changes.map(({ param, direction }, i) => ({
      param,
      direction,
      magnitude: i === 0 ? "medium" : "small",
      rationale:
        `an example of a reason: ${param} carries the gap of two failures and breaks little when it moves`,
    })),
    structural_edits: null,
    forecast: {
      sign: 1,
      delta_ndcg: 0.0071,
      cases_flipped: labels.slice(0, 1),
      confidence: 0.62,
    },
    param_interactions: [
      `high ${first.param} and low ${second.param}: an example of a claim about two parameters`,
    ],
    structural_insights: ["an example of a pattern: a step function cannot tell a weak signal from none"],
    diagnosis: "an example of a diagnosis: the first failure lacks a signal, the second drowns in one",
    confidence: 0.57,
    no_change_reason: null,
  };
}
