/** From the memory of one or more studies to wisdom: drafted by an agent, then tested item by item. */
import { contentHash } from "../base/canonical.ts";
import { askFor, type CallJournal, type Model } from "../claude/mod.ts";
import type { Corpus } from "../corpus/corpus.ts";
import type { Formula } from "../formula/document.ts";
import { formulaHash } from "../formula/formula_hash.ts";
import { searchSpace } from "../formula/parameters.ts";
import type { LabelKind } from "../records/case.ts";
import type { QueryMode } from "../records/snapshot.ts";
import { defaultPoint, parsePoint, type Point, type SearchSpace } from "../records/space.ts";
import {
  type Tested,
  Wisdom,
  type WisdomHeuristic,
  type WisdomOrigin,
  type WisdomSource,
} from "../records/wisdom.ts";
import { analystDraft, analystEvidence } from "./analyst.ts";
import { Bench } from "./bench.ts";
import { DISTILL_SYSTEM, distillPrompt, draftExample } from "./distill_prompt.ts";
import { type Draft, draftSchema, type NamedScratchpad } from "./draft.ts";
import type { CaseFactsOptions } from "./facts.ts";
import { conclusionOf } from "./conclusion.ts";
import { crossFittedDefaultOn, crossFittedRules } from "./cross_fit.ts";
import { tabulateRules } from "./rule_table.ts";
import { splitRepositories } from "./scores.ts";
import {
  type DraftedHeuristic,
  type VerifyContext,
  verifyDefaultOn,
  verifyHeuristics,
  verifyPresets,
  verifyTuned,
} from "./verify.ts";
import { verifyWarnings } from "./verify_warnings.ts";

/** Stages of a distillation, in order. */
export type DistillStage = "cases" | "drafting" | "presets" | "heuristics" | "rules together" | "warnings";

/** What is distilled and how. */
export interface DistillInput {
  /** Name of the record */
  readonly name: string;
  /** Who drafts: a model, or the analyst where there is none */
  readonly agent: string;
  readonly model?: Model;
  readonly journal?: CallJournal;
  readonly scratchpads: readonly NamedScratchpad[];
  readonly sources: readonly WisdomSource[];
  readonly formula: Formula;
  /** Where training ended, and the episodes that led there as STUDY/ID */
  readonly tuned: { readonly params: Point; readonly episodes: readonly string[] };
  readonly query: QueryMode;
  readonly labels: LabelKind;
  readonly corpora: readonly Corpus[];
  readonly history: CaseFactsOptions["history"];
  readonly seed: number | string;
  /** Judge rules on the repositories kept aside as well. They are then spent. Default false */
  readonly openLockbox?: boolean;
  /** Background points of each warning's test; 0 tests none. Default 8 */
  readonly backgrounds?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (stage: DistillStage, done: number, total: number) => void;
}

/** Rules the specification gives as examples; tested like any other where the formula has their parameters. */
const SPEC_RULES: readonly { readonly text: string; readonly parameters: readonly string[] }[] = [
  {
    text: "if repo.file_count < 50: boost_chat_file *= 0.5 - the specification's first example",
    parameters: ["boost_chat_file"],
  },
  {
    text: "if query.is_symbol: boost_mentioned_ident *= 1.5 - the specification's second example",
    parameters: ["boost_mentioned_ident"],
  },
];

/**
 * Distils and verifies. Equal inputs give equal records.
 *
 * @throws {RangeError} when no study has an episode, or a point is not of the formula
 * @throws {ClaudeError} when a model gives no usable answer
 */
export async function distill(input: DistillInput): Promise<Wisdom> {
  const { formula, seed } = input;
  if (input.scratchpads.every(({ state }) => state.episodes.length === 0)) {
    throw new RangeError(
      `Nothing to distil: ${
        input.scratchpads.map((s) => s.study).join(", ") || "no study"
      } has no episode; ` +
        `run deno task train first`,
    );
  }
  const space = searchSpace(formula), defaults = defaultPoint(space);
  const tuned = parsePoint(space, input.tuned.params);
  const benches = loadBenches(input);
  const context: VerifyContext = { benches, formula, space, defaults, tuned, seed };
  const repositories = benches.train.arena.cases.map(({ case: c }) => c.repo);
  const { draft, origin, rules, defaultOn } = await draftOf(input, context);

  input.onProgress?.("presets", 0, draft.presets.length);
  const presets = verifyPresets(context, draft.presets.map((preset) => ({ ...preset, origin })));
  input.onProgress?.("heuristics", 0, rules.length);
  const heuristics = verifyHeuristics(context, [...rules, ...specRules(space)]);
  const warnings = await verifyWarnings(context, draft.warnings, {
    backgrounds: input.backgrounds ?? 8,
    writers: new Set(splitRepositories(repositories, seed).writers),
    insights: input.scratchpads.flatMap(({ state }) => state.insights),
    origin: () => origin,
    ...(input.signal ? { signal: input.signal } : {}),
    onProgress: (done, total) => input.onProgress?.("warnings", done, total),
  });
  const body = {
    tuned: { params: { ...tuned }, episodes: [...input.tuned.episodes], tested: verifyTuned(context) },
    presets,
    heuristics,
    warnings,
    intuitions: draft.intuitions.map(({ sentence, evidence }) => ({
      sentence,
      evidence,
      opinion: evidence.length === 0,
    })),
    default_on: defaultOn(heuristics),
  };
  return Wisdom.parse({
    record: "wisdom/1",
    name: input.name,
    agent: input.agent,
    sources: input.sources,
    query: input.query,
    formula,
    formula_hash: formulaHash(formula),
    defaults: { ...defaults },
    ...body,
    conclusion: conclusionOf(body),
  });
}

