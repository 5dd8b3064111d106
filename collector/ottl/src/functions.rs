//! The functions that all components have.

mod base64;
mod case;
mod change;
mod clock;
mod community_id;
mod csv;
mod define;
mod format;
pub(crate) mod grok;
mod hash;
mod keys;
mod kinds;
mod lists;
mod logs;
mod maps;
mod metrics;
mod network;
mod numbers;
mod pairs;
mod parse;
mod points;
mod replace;
mod severity;
mod sort;
mod text;
mod time;
mod unique_ids;
mod url;
mod xml;

pub(crate) use self::case::camel;
use crate::function::Function;

/// The converters and editors that there are in every context, and more.
macro_rules! standard { ($($more:expr),*) => {
    &[
        change::FUNCTIONS,
        keys::FUNCTIONS,
        maps::FUNCTIONS,
        replace::FUNCTIONS,
        kinds::FUNCTIONS,
        numbers::FUNCTIONS,
        text::FUNCTIONS,
        lists::FUNCTIONS,
        parse::FUNCTIONS,
        pairs::FUNCTIONS,
        time::FUNCTIONS,
        clock::FUNCTIONS,
        sort::FUNCTIONS,
        network::FUNCTIONS,
        hash::FUNCTIONS,
        base64::FUNCTIONS,
        case::FUNCTIONS,
        severity::FUNCTIONS,
        csv::FUNCTIONS,
        url::FUNCTIONS,
        format::FUNCTIONS,
        unique_ids::FUNCTIONS,
        community_id::FUNCTIONS,
        grok::FUNCTIONS,
        xml::FUNCTIONS,
        $($more),*
    ]
} }

/// Functions as statements are compiled with them.
pub type Functions = &'static [&'static [Function]];

/// What there is in every context.
pub const STANDARD: Functions = standard!();

/// What there is in statements about spans.
pub const SPAN: Functions = standard!(kinds::SPANS);

/// What there is in statements about log records.
pub const LOG: Functions = standard!(logs::FUNCTIONS);

/// What there is in statements about metrics.
pub const METRIC: Functions = standard!(metrics::FUNCTIONS);

/// What there is in statements about points of metrics.
pub const POINT: Functions = standard!(metrics::OF_POINTS);

/// What there is in conditions about metrics.
pub const METRIC_CONDITIONS: Functions = standard!(points::FUNCTIONS);

/// Functions that the Go collector has and that are not there, and why.
pub(crate) const ABSENT: &[(&[&str], &str)] = &[
    (
        &["All", "Any", "Filter", "Find", "MapEach", "MapKeys", "Reduce", "When"],
        "it needs functions without a name, which are not there (the alpha gate ottl.functions.enableLambda)",
    ),
    (&["UserAgent"], "it is not there, since its list of browsers would take 160 KB of every collector"),
    (&["ProfileID"], "it is not there, nor are profiles"),
    (&["XXH3", "XXH128"], "it is not there"),
];

#[cfg(test)]
mod tests;
