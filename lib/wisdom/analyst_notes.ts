/** Warnings from claimed interactions, and sentences for people, each linked to what is behind it. */
import { isLive } from "../scratchpad/mod.ts";
import type { SearchSpace } from "../records/space.ts";
import { compileClaim, KNOWN_INTERACTIONS } from "../sensitivity/claim_registry.ts";
import type { AnalystEvidence } from "./analyst_evidence.ts";
import { signed } from "./analyst_heuristics.ts";
import { claimOfWords, warningOfClaim } from "./claim_warning.ts";
import type { Draft } from "./draft.ts";

/** Most warnings from insights, beside the specification's. */
const MOST_WARNINGS = 8;

/** Short form of a hypothesis id, as warnings cite it. */
export const shortId = (id: string): string => id.slice(0, 8);

/**
 * The specification's known interactions, then those the study claimed itself and no test refuted; each claim once.
 *
 * A claim over parameters that the formula lacks is left out. The claim that something gets better warns of nothing.
 */
export function writeWarnings(evidence: AnalystEvidence): Draft["warnings"] {
  const { space, scratchpads } = evidence;
  const names = new Set(space.map(({ name }) => name)), seen = new Set<string>();
  const warnings: Draft["warnings"] = [];
  const add = (claim: string, message: string, episodes: (parameters: readonly string[]) => string[]) => {
    const compiled = compileClaim(claim, space);
    if (compiled.sign === "better" || seen.has(compiled.id)) return;
    seen.add(compiled.id);
    warnings.push({
      text: warningOfClaim(compiled.text, space, message, `hypothesis ${shortId(compiled.id)}`),
      claim: compiled.text,
      episodes: episodes(compiled.parameters),
    });
  };
  for (const { claim, note } of KNOWN_INTERACTIONS) {
    const parameters = [...claim.matchAll(/(?:low|mid|high|extreme) (\w+)/g)].map((m) => m[1]!);
    if (!parameters.every((name) => names.has(name))) continue;
    add(claim, note.replace(/\.$/, ""), (moved) => evidence.episodesAbout(moved, []));
  }
  const known = warnings.length;
  for (const { study, state } of scratchpads) {
    for (const insight of state.insights) {
      if (warnings.length - known >= MOST_WARNINGS) return warnings;
      if (insight.kind !== "interaction" || !isLive(insight) || insight.status === "refuted") continue;
      const claim = claimOf(insight.text, space);
      if (claim === undefined) continue;
      const own = insight.provenance.map((id) => `${study}/${id}`);
      add(
        claim,
        insight.text,
        (moved) => own.length > 0 ? own : evidence.episodesAbout(moved, []),
      );
    }
  }
  return warnings;
}

/** The claim an insight makes: as it stands where it is written in the claim language, else as its words say. */
function claimOf(text: string, space: SearchSpace): string | undefined {
  try {
    return compileClaim(text, space).text;
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof RangeError)) throw error;
    return claimOfWords(text, space);
  }
}

/** Sentences of what moved and what did not, then the best supported patterns; the last one is marked as an opinion. */
export function writeIntuitions({ scratchpads, defaults, tuned }: AnalystEvidence): Draft["intuitions"] {
  const sentences: Draft["intuitions"] = [];
  for (const { study, state } of scratchpads) {
    for (const [id, changes] of Map.groupBy(state.accepted, ({ episode }) => episode)) {
      const gain = state.episodes.find((episode) => episode.id === id)?.measured.selection;
      const moves = changes.map(({ param, from, to }) => `${param} from ${short(from)} to ${short(to)}`);
      sentences.push({
        sentence: `Moving ${moves.join(", ")} was accepted${
          gain ? `: ${signed(gain.mean)} nDCG@10 on selection cases` : ""
        }.`,
        evidence: [`${study}/${id}`],
      });
    }
    const turnedDown = Map.groupBy(
      state.episodes.filter(({ decision }) => decision === "rejected" || decision === "lateral")
        .flatMap(({ id, proposal }) => (proposal?.changes ?? []).map((change) => ({ id, ...change }))),
      ({ param, direction }) => `${direction} ${param}`,
    );
    for (const [what, changes] of [...turnedDown].sort((a, b) => b[1].length - a[1].length).slice(0, 2)) {
      if (changes.length < 2) continue;
      sentences.push({
        sentence: `To ${what} was tried ${changes.length} times and not shown to help.`,
        evidence: changes.map(({ id }) => `${study}/${id}`),
      });
    }
    const told = state.insights.filter((i) => isLive(i) && i.status !== "refuted" && i.kind !== "interaction")
      .sort((a, b) =>
        Number(b.status === "supported") - Number(a.status === "supported") || b.helpful - a.helpful ||
        b.times_claimed - a.times_claimed || (a.id < b.id ? -1 : 1)
      ).slice(0, 4);
    for (const insight of told) {
      sentences.push({
        sentence: `${
          insight.text.replace(/\.$/, "")
        } (${insight.status}, claimed ${insight.times_claimed}x).`,
        evidence: [insight.id, ...insight.provenance.map((id) => `${study}/${id}`)],
      });
    }
  }
  const moved = Object.keys(defaults).filter((name) => tuned[name] !== defaults[name]).length;
  sentences.push({
    sentence: moved === 0
      ? "Where training moved nothing, trust the defaults and look at the formula instead."
      : "Start from the tuned point, and reach for a preset only where its interval lies above it.",
    evidence: [],
  });
  return sentences.slice(0, 20);
}

const short = (value: number): string => String(Number(value.toPrecision(3)));
