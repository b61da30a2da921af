//! Presets of ripmap-lab wisdom v1.0. Generated; edit the wisdom instead.

use crate::types::RankingConfig;

/// One choice of `--preset`.
pub struct Preset {
    pub name: &'static str,
    pub description: &'static str,
    pub config: fn() -> RankingConfig,
}

/// Every preset, in the order they are listed to the user.
pub const PRESETS: &[Preset] = &[
    Preset { name: "defaults", description: "the formula's defaults", config: preset_defaults },
    Preset { name: "tuned", description: "the point training ended at", config: preset_tuned },
];

/// The configuration of a `--preset` value, or the names there are.
pub fn preset(name: &str) -> Result<RankingConfig, String> {
    match PRESETS.iter().find(|preset| preset.name == name) {
        Some(preset) => Ok((preset.config)()),
        None => {
            let names: Vec<&str> = PRESETS.iter().map(|preset| preset.name).collect();
            Err(format!("unknown preset {name:?}: there is {}", names.join(", ")))
        }
    }
}

/// the formula's defaults
pub fn preset_defaults() -> RankingConfig {
    RankingConfig {
        boost_chat_file: 20.0,
        boost_focus_expansion: 5.0,
        boost_mentioned_file: 5.0,
        boost_mentioned_ident: 10.0,
        boost_temporal_coupling: 3.0,
        depth_weight_deep: 0.1,
        depth_weight_moderate: 0.5,
        depth_weight_root: 1.0,
        depth_weight_vendor: 0.01,
        focus_expansion_decay: 0.5,
        focus_expansion_max_hops: 2,
        git_churn_max_boost: 5.0,
        git_churn_threshold: 10,
        git_recency_decay_days: 30.0,
        git_recency_max_boost: 10.0,
        pagerank_alpha: 0.85,
        pagerank_chat_multiplier: 100.0,
        ..RankingConfig::default()
    }
}

/// the point training ended at
pub fn preset_tuned() -> RankingConfig {
    RankingConfig {
        boost_chat_file: 20.0,
        boost_focus_expansion: 5.0,
        boost_mentioned_file: 5.0,
        boost_mentioned_ident: 10.0,
        boost_temporal_coupling: 3.0,
        depth_weight_deep: 0.1,
        depth_weight_moderate: 0.5,
        depth_weight_root: 1.0,
        depth_weight_vendor: 0.01,
        focus_expansion_decay: 0.5,
        focus_expansion_max_hops: 2,
        git_churn_max_boost: 5.0,
        git_churn_threshold: 10,
        git_recency_decay_days: 30.0,
        git_recency_max_boost: 10.0,
        pagerank_alpha: 0.85,
        pagerank_chat_multiplier: 100.0,
        ..RankingConfig::default()
    }
}
