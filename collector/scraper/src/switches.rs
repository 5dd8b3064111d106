//! What users say of each metric: `metrics.<name>.{enabled, attributes, aggregation_strategy}`.

use slimcol_config::{NoSettings, Section};

use crate::{Kind, MetricInfo};

/// What is wanted of each metric of a table.
#[derive(Clone, Debug)]
pub struct Switches {
    pub(crate) table: &'static [MetricInfo],
    pub(crate) all: Vec<Switch>,
}

/// What is wanted of a metric.
#[derive(Clone, Debug)]
pub(crate) struct Switch {
    pub(crate) on: bool,
    /// For each attribute, whether points have it.
    pub(crate) attributes: Vec<bool>,
    pub(crate) strategy: Strategy,
}

/// How points become one that differ only in attributes that are not wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strategy {
    /// Their sum.
    Sum,
    /// Their mean.
    Avg,
    /// The least of them.
    Min,
    /// The greatest of them.
    Max,
}

const STRATEGIES: [(&str, Strategy); 4] =
    [("sum", Strategy::Sum), ("avg", Strategy::Avg), ("min", Strategy::Min), ("max", Strategy::Max)];

impl Switches {
    /// Reads `metrics`, a key of a scraper's section.
    pub fn read(from: &mut Section<'_>, table: &'static [MetricInfo]) -> Self {
        let mut all = Vec::with_capacity(table.len());
        from.section_with("metrics", |metrics| {
            for info in table {
                metrics.section_with(info.name, |one| {
                    all.push(Switch::read(one, info));
                    NoSettings
                });
            }
            NoSettings
        });
        Self { table, all }
    }

    /// Whether any of these metrics is wanted: who has to work for them asks first.
    pub fn wants(&self, metrics: &[usize]) -> bool {
        metrics.iter().any(|metric| self.all.get(*metric).is_some_and(|switch| switch.on))
    }
}

impl Switch {
    fn read(from: &mut Section<'_>, info: &MetricInfo) -> Self {
        let on = from.get("enabled", info.on);
        let mut attributes: Vec<bool> = info.attributes.iter().map(|one| !one.opt_in).collect();
        let mut strategy = if info.kind == Kind::Gauge { Strategy::Avg } else { Strategy::Sum };
        if !info.attributes.is_empty() {
            if let Some(names) = from.find::<Vec<String>>("attributes") {
                attributes.fill(false);
                for name in &names {
                    match info.attributes.iter().position(|one| one.name == name) {
                        Some(at) => attributes[at] = true,
                        None => unknown(from, name, info),
                    }
                }
            }
            strategy = from.choice("aggregation_strategy", strategy, &STRATEGIES);
        }
        Self { on, attributes, strategy }
    }
}

fn unknown(from: &mut Section<'_>, name: &str, info: &MetricInfo) {
    let known: Vec<&str> = info.attributes.iter().map(|one| one.name).collect();
    from.error(
        "attributes",
        format_args!(
            "metric {} doesn't have an attribute {name}, valid attributes: [{}]",
            info.name,
            known.join(", ")
        ),
    );
}
