//! The components of the official distributions of the OpenTelemetry Collector (v0.159.0) and of ocb's default manifest
//! (v0.164.0), to tell what Slimcol does not have yet from what nobody has.

use crate::class::Class;

/// A component of an official distribution.
#[derive(Clone, Debug)]
pub(crate) struct Official {
    /// What kind of component it is.
    pub(crate) class: Class,
    /// Its key in collectors' configuration.
    pub(crate) name: &'static str,
    /// An older key, if it has one.
    pub(crate) alias: Option<&'static str>,
    /// Its Go module.
    pub(crate) gomod: &'static str,
    /// The official distributions that have it (`core`, `contrib`…).
    pub(crate) distributions: Vec<&'static str>,
}

/// All of them.
pub(crate) fn officials() -> impl Iterator<Item = Official> {
    include_str!("upstream.tsv").lines().filter_map(|line| {
        let mut columns = line.split('\t');
        let class = Class::from_section(columns.next()?)?;
        let (name, alias, gomod) = (columns.next()?, columns.next()?, columns.next()?);
        let distributions = columns.next()?.split(',').filter(|name| !name.is_empty()).collect();
        Some(Official {
            class,
            name,
            alias: Some(alias).filter(|alias| !alias.is_empty()),
            gomod,
            distributions,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_table_is_a_component() {
        let count = |class| officials().filter(|official| official.class == class).count();
        assert_eq!(Class::ALL.map(count), [109, 33, 49, 13, 41, 9]);
        assert!(officials().all(|o| super::super::gomod::is_path(o.gomod)));
        let of = |name| officials().filter(|official| official.distributions.contains(&name)).count();
        assert_eq!(["core", "contrib", "k8s", "otlp", "ebpf-profiler"].map(of), [32, 251, 74, 5, 21]);
    }
}
