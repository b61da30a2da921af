/** The section on forecasts: what the reasoner said would happen, what did, and how much its word is worth. */
import { calibrate, forecastRecord } from "../reasoning/forecast.ts";
import type { StudyFacts } from "../study/facts.ts";
import { plural, round, signed } from "./number_words.ts";
import { foldedView, type ReportSection } from "./report.ts";
import { table } from "./table.ts";

const percent = (share: number) => `${Math.round(100 * share)} %`;

/**
 * Every scored forecast beside what was measured. Confidence and size are shown as calibrated from the forecasts before it; the stated
 * ones are claims and stand in a column of their own.
 */
export function forecastsSection({ forecasts, scratchpad }: StudyFacts): ReportSection {
  const title = "Forecasts, and whether they came true";
  if (forecasts.length === 0) {
    return { title, blocks: ["No proposal was measured yet, so no forecast could be scored."] };
  }
  const record = forecastRecord(forecasts);
  const index = new Map(scratchpad.episodes.map((e) => [e.id, e.index]));
  const rows = forecasts.map((f, i) => {
    const calibrated = calibrate(
      { delta_ndcg: f.delta_said, confidence: f.confidence },
      forecasts.slice(0, i),
    );
    return {
      episode: index.get(f.id) ?? f.id,
      "confidence, calibrated": round(calibrated.confidence, 2),
      "change, calibrated": signed(calibrated.delta_ndcg),
      "change found": signed(f.delta_found),
      "measured on": f.basis === "race" ? "train race" : f.basis,
      "sign came true": f.sign_said === f.sign_found ? "yes" : "no",
      "cases said to improve that did": `${f.flips_both} of ${f.flips_said}`,
      "confidence, stated": f.confidence,
      "change, stated": signed(f.delta_said),
    };
  });
  const stated = forecasts.reduce((sum, f) => sum + f.confidence, 0) / forecasts.length;
  const latest = forecasts.at(-1)!;
  const next = calibrate({ delta_ndcg: latest.delta_said, confidence: latest.confidence }, forecasts);
  return {
    title,
    blocks: [
      `Of ${plural(record.n, "forecast")} that could be measured, the sign came true in ${
        percent(record.sign_accuracy!)
      }; stated confidence was ${percent(stated)} on average. Brier score ${
        record.brier!.toFixed(3)
      } (0 is perfect, 0.25 is what always saying one half gives); sizes were off by ${
        record.delta_error!.toFixed(3)
      } nDCG@10 on average. With this record, a forecast like the last one (${signed(latest.delta_said)}, ${
        percent(latest.confidence)
      } sure) counts as ${signed(next.delta_ndcg)} and ${percent(next.confidence)}.`,
      foldedView("Each forecast", table(rows, { limit: 200, digits: 3 })),
      foldedView(
        "Reliability: how many came true, by stated confidence",
        table(record.bins.map((bin) => ({
          "stated confidence": `${bin.low.toFixed(1)} – ${(bin.low + 0.1).toFixed(1)}`,
          forecasts: bin.n,
          "mean stated": round(bin.confidence, 2),
          "came true": round(bin.came_true, 2),
        }))),
      ),
    ],
  };
}
