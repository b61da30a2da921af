/** Presets, rules and warnings as TOML, for tools that read configuration rather than records. */
import type { Wisdom } from "../records/wisdom.ts";
import { exportedPresets } from "./export_rust.ts";

/** Writes TOML 1.0: a table a preset, arrays of tables for rules and warnings. */
export function exportToml(wisdom: Wisdom): string {
  const head = [
    `name = ${text(wisdom.name)}`,
    `formula_hash = ${text(wisdom.formula_hash)}`,
    `query = ${text(wisdom.query)}`,
    `conclusion = ${text(wisdom.conclusion)}`,
  ];
  const presets = exportedPresets(wisdom).flatMap(({ name, description, params }) => [
    "",
    `[presets.${name}]`,
    `description = ${text(description)}`,
    "",
    `[presets.${name}.params]`,
    ...Object.entries(params).sort((a, b) => a[0] < b[0] ? -1 : 1).map(([param, value]) =>
      `${param} = ${number(value)}`
    ),
  ]);
  const heuristics = wisdom.heuristics.flatMap((heuristic) => [
    "",
    "[[heuristics]]",
    `rule = ${text(heuristic.text)}`,
    `verdict = ${text(heuristic.tested.verdict)}`,
    `default_on = ${heuristic.default_on}`,
    `episodes = ${list(heuristic.episodes)}`,
  ]);
  const warnings = wisdom.warnings.flatMap((warning) => [
    "",
    "[[warnings]]",
    `rule = ${text(warning.text)}`,
    `status = ${text(warning.status)}`,
    `episodes = ${list(warning.episodes)}`,
  ]);
  return [...head, ...presets, ...heuristics, ...warnings, ""].join("\n");
}

/** A float always: a reader of one type reads every value. */
const number = (value: number): string => /[.e]/.test(String(value)) ? String(value) : `${value}.0`;

const list = (items: readonly string[]): string => `[${items.map(text).join(", ")}]`;

/** A basic string: JSON's escapes are TOML's, but for the few characters JSON leaves as they are. */
function text(words: string): string {
  return JSON.stringify(words.toWellFormed()).replace(
    /[\u007f-\u009f]/g,
    (c) => "\\u" + c.charCodeAt(0).toString(16).padStart(4, "0"),
  );
}
