//! Names of metrics and units.

use slimcol_exposition::Kind;

use crate::metas::Meta;

/// What names of a family's metrics end with, in the order in which it is taken off.
const SUFFIXES: [&str; 6] = ["_bucket", "_count", "_sum", "_total", "_info", "_created"];

/// The name without what tells a family's metrics apart.
pub(crate) fn without_suffix(name: &str) -> &str {
    let without = |suffix: &&str| name.strip_suffix(*suffix).filter(|front| !front.is_empty());
    SUFFIXES.iter().find_map(without).unwrap_or(name)
}

/// What a scrape tells of itself: name, unit, meaning.
pub(crate) const REPORT: [(&str, &str, &str); 5] = [
    ("up", "", "The scraping was successful"),
    ("scrape_duration_seconds", "seconds", "Duration of the scrape"),
    ("scrape_samples_scraped", "", "The number of samples the target exposed"),
    (
        "scrape_samples_post_metric_relabeling",
        "",
        "The number of samples remaining after metric relabeling was applied",
    ),
    ("scrape_series_added", "", "The approximate number of new series in this scrape"),
];

/// What is known of a metric that scrapes tell of themselves.
pub(crate) fn internal(name: &str) -> Option<Meta> {
    let (_, unit, help) = REPORT.iter().find(|(known, ..)| *known == name)?;
    Some(Meta { kind: Kind::Gauge, help: (*help).into(), unit: (*unit).into(), seen: 0 })
}

/// The name without its unit, and for sums without `total`.
pub(crate) fn trimmed(name: &str, is_sum: bool, unit: &str) -> String {
    let mut words: Vec<&str> = name.split('_').collect();
    if words.len() == 1 {
        return name.to_owned();
    }
    if is_sum && words.last() == Some(&"total") {
        words.pop();
    }
    let unit: Vec<&str> = unit.split('_').collect();
    if words.len() > unit.len() && words.ends_with(&unit) {
        words.truncate(words.len() - unit.len());
    }
    words.join("_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_what_go_takes_off() {
        for (name, short) in [
            ("a_bucket", "a"),
            ("a_total", "a"),
            ("_total", "_total"),
            ("a_total_created", "a_total"),
            ("a", "a"),
            ("a_info", "a"),
        ] {
            assert_eq!(without_suffix(name), short);
        }
        for (name, is_sum, unit, short) in [
            ("a_seconds_total", true, "seconds", "a"),
            ("a_seconds_total", false, "seconds", "a_seconds_total"),
            ("a_meters_per_second", false, "meters_per_second", "a"),
            ("seconds", false, "seconds", "seconds"),
            ("a_total", true, "", "a"),
        ] {
            assert_eq!(trimmed(name, is_sum, unit), short);
        }
    }
}
