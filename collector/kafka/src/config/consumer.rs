//! How records are read.

use slimcol_config::{Duration, Leaf, Node, Problems, Section, Settings, Shape, Shown};

use super::words;

/// The keys of a member of a consumer group, which stand beside those of the client.
#[derive(Clone, Debug)]
pub struct ConsumerConfig {
    pub(crate) group_id: String,
    pub(crate) group_instance_id: String,
    pub(crate) session_timeout: Duration,
    pub(crate) heartbeat_interval: Duration,
    initial_offset: String,
    /// Whether offsets are committed at intervals; else after each fetch.
    pub(crate) autocommit: bool,
    pub(crate) autocommit_interval: Duration,
    pub(crate) min_fetch_size: i32,
    pub(crate) max_fetch_size: i32,
    pub(crate) max_fetch_wait: Duration,
    pub(crate) max_partition_fetch_size: i32,
    strategies: Vec<Strategy>,
    strategy: Option<Strategy>,
}

/// How a group's partitions are shared out among its members.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strategy {
    /// Each topic in stretches.
    Range,
    /// One after the other in turns.
    RoundRobin,
    /// Evenly, with as few moves as can be.
    Sticky,
    /// The same, and only what moves stops.
    CooperativeSticky,
}

impl Strategy {
    /// The name that members tell each other.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Range => "range",
            Self::RoundRobin => "roundrobin",
            Self::Sticky => "sticky",
            Self::CooperativeSticky => "cooperative-sticky",
        }
    }

    fn refusal(word: &str) -> String {
        format!(
            "group rebalance strategy {word:?} is not a built-in strategy (range, roundrobin, sticky, cooperative-sticky)"
        )
    }
}

words!(Strategy,
    "range" => Self::Range,
    "roundrobin" => Self::RoundRobin,
    "sticky" => Self::Sticky,
    "cooperative-sticky" => Self::CooperativeSticky
);

struct AutoCommit {
    enable: bool,
    interval: Duration,
}

impl Settings for AutoCommit {
    fn read(from: &mut Section<'_>) -> Self {
        Self { enable: from.get("enable", true), interval: from.get("interval", Duration::secs(1)) }
    }
}

impl Settings for ConsumerConfig {
    fn read(from: &mut Section<'_>) -> Self {
        let AutoCommit { enable, interval } = from.section("autocommit");
        if from.has("group_rebalance_strategy") {
            let text = "group_rebalance_strategy is deprecated, use group_rebalance_strategies instead";
            from.warn("group_rebalance_strategy", text);
        }
        Self {
            group_id: from.get("group_id", "otel-collector".to_owned()),
            group_instance_id: from.get("group_instance_id", String::new()),
            session_timeout: from.get("session_timeout", Duration::secs(10)),
            heartbeat_interval: from.get("heartbeat_interval", Duration::secs(3)),
            initial_offset: from.get("initial_offset", "latest".to_owned()),
            autocommit: enable,
            autocommit_interval: interval,
            min_fetch_size: from.get("min_fetch_size", 1),
            max_fetch_size: from.get("max_fetch_size", 1 << 20),
            max_fetch_wait: from.get("max_fetch_wait", Duration::millis(250)),
            max_partition_fetch_size: from.get("max_partition_fetch_size", 1 << 20),
            strategies: from.get("group_rebalance_strategies", Vec::new()),
            strategy: from.find("group_rebalance_strategy"),
        }
    }

    fn validate(&self, problems: &mut Problems<'_>) {
        if !matches!(self.initial_offset.as_str(), "latest" | "earliest") {
            let value = &self.initial_offset;
            let text = format_args!(
                "initial_offset should be one of 'latest' or 'earliest'. configured value {value}"
            );
            problems.add("initial_offset", text);
        }
        if self.strategy.is_some() && !self.strategies.is_empty() {
            let text = "group_rebalance_strategy and group_rebalance_strategies are mutually exclusive; \
                        group_rebalance_strategy is deprecated, prefer group_rebalance_strategies";
            problems.add("group_rebalance_strategy", text);
        }
        for (key, value) in [
            ("min_fetch_size", self.min_fetch_size),
            ("max_fetch_size", self.max_fetch_size),
            ("max_partition_fetch_size", self.max_partition_fetch_size),
        ] {
            if value < 0 {
                problems.add(key, format_args!("{key} ({value}) must be non-negative"));
            }
        }
        if self.max_fetch_size < self.min_fetch_size {
            let text = format_args!(
                "max_fetch_size ({}) cannot be less than min_fetch_size ({})",
                self.max_fetch_size, self.min_fetch_size
            );
            problems.add("max_fetch_size", text);
        }
        for (key, value) in
            [("session_timeout", self.session_timeout), ("heartbeat_interval", self.heartbeat_interval)]
        {
            if value.0 <= 0 {
                problems.add(key, format_args!("{key} ({value}) must be positive"));
            }
        }
    }
}

impl ConsumerConfig {
    /// Whether partitions nobody committed anything for are read from their beginning.
    pub(crate) fn begins_early(&self) -> bool {
        self.initial_offset == "earliest"
    }

    /// The strategies that this member offers, the preferred one first.
    pub(crate) fn strategies(&self) -> Vec<Strategy> {
        match (&self.strategies[..], self.strategy) {
            ([], None) => vec![Strategy::CooperativeSticky],
            ([], Some(one)) => vec![one],
            (all, _) => all.to_vec(),
        }
    }
}
