/** Formulas that ship with the kit. `spec` is the specification's: 17 parameters, composed as it says. */
import { type CombineNode, type Formula, type Node, parseFormula } from "./document.ts";

const boost = (
  id: string,
  term: Node,
  description: string,
  range: { default: number; low: number; high: number },
  layer: string,
): Node => ({
  op: "boost",
  id,
  peak: { param: id, ...range, scale: "log", description, layer },
  term,
});

/**
 * The specification's formula: personalised PageRank times seven boosts.
 *
 * Bounds are wide: measurements show the best alpha and the best coupling boost outside the original's search box.
 */
export const SPEC: Formula = parseFormula({
  record: "formula/1",
  name: "spec",
  description:
    "the specification's formula: personalised PageRank times mention, chat, co-change, expansion, recency and churn boosts",
  root: {
    op: "product",
    id: "score",
    terms: [
      {
        op: "signal",
        signal: "pagerank",
        bind: {
          alpha: { param: "pagerank_alpha" },
          chat_multiplier: { param: "pagerank_chat_multiplier" },
          depth_root: { param: "depth_weight_root" },
          depth_moderate: { param: "depth_weight_moderate" },
          depth_deep: { param: "depth_weight_deep" },
          depth_vendor: { param: "depth_weight_vendor" },
        },
      },
      boost(
        "boost_mentioned_ident",
        { op: "signal", signal: "mentioned_identifier" },
        "factor of files that define a name the message uses",
        { default: 10, low: 1, high: 100 },
        "Short-range",
      ),
      boost(
        "boost_mentioned_file",
        { op: "signal", signal: "mentioned_file" },
        "factor of files the message names",
        { default: 5, low: 1, high: 100 },
        "Short-range",
      ),
      boost(
        "boost_chat_file",
        { op: "signal", signal: "chat_file" },
        "factor of files the author touched earlier in the session",
        { default: 20, low: 1, high: 200 },
        "Short-range",
      ),
      {
        op: "gate",
        id: "boost_temporal_coupling",
        threshold: 0.3,
        on: {
          param: "boost_temporal_coupling",
          default: 3,
          low: 1,
          high: 1000,
          scale: "log",
          description: "factor of files whose as-of Jaccard with the seed is at least 0.3",
          layer: "Medium-range",
        },
        off: 1,
        term: { op: "signal", signal: "coupling", options: { measure: "jaccard_500" }, bind: { gamma: 1 } },
      },
      boost(
        "boost_focus_expansion",
        {
          op: "signal",
          signal: "focus_expansion",
          bind: { decay: { param: "focus_decay" }, max_hops: { param: "focus_max_hops" } },
        },
        "factor of files near the seed in the graph, decayed by hops",
        { default: 5, low: 1, high: 100 },
        "Medium-range",
      ),
      boost(
        "git_recency_max_boost",
        { op: "signal", signal: "recency", bind: { half_life: { param: "git_recency_decay_days" } } },
        "factor of a file touched just now",
        { default: 10, low: 1, high: 100 },
        "Temporal",
      ),
      boost(
        "git_churn_max_boost",
        { op: "signal", signal: "churn", bind: { threshold: { param: "git_churn_threshold" } } },
        "largest factor of often changed files",
        { default: 5, low: 1, high: 100 },
        "Temporal",
      ),
    ],
  },
});

/** The spec's formula with its one gate replaced by a continuous boost of decayed co-change: the change that measured most. */
export const DECAYED: Formula = parseFormula({
  ...SPEC,
  name: "decayed",
  description:
    "the specification's formula with its coupling gate replaced by a continuous boost of decayed co-change",
  root: {
    ...SPEC.root,
    terms: (SPEC.root as CombineNode).terms.map((term): Node =>
      term.op === "gate"
        ? {
          op: "boost",
          id: "boost_temporal_coupling",
          peak: {
            param: "boost_temporal_coupling",
            default: 100,
            low: 1,
            high: 10_000,
            scale: "log",
            description: "factor of a file that always changes with the seed",
            layer: "Medium-range",
          },
          term: { op: "signal", signal: "coupling", options: { measure: "decayed_200" }, bind: { gamma: 1 } },
        }
        : term
    ),
  },
});

/** Built-in formulas by name. */
export const BUILTINS: ReadonlyMap<string, Formula> = new Map([SPEC, DECAYED].map((f) => [f.name, f]));
