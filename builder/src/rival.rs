//! What the Go collector weighs, for the line that a build ends with.

use crate::{class::Class, resolve::Plan};

/// Bytes and components (`receiver/otlp`) of collectors that ocb made: what `tests/python/go_sizes.py` measured.
const SIZES: &str = include_str!("rival/sizes.tsv");

/// A Go collector.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rival {
    /// Its size.
    pub(crate) bytes: u64,
    /// Whether it has the very same components, not only some of them.
    pub(crate) same: bool,
}

/// The largest measured Go collector with no component that `plan` lacks. The one with all of them is no smaller.
pub(crate) fn of(plan: &Plan) -> Option<Rival> {
    // Providers are in every one of them.
    let components = plan.components.iter().map(|planned| &planned.component);
    let wanted: Vec<String> = components
        .filter(|component| component.class != Class::Provider)
        .map(|component| format!("{}/{}", component.class, component.name))
        .collect();
    largest(&wanted)
}

fn largest(wanted: &[String]) -> Option<Rival> {
    let measured = SIZES.lines().filter_map(|line| {
        let (bytes, names) = line.split_once('\t')?;
        let names: Vec<&str> = names.split(' ').collect();
        let fits = names.iter().all(|name| wanted.iter().any(|wanted| wanted == name));
        let same = names.len() == wanted.len();
        fits.then_some(Rival { bytes: bytes.parse().ok()?, same })
    });
    measured.max_by_key(|rival| (rival.same, rival.bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_collectors_with_no_more_components_compare() {
        let names = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        let otlp = names("receiver/otlp exporter/otlp_grpc exporter/otlp_http");
        let same = largest(&otlp).unwrap();
        assert!(same.same && same.bytes > 20_000_000, "{same:?}");
        let with_nop = [&otlp[..], &names("exporter/nop")].concat();
        assert_eq!(largest(&with_nop), Some(Rival { same: false, ..same }));
        assert_eq!(largest(&names("receiver/nop exporter/nop")), None);
    }
}
