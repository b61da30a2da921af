/** Wisdom at work: from facts to the configuration that is used, and what is to be said about it. */
import { type Formula, parseFormula } from "../formula/document.ts";
import { searchSpace } from "../formula/parameters.ts";
import { parsePoint, type Point } from "../records/space.ts";
import type { Wisdom, WisdomPreset, WisdomWarning } from "../records/wisdom.ts";
import { compileHeuristics, type HeuristicMove } from "./heuristic_compile.ts";
import type { HeuristicConflict } from "./heuristic_conflicts.ts";
import { compileWarnings, type FiredWarning } from "./heuristic_warning.ts";
import type { Facts } from "./heuristic_vocabulary.ts";
import { heldBy } from "./strata.ts";

/** A configuration with its reasons. */
export interface Configuration {
  readonly formula: Formula;
  /** The point to rank at: preset or tuned point, moved by the default-on rules that fired */
  readonly point: Point;
  /** Null: the tuned point */
  readonly preset: WisdomPreset | null;
  /** Rules that fired and are on; their moves of single parameters, and where they got in each other's way */
  readonly fired: readonly string[];
  readonly moves: readonly HeuristicMove[];
  readonly conflicts: readonly HeuristicConflict[];
  /** Rules that would fire, and are off because they were not shown to help */
  readonly off: readonly { readonly text: string; readonly reason: string }[];
  /** Warnings that fire at the point, refuted ones left out, each with what made it fire */
  readonly warnings: readonly {
    readonly warning: WisdomWarning;
    readonly because: FiredWarning["because"];
  }[];
  /** Kept presets whose stratum holds here, by name */
  readonly suitable: readonly string[];
}

/** What is wanted of the wisdom. */
export interface ConfigureOptions {
  /** A preset by name; default: the tuned point */
  readonly preset?: string;
}

/**
 * Configures a ranking from wisdom.
 *
 * @throws {RangeError} for a preset the wisdom does not have, naming those it has, and for one that did not stand its test
 * @throws {FormulaError | LanguageError} for a record that was edited by hand
 */
export function configure(wisdom: Wisdom, facts: Facts, options: ConfigureOptions = {}): Configuration {
  const preset = options.preset === undefined ? null : findPreset(wisdom, options.preset);
  const own = preset !== null && preset.formula !== null;
  const formula = parseFormula(own ? preset.formula : wisdom.formula), space = searchSpace(formula);
  const start = parsePoint(space, preset?.params ?? wisdom.tuned.params);
  // Rules speak of the record's own formula; a preset with another one stands by itself.
  const rules = own ? [] : wisdom.heuristics;
  const applied = compileHeuristics(rules.filter((r) => r.default_on).map((r) => r.text), space)
    .apply(facts, start);
  const off = rules.filter((r) => !r.default_on);
  const warnings = own ? [] : wisdom.warnings.filter(({ status }) => status !== "refuted");
  return {
    formula,
    point: applied.point,
    preset,
    fired: applied.fired.map(({ text }) => text),
    moves: applied.moves,
    conflicts: applied.conflicts,
    // Dozens of rules may be off; whoever ranks never asks for them, and reading them would take longer than ranking.
    get off() {
      const fired = compileHeuristics(off.map((r) => r.text), space).apply(facts, start).fired;
      return fired.map(({ index }) => {
        const { text, tested } = off[index]!;
        return { text, reason: `${tested.verdict}: ${tested.reason}` };
      });
    },
    warnings: compileWarnings(warnings.map(({ text }) => text), space).fires(facts, applied.point)
      .map(({ index, because }) => ({ warning: warnings[index]!, because })),
    suitable: wisdom.presets.filter((p) => p.kept && heldBy(p.stratum, [facts])[0]).map(({ name }) => name),
  };
}

function findPreset(wisdom: Wisdom, name: string): WisdomPreset {
  const found = wisdom.presets.find((preset) => preset.name === name);
  if (found?.kept) return found;
  if (found !== undefined) {
    throw new RangeError(
      `The preset ${name} was put forward and not kept, ${found.tested.verdict}: ${found.tested.reason}. Leave --preset out, or choose another`,
    );
  }
  const names = wisdom.presets.filter((preset) => preset.kept).map((preset) => preset.name);
  throw new RangeError(
    `There is no preset ${JSON.stringify(name)}: ${wisdom.name} has ${names.join(", ") || "none"}`,
  );
}
