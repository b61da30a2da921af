/** Negative controls: one kind of evidence is corrupted, everything else and the budget stay. What is lost is what it was worth. */
import { randomIndex, type RandomSource, shuffled } from "../base/random.ts";
import type { Point, SearchSpace } from "../records/space.ts";
import type { Reply } from "./reply.ts";
import type { BundleView, EvidenceView, MemoryView, VoteView } from "./view.ts";

/**
 * "none": the truth. "permuted": measured effects change places among all steps and among all edits, before the best edits are chosen to
 * be shown; bundles are of steps drawn at random instead of the best; what flips fix and break changes places among them, and which of the
 * shown failures a step helps. What is no measured effect of a step or edit stays true: attribution, steps that do nothing at all, and what
 * became of the reasoner's own proposals, which is history. "anonymous": parameters, factors, repositories, files and subjects lose
 * their names and the formula is hidden, so that nothing can be known from elsewhere; edits are closed. "shuffled-attribution": gaps,
 * parts, carriers and flips change places among the shown pairs, also for what is remembered of them. "no-history": memory is empty.
 */
export const CONTROLS = ["none", "permuted", "anonymous", "shuffled-attribution", "no-history"] as const;
export type Control = typeof CONTROLS[number];

/** What is handed to the reasoner instead of the truth, and the way back from its words. */
export interface Disguise {
  readonly evidence: EvidenceView;
  /** the same in true names: what may be remembered, so that nothing corrupted comes back true by way of memory */
  readonly remembered: EvidenceView;
  readonly memory: MemoryView;
  readonly space: SearchSpace;
  readonly point: Point;
  readonly structural: boolean;
  /** the reply in the true names */
  reveal(reply: Reply): Reply;
}

/** What a disguise is put on. */
export interface Undisguised {
  readonly evidence: EvidenceView;
  readonly memory: MemoryView;
  readonly space: SearchSpace;
  readonly point: Point;
  readonly structural: boolean;
}

/** Structural edits a reasoner is shown, the best by the effects it is shown. */
const SHOWN_OPTIONS = 12;

/** Applies a control, then cuts the edits to the best. The same stream gives the same corruption. */
export function disguise(control: Control, truth: Undisguised, random: RandomSource): Disguise {
  const masked = corrupt(control, truth, random);
  // Cut before, the choice of rows would tell the true effects whatever stands in them.
  const options = masked.evidence.options.slice(0, SHOWN_OPTIONS);
  const evidence = { ...masked.evidence, options };
  return { ...masked, evidence, remembered: control === "anonymous" ? truth.evidence : evidence };
}

function corrupt(control: Control, truth: Undisguised, random: RandomSource): Omit<Disguise, "remembered"> {
  const plain = { ...truth, reveal: (reply: Reply) => reply };
  switch (control) {
    case "none":
      return plain;
    case "permuted":
      return { ...plain, evidence: permuteEffects(truth.evidence, random) };
    case "shuffled-attribution":
      return { ...plain, evidence: shuffleAttribution(truth.evidence, random) };
    case "no-history":
      return { ...plain, memory: { insights: [], tried: [] } };
    case "anonymous":
      return anonymise(truth, random);
  }
}

/** Each row keeps what it says is done and gets another row's effect; nothing that was chosen by its true effect stays. */
function permuteEffects(evidence: EvidenceView, random: RandomSource): EvidenceView {
  const permute = <T extends { delta: number }>(rows: readonly T[], keep: readonly (keyof T)[]): T[] => {
    const others = shuffled(random, rows);
    return rows.map((row, i) => ({
      ...others[i]!,
      ...Object.fromEntries(keep.map((key) => [key, row[key]])),
    })).sort((a, b) => b.delta - a.delta);
  };
  return {
    ...evidence,
    votes: permute(evidence.votes, ["param", "direction", "magnitude", "to"]),
    bundles: evidence.bundles.map((bundle) => ({
      ...bundle,
      steps: randomSteps(bundle, evidence.votes, random),
    })),
    options: permute(evidence.options, ["what", "edits"]),
    failures: permuteFlips(evidence.failures, random),
  };
}

/** As many steps as a bundle has, of different parameters, whatever they were measured to do. */
function randomSteps(
  { steps }: BundleView,
  votes: readonly VoteView[],
  random: RandomSource,
): BundleView["steps"] {
  const byParam = Map.groupBy(
    votes.toSorted((a, b) => keyOf(a) < keyOf(b) ? -1 : 1),
    (vote) => vote.param,
  );
  return shuffled(random, [...byParam.values()]).slice(0, steps.length).map((own) => {
    const { param, direction, magnitude } = own[randomIndex(random, own.length)]!;
    return { param, direction, magnitude };
  });
}

