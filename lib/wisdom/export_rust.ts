/** Presets as a Rust source file for ripmap: functions that fill its `RankingConfig`, and the table behind a `--preset` flag. */
import type { Wisdom } from "../records/wisdom.ts";

/**
 * Field and type of each parameter in ripmap's `RankingConfig` (its `src/types.rs`). Two have other names there, two are whole
 * numbers.
 */
export const RIPMAP_FIELDS: Readonly<
  Record<string, { readonly field: string; readonly type: "f64" | "usize" }>
> = {
  ...Object.fromEntries(
    [
      "pagerank_alpha",
      "pagerank_chat_multiplier",
      "depth_weight_root",
      "depth_weight_moderate",
      "depth_weight_deep",
      "depth_weight_vendor",
      "boost_mentioned_ident",
      "boost_mentioned_file",
      "boost_chat_file",
      "boost_temporal_coupling",
      "boost_focus_expansion",
      "git_recency_decay_days",
      "git_recency_max_boost",
      "git_churn_max_boost",
    ].map((name) => [name, { field: name, type: "f64" as const }]),
  ),
  git_churn_threshold: { field: "git_churn_threshold", type: "usize" },
  focus_decay: { field: "focus_expansion_decay", type: "f64" },
  focus_max_hops: { field: "focus_expansion_max_hops", type: "usize" },
};

/** A configuration that is exported: the tuned point, or a preset that was kept. */
export interface ExportedPreset {
  readonly name: string;
  readonly description: string;
  readonly params: Readonly<Record<string, number>>;
}

/** What exports offer by name: "defaults", "tuned" and the presets that were kept, under the record's own formula. */
export function exportedPresets(wisdom: Wisdom): ExportedPreset[] {
  return [
    { name: "defaults", description: "the formula's defaults", params: wisdom.defaults },
    { name: "tuned", description: "the point training ended at", params: wisdom.tuned.params },
    ...wisdom.presets.filter((preset) => preset.kept && preset.formula === null),
  ];
}

/**
 * Writes the source file. It expects `crate::types::RankingConfig` with a `Default` and names only that.
 *
 * Parameters that ripmap does not have (those of other formulas) stand in a comment.
 */
export function exportRust(wisdom: Wisdom): string {
  const presets = exportedPresets(wisdom);
  const functions = presets.map(({ name, description, params }) => {
    const rows = Object.entries(params).sort((a, b) => a[0] < b[0] ? -1 : 1);
    const fields = rows.flatMap(([param, value]) => {
      const at = RIPMAP_FIELDS[param];
      return at === undefined ? [] : [`        ${at.field}: ${literal(value, at.type)},`];
    });
    const foreign = rows.filter(([param]) => RIPMAP_FIELDS[param] === undefined)
      .map(([param, value]) => `    // no such field: ${param} = ${value}`);
    return [
      `/// ${comment(description)}`,
      `pub fn ${functionName(name)}() -> RankingConfig {`,
      ...foreign,
      "    RankingConfig {",
      ...fields,
      "        ..RankingConfig::default()",
      "    }",
      "}",
    ].join("\n");
  });
  const table = presets.map(({ name, description }) =>
    `    Preset { name: ${text(name)}, description: ${text(description)}, config: ${functionName(name)} },`
  );
  return `//! Presets of ripmap-lab wisdom ${comment(wisdom.name)}. Generated; edit the wisdom instead.

use crate::types::RankingConfig;

/// One choice of \`--preset\`.
pub struct Preset {
    pub name: &'static str,
    pub description: &'static str,
    pub config: fn() -> RankingConfig,
}

/// Every preset, in the order they are listed to the user.
pub const PRESETS: &[Preset] = &[
${table.join("\n")}
];

/// The configuration of a \`--preset\` value, or the names there are.
pub fn preset(name: &str) -> Result<RankingConfig, String> {
    match PRESETS.iter().find(|preset| preset.name == name) {
        Some(preset) => Ok((preset.config)()),
        None => {
            let names: Vec<&str> = PRESETS.iter().map(|preset| preset.name).collect();
            Err(format!("unknown preset {name:?}: there is {}", names.join(", ")))
        }
    }
}

${functions.join("\n\n")}
`;
}

/** No preset name can be a Rust keyword behind this prefix. */
const functionName = (name: string): string => `preset_${name}`;

function literal(value: number, type: "f64" | "usize"): string {
  if (type === "usize") return String(Math.max(0, Math.round(value)));
  const shown = String(value);
  return /[.e]/.test(shown) ? shown : `${shown}.0`;
}

/** One line that ends no comment and starts no other. */
const comment = (words: string): string => words.replace(/[\p{C}\s]+/gu, " ").trim();

/** A Rust string literal. */
function text(words: string): string {
  const escaped = comment(words).replace(/[\\"]/g, (c) => `\\${c}`);
  return `"${escaped}"`;
}
