/** Wisdom in the specification's own shapes: what its scratchpad calls presets, heuristics and warnings, and a ParameterPoint. */
import { type Distilled, Distilled as DistilledShape } from "../records/scratchpad.ts";
import type { Wisdom } from "../records/wisdom.ts";

/** The three distilled fields of the spec's Scratchpad: presets that were kept, rules that are on, warnings that were not refuted. */
export function exportDistilled(wisdom: Wisdom): Distilled {
  return DistilledShape.parse({
    presets: Object.fromEntries(
      wisdom.presets.filter((preset) => preset.kept).map((
        { name, params, description },
      ) => [name, [params, description]]),
    ),
    heuristics: wisdom.heuristics.filter((heuristic) => heuristic.default_on).map(({ text }) => text),
    warnings: wisdom.warnings.filter(({ status }) => status !== "refuted").map(({ text }) => text),
  });
}

/**
 * The spec's ParameterPoint: one number a parameter, by the spec's names, of the tuned point or a preset.
 *
 * @throws {RangeError} for a preset that was not kept or does not exist
 */
export function exportPoint(wisdom: Wisdom, preset?: string): Record<string, number> {
  if (preset === undefined) return { ...wisdom.tuned.params };
  const found = wisdom.presets.find(({ name, kept }) => name === preset && kept);
  if (found === undefined) {
    const names = wisdom.presets.filter(({ kept }) => kept).map(({ name }) => name);
    throw new RangeError(
      `There is no kept preset ${JSON.stringify(preset)}: ${wisdom.name} has ${names.join(", ") || "none"}`,
    );
  }
  return { ...found.params };
}