const keyOf = ({ param, direction, magnitude }: VoteView) => `${param} ${direction} ${magnitude}`;

function permuteFlips(failures: EvidenceView["failures"], random: RandomSource): EvidenceView["failures"] {
  const others = shuffled(random, failures.flatMap((f) => f.pairs.flatMap((pair) => pair.flips)));
  const movable = shuffled(random, failures.map((f) => f.movable));
  let next = 0;
  return failures.map((failure, i) => ({
    ...failure,
    movable: movable[i]!,
    pairs: failure.pairs.map((pair) => ({
      ...pair,
      flips: pair.flips.map((flip) => {
        const { fixes, breaks } = others[next++]!;
        return { ...flip, fixes, breaks };
      }),
    })),
  }));
}

function shuffleAttribution(evidence: EvidenceView, random: RandomSource): EvidenceView {
  const all = evidence.failures.flatMap((failure) => failure.pairs);
  const others = shuffled(random, all);
  let next = 0;
  return {
    ...evidence,
    failures: evidence.failures.map((failure) => ({
      ...failure,
      pairs: failure.pairs.map((pair) => {
        const { gap, parts, carriers, flips } = others[next++]!;
        return { ...pair, gap, parts, carriers, flips };
      }),
    })),
  };
}

function anonymise(
  { evidence, memory, space, point }: Undisguised,
  random: RandomSource,
): Omit<Disguise, "remembered"> {
  const names = new Map(shuffled(random, space.map((p) => p.name)).map((name, i) => [name, `p${i + 1}`]));
  const back = new Map([...names].map(([name, alias]) => [alias, name]));
  const things = new Map<string, string>();
  const token = (kind: string, thing: string) => {
    const key = `${kind} ${thing}`;
    if (!things.has(key)) things.set(key, `${kind}${things.size + 1}`);
    return things.get(key)!;
  };
  const replace = (text: string, by: ReadonlyMap<string, string>) =>
    text.replace(/[A-Za-z_][A-Za-z0-9_]*/g, (word) => by.get(word) ?? word);
  const alias = (name: string) => names.get(name) ?? token("factor", name);
  const step = <T extends { param: string }>(row: T): T => ({ ...row, param: alias(row.param) });
  const file = (path: string) => token("file", path);
  const hidden: EvidenceView = {
    ...evidence,
    formula: "(hidden)",
    parameters: evidence.parameters.map((p) => ({ ...p, name: alias(p.name), description: "" })),
    failures: evidence.failures.map((f) => ({
      ...f,
      repo: token("repo", f.repo),
      subject: "(hidden)",
      query: file(f.seed_file),
      seed_file: file(f.seed_file),
      expected: f.expected.map(file),
      ranked_first: f.ranked_first.map(file),
      pairs: f.pairs.map((pair) => ({
        ...pair,
        missed: file(pair.missed),
        distractor: file(pair.distractor),
        parts: pair.parts.map((part) => ({ ...part, factor: token("factor", part.factor) })),
        carriers: pair.carriers.map((carrier) => token("factor", carrier)),
        flips: pair.flips.map(step),
      })),
    })),
    votes: evidence.votes.map(step),
    dead: evidence.dead.map(alias),
    bundles: evidence.bundles.map((bundle) => ({ ...bundle, steps: bundle.steps.map(step) })),
    options: [],
  };
  // Claims speak of factors and signals too: every word of the formula is a name.
  const words = new Map(names);
  for (const [word] of evidence.formula.matchAll(/[A-Za-z_][A-Za-z0-9_]*/g)) words.set(word, alias(word));
  for (const [key, hiddenAs] of things) if (key.startsWith("factor ")) words.set(key.slice(7), hiddenAs);
  const revealed = new Map([...words].map(([name, hiddenAs]) => [hiddenAs, name]));
  const show = (text: string) => replace(text, revealed);
  return {
    evidence: hidden,
    memory: {
      insights: memory.insights.map((line) => replace(line, words)),
      tried: memory.tried.filter((t) => t.edits.length === 0).map((t) => ({
        ...t,
        steps: t.steps.map(step),
        reason: "(hidden)",
      })),
    },
    space: space.map((p) => ({ ...p, name: alias(p.name), description: "" })),
    point: Object.fromEntries(Object.entries(point).map(([name, value]) => [alias(name), value])),
    structural: false,
    reveal: (reply) => ({
      ...reply,
      proposed_changes: reply.proposed_changes.map((change) => ({
        ...change,
        param: back.get(change.param)!,
        rationale: show(change.rationale),
      })),
      param_interactions: reply.param_interactions.map(show),
      structural_insights: reply.structural_insights.map(show),
      diagnosis: show(reply.diagnosis),
    }),
  };
}
