/** `structural_proposals.md`: what tuning cannot fix, as tickets for people. Derived from the journal; never read back. */
import { join } from "node:path";
import { writeTextAtomic } from "../base/artefacts.ts";
import { terminalText } from "../claude/escape.ts";
import type { Episode } from "../records/episode.ts";
import type { ScratchpadState } from "../scratchpad/fold.ts";
import type { BeyondPoint } from "./beyond.ts";

/** Name of the file within the study's folder. */
export const TICKETS_FILE = "structural_proposals.md";

/** Text from a model or a commit on one line of Markdown, its markup taken literally. */
const line = (text: string) =>
  terminalText(text, { oneLine: true, max: 600 }).replace(/[\\`*_{}[\]<>#|!]/g, "\\$&");

/** Writes the tickets of a study: failures that no tuning helps, edits that were tried, then insights that name no edit. */
export function writeTickets(dir: string, state: ScratchpadState, beyond: readonly BeyondPoint[]): void {
  writeTextAtomic(join(dir, TICKETS_FILE), ticketsMarkdown(state, beyond));
}

/** The tickets as Markdown. Equal arguments give equal bytes. */
export function ticketsMarkdown(state: ScratchpadState, beyond: readonly BeyondPoint[] = []): string {
  const tried = state.episodes.filter((e) => e.proposal?.structural_edits != null).map(editTicket);
  const said = state.insights.filter((i) => i.kind === "structural_proposal").map((insight) =>
    [
      `## ${line(insight.text)}`,
      "",
      `- Evidence: claimed ${insight.times_claimed} times, in ${
        insight.provenance.join(", ") || "no episode"
      }`,
      "- Limitation: as its title says; no typed edit came with it, so nothing was run",
      `- Proposal: ${
        insight.paraphrases.length > 0 ? insight.paraphrases.map(line).join("; ") : "none beyond the title"
      }`,
      `- Impact: not measured; ${insight.tests.length} tests`,
      `- Status: ${insight.retired !== null ? "withdrawn" : insight.status}, open for a person`,
      "",
    ].join("\n")
  );
  return [
    "# Structural proposals",
    "",
    "Failures that were proven beyond tuning, edits of the formula that were tried and judged, and limitations that were named without an edit.",
    "",
    ...beyondTickets(beyond),
    ...tried,
    ...said,
  ].join("\n");
}

/** One ticket a formula: the cases it cannot rank right whatever its numbers are. */
function beyondTickets(beyond: readonly BeyondPoint[]): string[] {
  return [...Map.groupBy(beyond, (b) => b.formula_hash)].map(([hash, proofs]) => {
    const cases = new Map(proofs.map((proof) => [proof.case_id, proof]));
    return [
      `## Beyond every point of formula ${hash.slice(0, 12)}: ${cases.size} ${
        cases.size === 1 ? "failure" : "failures"
      }`,
      "",
      "- Evidence: a certificate for each pair, as `deno task certify` gives it",
      ...[...cases.values()].flatMap(({ case_id, pairs }) =>
        pairs.map(({ missed, distractor }) =>
          `  - ${line(case_id)}: ${line(missed)} stays below ${line(distractor)}`
        )
      ),
      "- Limitation: no values of the parameters within their bounds turn any of these pairs",
      "- Proposal: an edit of the formula; which one is open",
      `- Impact: not measured; ${cases.size} of the cases that were checked`,
      "- Status: proven, open for an edit or a person",
      "",
    ].join("\n");
  });
}

function editTicket(episode: Episode): string {
  const { edits, rationale } = episode.proposal!.structural_edits!;
  const measured = episode.measured.selection ?? episode.measured.race;
  const where = episode.measured.selection ? "selection" : "race";
  return [
    `## ${episode.id}: ${edits.length} ${edits.length === 1 ? "edit" : "edits"} of the formula`,
    "",
    `- Evidence: ${episode.failures.map((f) => line(f.case_id)).join(", ")}`,
    `- Limitation: ${line(episode.proposal!.diagnosis)}`,
    `- Proposal: ${line(rationale)}`,
    ...edits.map((edit) => `  - \`${JSON.stringify(edit).replaceAll("`", "'")}\``),
    `- Impact: ${
      measured === null
        ? "not measured"
        : `${measured.mean.toFixed(4)} [${measured.low.toFixed(4)}, ${
          measured.high.toFixed(4)
        }] nDCG at 10 on ${measured.n_cases} ${where} cases`
    }`,
    `- Status: ${episode.decision}. ${line(episode.reasons[0]!)}`,
    "",
  ].join("\n");
}
