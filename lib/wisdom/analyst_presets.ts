/** Candidate presets: for each kind of case, what was accepted and helps there, with a few moves of its own. */
import type { Point } from "../records/space.ts";
import { type AnalystEvidence, heldIn } from "./analyst_evidence.ts";
import { signed } from "./analyst_heuristics.ts";
import type { Draft } from "./draft.ts";
import { quickDifference } from "./scores.ts";
import { PRESET_STRATA, type PresetStratum } from "./strata.ts";

/** Fewest train commits of a stratum that a preset may be tuned on. */
const FEWEST_COMMITS = 12;

/** Most own moves of a preset, and how many of the best single steps are tried in combination. */
const MOST_MOVES = 4, TRIED_MOVES = 8;

/** A move must help by this many standard errors and by this much, or it is noise that was fitted. */
const LEAST_STRENGTH = 1, LEAST_GAIN = 0.002;

/** Puts one preset forward for every stratum with enough train cases, in the order of the strata. */
export function proposePresets(evidence: AnalystEvidence): Draft["presets"] {
  return PRESET_STRATA.flatMap((stratum) => presetOf(evidence, stratum) ?? []);
}

function presetOf(
  evidence: AnalystEvidence,
  stratum: PresetStratum,
): Draft["presets"][number] | undefined {
  const { scores, space, tuned, steps } = evidence, { arena } = scores;
  evidence.signal?.throwIfAborted();
  const held = heldIn(evidence, stratum.condition, true), inside = (i: number) => held[i]!;
  const gainOver = (treated: Float64Array, plain: Float64Array) =>
    quickDifference(arena, treated, plain, inside);
  const plain = scores.at(tuned);
  if (gainOver(plain, plain).commits < FEWEST_COMMITS) return undefined;

  let point: Point = withoutHarm(evidence, gainOver);
  let values = scores.at(point);
  const promising = steps.map((step) => ({ step, gain: gainOver(step.values, plain) }))
    .filter(({ gain }) => gain.mean >= LEAST_GAIN && gain.mean >= LEAST_STRENGTH * gain.standardError)
    .sort((a, b) => b.gain.mean - a.gain.mean).slice(0, TRIED_MOVES);
  const moved = new Set<string>();
  for (const { step } of promising) {
    if (moved.size >= MOST_MOVES) break;
    if (moved.has(step.parameter)) continue;
    const next = { ...point, [step.parameter]: step.to }, there = scores.at(next);
    const gain = gainOver(there, values);
    if (gain.mean < LEAST_GAIN || gain.mean < LEAST_STRENGTH * gain.standardError) continue;
    [point, values] = [next, there];
    moved.add(step.parameter);
  }
  const differing = space.filter(({ name }) => point[name] !== tuned[name]).map(({ name }) => name);
  const shown = differing.length > 0 ? differing : space.map(({ name }) => name);
  const { mean, commits } = gainOver(values, plain);
  const change = differing.length === 0
    ? `the tuned point as it is: nothing helped these cases beyond it`
    : `${differing.join(", ")} moved, ${
      signed(mean)
    } nDCG@10 over the tuned point on ${commits} train commits`;
  return {
    name: stratum.name,
    description: `For ${stratum.description}: ${change}.`,
    stratum: stratum.condition,
    params: shown.map((param) => ({ param, value: point[param]! })),
    episodes: evidence.episodesAbout(differing, held),
  };
}

/** The tuned point with every accepted change taken back that costs these cases more than noise. */
function withoutHarm(
  { scratchpads, scores, defaults, tuned }: AnalystEvidence,
  gainOver: (treated: Float64Array, plain: Float64Array) => { mean: number; standardError: number },
): Point {
  const accepted = new Set(scratchpads.flatMap(({ state }) => state.accepted.map(({ param }) => param)));
  let point = tuned;
  for (const param of [...accepted].sort()) {
    if (defaults[param] === undefined || defaults[param] === point[param]) continue;
    const back = { ...point, [param]: defaults[param] };
    const gain = gainOver(scores.at(back), scores.at(point));
    if (gain.mean >= LEAST_GAIN && gain.mean >= LEAST_STRENGTH * gain.standardError) point = back;
  }
  return point;
}
