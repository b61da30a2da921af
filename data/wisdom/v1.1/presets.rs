//! Presets of ripmap-lab wisdom v1.1. Generated; edit the wisdom instead.

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
    Preset { name: "small", description: "For small repositories of under a hundred source files: pagerank_chat_multiplier, direct_edge_cochange_gamma moved, +0.016 nDCG@10 over the tuned point on 144 train commits.", config: preset_small },
    Preset { name: "young", description: "For repositories whose history has only begun: half a year or two hundred commits: pagerank_alpha, boost_temporal_coupling, git_recency_decay_days moved, +0.025 nDCG@10 over the tuned point on 70 train commits.", config: preset_young },
    Preset { name: "debugging", description: "For chasing a fault: boost_chat_file, git_churn_max_boost, direct_edge_cochange_boost, direct_edge_cochange_gamma moved, +0.027 nDCG@10 over the tuned point on 243 train commits.", config: preset_debugging },
    Preset { name: "extending", description: "For adding a feature: pagerank_chat_multiplier, git_recency_max_boost, direct_edge_cochange_boost moved, +0.022 nDCG@10 over the tuned point on 213 train commits.", config: preset_extending },
    Preset { name: "exploring", description: "For work that names no purpose: focus_max_hops, direct_edge_cochange_boost, direct_edge_cochange_gamma moved, +0.012 nDCG@10 over the tuned point on 433 train commits.", config: preset_exploring },
    Preset { name: "testing", description: "For starting from a test: boost_chat_file, git_recency_decay_days, git_churn_max_boost, direct_edge_cochange_boost moved, +0.027 nDCG@10 over the tuned point on 673 train commits.", config: preset_testing },
    Preset { name: "quiet_file", description: "For starting from a file the history hardly knows: boost_chat_file, git_recency_max_boost, direct_edge_cochange_boost moved, +0.018 nDCG@10 over the tuned point on 297 train commits.", config: preset_quiet_file },
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
    // no such field: direct_edge_cochange_boost = 10
    // no such field: direct_edge_cochange_gamma = 1
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
    // no such field: direct_edge_cochange_boost = 10
    // no such field: direct_edge_cochange_gamma = 1
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
        focus_expansion_max_hops: 1,
        git_churn_max_boost: 2.5,
        git_churn_threshold: 20,
        git_recency_decay_days: 30.0,
        git_recency_max_boost: 10.0,
        pagerank_alpha: 0.425,
        pagerank_chat_multiplier: 200.0,
        ..RankingConfig::default()
    }
}

/// For small repositories of under a hundred source files: pagerank_chat_multiplier, direct_edge_cochange_gamma moved, +0.016 nDCG@10 over the tuned point on 144 train commits.
pub fn preset_small() -> RankingConfig {
    // no such field: direct_edge_cochange_boost = 10
    // no such field: direct_edge_cochange_gamma = 3
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
        focus_expansion_max_hops: 1,
        git_churn_max_boost: 2.5,
        git_churn_threshold: 20,
        git_recency_decay_days: 30.0,
        git_recency_max_boost: 10.0,
        pagerank_alpha: 0.425,
        pagerank_chat_multiplier: 800.0,
        ..RankingConfig::default()
    }
}

/// For repositories whose history has only begun: half a year or two hundred commits: pagerank_alpha, boost_temporal_coupling, git_recency_decay_days moved, +0.025 nDCG@10 over the tuned point on 70 train commits.
pub fn preset_young() -> RankingConfig {
    // no such field: direct_edge_cochange_boost = 10
    // no such field: direct_edge_cochange_gamma = 1
    RankingConfig {
        boost_chat_file: 20.0,
        boost_focus_expansion: 5.0,
        boost_mentioned_file: 5.0,
        boost_mentioned_ident: 10.0,
        boost_temporal_coupling: 1.0,
        depth_weight_deep: 0.1,
        depth_weight_moderate: 0.5,
        depth_weight_root: 1.0,
        depth_weight_vendor: 0.01,
        focus_expansion_decay: 0.5,
        focus_expansion_max_hops: 1,
        git_churn_max_boost: 2.5,
        git_churn_threshold: 20,
        git_recency_decay_days: 7.5,
        git_recency_max_boost: 10.0,
        pagerank_alpha: 0.85,
        pagerank_chat_multiplier: 200.0,
        ..RankingConfig::default()
    }
}

