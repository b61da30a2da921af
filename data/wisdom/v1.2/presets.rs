//! Presets of ripmap-lab wisdom v1.2. Generated; edit the wisdom instead.

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
    Preset { name: "debugging", description: "For chasing a fault: the tuned point as it is: nothing helped these cases beyond it.", config: preset_debugging },
    Preset { name: "extending", description: "For adding a feature: the tuned point as it is: nothing helped these cases beyond it.", config: preset_extending },
    Preset { name: "exploring", description: "For work that names no purpose: the tuned point as it is: nothing helped these cases beyond it.", config: preset_exploring },
    Preset { name: "testing", description: "For starting from a test: the tuned point as it is: nothing helped these cases beyond it.", config: preset_testing },
    Preset { name: "quiet_file", description: "For starting from a file the history hardly knows: git_churn_max_boost moved, +0.003 nDCG@10 over the tuned point on 297 train commits.", config: preset_quiet_file },
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
    // no such field: direct_edge_cochange_from_seed = 5
    // no such field: direct_edge_cochange_from_seed_signal_gamma = 1
    // no such field: text_similarity_identifiers = 5
    // no such field: text_similarity_identifiers_signal_gamma = 1
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
    // no such field: direct_edge_cochange_from_seed = 3981.071705534961
    // no such field: direct_edge_cochange_from_seed_signal_gamma = 3
    // no such field: text_similarity_identifiers = 1584.8931924611109
    // no such field: text_similarity_identifiers_signal_gamma = 3
    RankingConfig {
        boost_chat_file: 20.000000000000004,
        boost_focus_expansion: 63.095734448019265,
        boost_mentioned_file: 5.0,
        boost_mentioned_ident: 10.0,
        boost_temporal_coupling: 7.943282347242818,
        depth_weight_deep: 0.1883649089489802,
        depth_weight_moderate: 0.29435200932623745,
        depth_weight_root: 0.47523427178667427,
        depth_weight_vendor: 0.01,
        focus_expansion_decay: 0.11750000000000001,
        focus_expansion_max_hops: 4,
        git_churn_max_boost: 3.9810717055349722,
        git_churn_threshold: 0,
        git_recency_decay_days: 21.575213981599187,
        git_recency_max_boost: 7.07945784384137,
        pagerank_alpha: 0.05,
        pagerank_chat_multiplier: 177.82794100389228,
        ..RankingConfig::default()
    }
}

/// For chasing a fault: the tuned point as it is: nothing helped these cases beyond it.
pub fn preset_debugging() -> RankingConfig {
    // no such field: direct_edge_cochange_from_seed = 3981.071705534961
    // no such field: direct_edge_cochange_from_seed_signal_gamma = 3
    // no such field: text_similarity_identifiers = 1584.8931924611109
    // no such field: text_similarity_identifiers_signal_gamma = 3
    RankingConfig {
        boost_chat_file: 20.000000000000004,
        boost_focus_expansion: 63.095734448019265,
        boost_mentioned_file: 5.0,
        boost_mentioned_ident: 10.0,
        boost_temporal_coupling: 7.943282347242818,
        depth_weight_deep: 0.1883649089489802,
        depth_weight_moderate: 0.29435200932623745,
        depth_weight_root: 0.47523427178667427,
        depth_weight_vendor: 0.01,
        focus_expansion_decay: 0.11750000000000001,
        focus_expansion_max_hops: 4,
        git_churn_max_boost: 3.9810717055349722,
        git_churn_threshold: 0,
        git_recency_decay_days: 21.575213981599187,
        git_recency_max_boost: 7.07945784384137,
        pagerank_alpha: 0.05,
        pagerank_chat_multiplier: 177.82794100389228,
        ..RankingConfig::default()
    }
}

/// For adding a feature: the tuned point as it is: nothing helped these cases beyond it.
pub fn preset_extending() -> RankingConfig {
    // no such field: direct_edge_cochange_from_seed = 3981.071705534961
    // no such field: direct_edge_cochange_from_seed_signal_gamma = 3
    // no such field: text_similarity_identifiers = 1584.8931924611109
    // no such field: text_similarity_identifiers_signal_gamma = 3
    RankingConfig {
        boost_chat_file: 20.000000000000004,
        boost_focus_expansion: 63.095734448019265,
        boost_mentioned_file: 5.0,
        boost_mentioned_ident: 10.0,
        boost_temporal_coupling: 7.943282347242818,
        depth_weight_deep: 0.1883649089489802,
        depth_weight_moderate: 0.29435200932623745,
        depth_weight_root: 0.47523427178667427,
        depth_weight_vendor: 0.01,
        focus_expansion_decay: 0.11750000000000001,
        focus_expansion_max_hops: 4,
        git_churn_max_boost: 3.9810717055349722,
        git_churn_threshold: 0,
        git_recency_decay_days: 21.575213981599187,
        git_recency_max_boost: 7.07945784384137,
        pagerank_alpha: 0.05,
        pagerank_chat_multiplier: 177.82794100389228,
        ..RankingConfig::default()
    }
}