function loadBenches(input: DistillInput): VerifyContext["benches"] {
  const { corpora, formula, query: mode, labels, history } = input;
  const load = (splits: Parameters<typeof Bench.load>[2]["splits"]) =>
    Bench.load(corpora, formula, { splits, mode, labels, history });
  input.onProgress?.("cases", 0, 3);
  const train = load(["train"]);
  if (train.arena.cases.length === 0) {
    throw new RangeError("Nothing to distil from: the repositories have no train case");
  }
  input.onProgress?.("cases", 1, 3);
  const selection = load(["selection"]), test = load(["test"]);
  input.onProgress?.("cases", 3, 3);
  const hasLockbox = input.openLockbox === true &&
    corpora.some(({ cases }) => cases.some(({ split }) => split === "lockbox"));
  return { train, selection, test, ...(hasLockbox ? { lockbox: load(["lockbox"]) } : {}) };
}

/** What was drafted, by whom, and how its rules are judged. */
interface Drafted {
  readonly draft: Omit<Draft, "heuristics">;
  readonly origin: WisdomOrigin;
  readonly rules: readonly DraftedHeuristic[];
  readonly defaultOn: (heuristics: readonly WisdomHeuristic[]) => Tested;
}

async function draftOf(input: DistillInput, context: VerifyContext): Promise<Drafted> {
  const { benches, space, defaults, tuned } = context, { scratchpads, formula, model } = input;
  if (model === undefined) {
    const evidence = analystEvidence({
      scratchpads,
      formula,
      space,
      defaults,
      tuned,
      scores: benches.train.scores,
      facts: benches.train.facts,
      stated: benches.train.stated,
      ...(input.signal ? { signal: input.signal } : {}),
      onProgress: (done, total) => input.onProgress?.("drafting", done, total),
    });
    const table = tabulateRules(evidence);
    return {
      draft: analystDraft(evidence),
      origin: "analyst",
      rules: crossFittedRules(evidence, table),
      defaultOn: (heuristics) =>
        crossFittedDefaultOn(
          context,
          evidence,
          table,
          heuristics,
          (done, total) => input.onProgress?.("rules together", done, total),
        ),
    };
  }
  const asked = { scratchpads, space, tuned };
  input.onProgress?.("drafting", 0, 1);
  const { value } = await askFor(
    model,
    { system: DISTILL_SYSTEM, prompt: distillPrompt(asked), label: `distil ${input.name}` },
    draftSchema(space, scratchpads),
    {
      refused: [draftExample(asked)],
      ...(input.signal ? { signal: input.signal } : {}),
      ...(input.journal ? { journal: input.journal } : {}),
    },
  );
  // The model read what was learned from these repositories, so none of them can judge what it wrote.
  const seen = new Map(benches.train.arena.cases.map(({ case: c }) => [c.case_id, c.repo]));
  const shown = scratchpads.flatMap(({ state }) =>
    state.episodes.flatMap(({ failures }) => failures.flatMap(({ case_id }) => seen.get(case_id) ?? []))
  );
  const written_from = [...new Set(shown)].sort();
  return {
    draft: value,
    origin: "model",
    rules: value.heuristics.map((rule) => ({ ...rule, origin: "model", written_from })),
    defaultOn: (heuristics) => verifyDefaultOn(context, heuristics),
  };
}

function specRules(space: SearchSpace): DraftedHeuristic[] {
  const names = new Set(space.map(({ name }) => name));
  return SPEC_RULES.filter(({ parameters }) => parameters.every((name) => names.has(name))).map((
    { text },
  ) => ({
    text,
    episodes: [],
    origin: "spec",
    written_from: [],
  }));
}

/** Identity of a record's content: two records with the same hash say the same. */
export function wisdomHash(wisdom: Wisdom): string {
  return contentHash(wisdom);
}