/// For chasing a fault: boost_chat_file, git_churn_max_boost, direct_edge_cochange_boost, direct_edge_cochange_gamma moved, +0.027 nDCG@10 over the tuned point on 243 train commits.
pub fn preset_debugging() -> RankingConfig {
    // no such field: direct_edge_cochange_boost = 40
    // no such field: direct_edge_cochange_gamma = 3
    RankingConfig {
        boost_chat_file: 5.0,
        boost_focus_expansion: 5.0,
        boost_mentioned_file: 5.0,
        boost_mentioned_ident: 10.0,
        boost_temporal_coupling: 3.0,
        depth_weight_deep: 0.1,
        depth_weight_moderate: 0.5,
        depth_weight_root: 1.0,
        depth_weight_vendor: 0.01,
        focus_expansion_decay: 0.5,
        focus_expansion_max_hops: 1,
        git_churn_max_boost: 1.0,
        git_churn_threshold: 20,
        git_recency_decay_days: 30.0,
        git_recency_max_boost: 10.0,
        pagerank_alpha: 0.425,
        pagerank_chat_multiplier: 200.0,
        ..RankingConfig::default()
    }
}

/// For adding a feature: pagerank_chat_multiplier, git_recency_max_boost, direct_edge_cochange_boost moved, +0.022 nDCG@10 over the tuned point on 213 train commits.
pub fn preset_extending() -> RankingConfig {
    // no such field: direct_edge_cochange_boost = 40
    // no such field: direct_edge_cochange_gamma = 1
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
        focus_expansion_max_hops: 1,
        git_churn_max_boost: 2.5,
        git_churn_threshold: 20,
        git_recency_decay_days: 30.0,
        git_recency_max_boost: 2.5,
        pagerank_alpha: 0.425,
        pagerank_chat_multiplier: 800.0,
        ..RankingConfig::default()
    }
}

/// For work that names no purpose: focus_max_hops, direct_edge_cochange_boost, direct_edge_cochange_gamma moved, +0.012 nDCG@10 over the tuned point on 433 train commits.
pub fn preset_exploring() -> RankingConfig {
    // no such field: direct_edge_cochange_boost = 40
    // no such field: direct_edge_cochange_gamma = 3
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
        git_churn_max_boost: 2.5,
        git_churn_threshold: 20,
        git_recency_decay_days: 30.0,
        git_recency_max_boost: 10.0,
        pagerank_alpha: 0.425,
        pagerank_chat_multiplier: 200.0,
        ..RankingConfig::default()
    }
}

/// For starting from a test: boost_chat_file, git_recency_decay_days, git_churn_max_boost, direct_edge_cochange_boost moved, +0.027 nDCG@10 over the tuned point on 673 train commits.
pub fn preset_testing() -> RankingConfig {
    // no such field: direct_edge_cochange_boost = 40
    // no such field: direct_edge_cochange_gamma = 1
    RankingConfig {
        boost_chat_file: 5.0,
        boost_focus_expansion: 5.0,
        boost_mentioned_file: 5.0,
        boost_mentioned_ident: 10.0,
        boost_temporal_coupling: 3.0,
        depth_weight_deep: 0.1,
        depth_weight_moderate: 0.5,
        depth_weight_root: 1.0,
        depth_weight_vendor: 0.01,
        focus_expansion_decay: 0.5,
        focus_expansion_max_hops: 1,
        git_churn_max_boost: 1.0,
        git_churn_threshold: 20,
        git_recency_decay_days: 120.0,
        git_recency_max_boost: 10.0,
        pagerank_alpha: 0.425,
        pagerank_chat_multiplier: 200.0,
        ..RankingConfig::default()
    }
}

/// For starting from a file the history hardly knows: boost_chat_file, git_recency_max_boost, direct_edge_cochange_boost moved, +0.018 nDCG@10 over the tuned point on 297 train commits.
pub fn preset_quiet_file() -> RankingConfig {
    // no such field: direct_edge_cochange_boost = 40
    // no such field: direct_edge_cochange_gamma = 1
    RankingConfig {
        boost_chat_file: 5.0,
        boost_focus_expansion: 5.0,
        boost_mentioned_file: 5.0,
        boost_mentioned_ident: 10.0,
        boost_temporal_coupling: 3.0,
        depth_weight_deep: 0.1,
        depth_weight_moderate: 0.5,
        depth_weight_root: 1.0,
        depth_weight_vendor: 0.01,
        focus_expansion_decay: 0.5,
        focus_expansion_max_hops: 1,
        git_churn_max_boost: 2.5,
        git_churn_threshold: 20,
        git_recency_decay_days: 30.0,
        git_recency_max_boost: 2.5,
        pagerank_alpha: 0.425,
        pagerank_chat_multiplier: 200.0,
        ..RankingConfig::default()
    }
}