/// For work that names no purpose: the tuned point as it is: nothing helped these cases beyond it.
pub fn preset_exploring() -> RankingConfig {
    // no such field: direct_edge_cochange_from_seed = 3981.071705534961
    // no such field: direct_edge_cochange_from_seed_signal_gamma = 3
    // no such field: text_similarity_identifiers = 1584.8931924611109
    // no such field: text_similarity_identifiers_signal_gamma = 3
    RankingConfig {
        boost_chat_file: 20.000000000000004,
        boost_focus_expansion: 63.095734448019265,
        boost_mentioned_file: 5.0,
        boost_mentioned_ident: 10.0,
        boost_temporal_coupling: 7.943282347242818,
        depth_weight_deep: 0.1883649089489802,
        depth_weight_moderate: 0.29435200932623745,
        depth_weight_root: 0.47523427178667427,
        depth_weight_vendor: 0.01,
        focus_expansion_decay: 0.11750000000000001,
        focus_expansion_max_hops: 4,
        git_churn_max_boost: 3.9810717055349722,
        git_churn_threshold: 0,
        git_recency_decay_days: 21.575213981599187,
        git_recency_max_boost: 7.07945784384137,
        pagerank_alpha: 0.05,
        pagerank_chat_multiplier: 177.82794100389228,
        ..RankingConfig::default()
    }
}

/// For starting from a test: the tuned point as it is: nothing helped these cases beyond it.
pub fn preset_testing() -> RankingConfig {
    // no such field: direct_edge_cochange_from_seed = 3981.071705534961
    // no such field: direct_edge_cochange_from_seed_signal_gamma = 3
    // no such field: text_similarity_identifiers = 1584.8931924611109
    // no such field: text_similarity_identifiers_signal_gamma = 3
    RankingConfig {
        boost_chat_file: 20.000000000000004,
        boost_focus_expansion: 63.095734448019265,
        boost_mentioned_file: 5.0,
        boost_mentioned_ident: 10.0,
        boost_temporal_coupling: 7.943282347242818,
        depth_weight_deep: 0.1883649089489802,
        depth_weight_moderate: 0.29435200932623745,
        depth_weight_root: 0.47523427178667427,
        depth_weight_vendor: 0.01,
        focus_expansion_decay: 0.11750000000000001,
        focus_expansion_max_hops: 4,
        git_churn_max_boost: 3.9810717055349722,
        git_churn_threshold: 0,
        git_recency_decay_days: 21.575213981599187,
        git_recency_max_boost: 7.07945784384137,
        pagerank_alpha: 0.05,
        pagerank_chat_multiplier: 177.82794100389228,
        ..RankingConfig::default()
    }
}

/// For starting from a file the history hardly knows: git_churn_max_boost moved, +0.003 nDCG@10 over the tuned point on 297 train commits.
pub fn preset_quiet_file() -> RankingConfig {
    // no such field: direct_edge_cochange_from_seed = 3981.071705534961
    // no such field: direct_edge_cochange_from_seed_signal_gamma = 3
    // no such field: text_similarity_identifiers = 1584.8931924611109
    // no such field: text_similarity_identifiers_signal_gamma = 3
    RankingConfig {
        boost_chat_file: 20.000000000000004,
        boost_focus_expansion: 63.095734448019265,
        boost_mentioned_file: 5.0,
        boost_mentioned_ident: 10.0,
        boost_temporal_coupling: 7.943282347242818,
        depth_weight_deep: 0.1883649089489802,
        depth_weight_moderate: 0.29435200932623745,
        depth_weight_root: 0.47523427178667427,
        depth_weight_vendor: 0.01,
        focus_expansion_decay: 0.11750000000000001,
        focus_expansion_max_hops: 4,
        git_churn_max_boost: 7.9621434110699445,
        git_churn_threshold: 0,
        git_recency_decay_days: 21.575213981599187,
        git_recency_max_boost: 7.07945784384137,
        pagerank_alpha: 0.05,
        pagerank_chat_multiplier: 177.82794100389228,
        ..RankingConfig::default()
    }
}
