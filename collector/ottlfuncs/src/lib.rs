//! The functions of OTTL: the library that statements and conditions are compiled with, and what those of each signal may be
//! about.
//!
//! The language is `slimcol-ottl`; what runs it is `slimcol-ottleval`, with the functions that most statements have. All others
//! are here, since a statement calls few of them: this crate is compiled for size, that one for speed.
//!
//! ```
//! use slimcol_ottl::Scope;
//! use slimcol_ottleval::{Kind, walk};
//! use slimcol_ottlfuncs::STANDARD;
//! use slimcol_pdata::{Data, Logs};
//!
//! let scope = Scope { context: Kind::Log, prefixed: false, functions: STANDARD };
//! let statement = scope.statement(r#"set(attributes["level"], "bad") where severity_number >= 17"#).unwrap();
//!
//! let json = br#"{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"severityNumber":18}]}]}]}"#;
//! let mut logs = Data::Logs(Logs::from_json(json).unwrap());
//! walk::each(&mut logs, Kind::Log, &mut |record| {
//!     assert_eq!(statement.run(record), Ok(true));
//!     Ok(())
//! })
//! .unwrap();
//! let mut out = Vec::new();
//! logs.write_json(&mut out);
//! assert!(String::from_utf8(out).unwrap().contains(r#"{"key":"level","value":{"stringValue":"bad"}}"#));
//!
//! let error = scope.condition("severity_number > ").err().unwrap();
//! assert_eq!(
//!     error.to_string(),
//!     "condition has invalid syntax: 1:19: unexpected token \"<EOF>\" (expected a value)"
//! );
//! ```

mod base64;
mod clock;
mod community_id;
mod csv;
mod format;
mod grok;
mod hash;
mod items;
mod lambdas;
mod levels;
mod lists;
mod logs;
mod maps;
mod metrics;
mod network;
mod numbers;
mod pairs;
mod parse;
mod points;
mod root_span;
#[cfg(test)]
mod samples;
mod semconv;
mod severity;
mod sort;
mod time;
mod unique_ids;
mod url;
mod xml;

use slimcol_ottleval::{function::Functions, functions};

pub use self::levels::{of_conditions, of_statements};

/// The converters and editors that there are in every context, and more.
macro_rules! standard { ($($more:expr),*) => {
    Functions {
        there: &[
            functions::SET,
            items::FUNCTIONS,
            lambdas::FUNCTIONS,
            functions::KEYS,
            functions::TRUNCATE,
            maps::FUNCTIONS,
            functions::REPLACE,
            functions::KINDS,
            numbers::FUNCTIONS,
            functions::TEXT,
            lists::FUNCTIONS,
            parse::FUNCTIONS,
            pairs::FUNCTIONS,
            time::FUNCTIONS,
            clock::FUNCTIONS,
            sort::FUNCTIONS,
            network::FUNCTIONS,
            hash::FUNCTIONS,
            base64::FUNCTIONS,
            functions::CASES,
            severity::FUNCTIONS,
            csv::FUNCTIONS,
            url::FUNCTIONS,
            format::FUNCTIONS,
            unique_ids::FUNCTIONS,
            community_id::FUNCTIONS,
            grok::FUNCTIONS,
            xml::FUNCTIONS,
            $($more),*
        ],
        absent: ABSENT,
    }
} }

/// What there is in every context.
pub const STANDARD: Functions = standard!();

/// What there is in statements about spans.
pub const SPAN: Functions = standard!(root_span::FUNCTIONS, semconv::FUNCTIONS);

/// What there is in conditions about spans.
pub const SPAN_CONDITIONS: Functions = standard!(root_span::FUNCTIONS);

/// What there is in statements about log records.
pub const LOG: Functions = standard!(logs::FUNCTIONS);

/// What there is in statements about metrics.
pub const METRIC: Functions = standard!(metrics::FUNCTIONS);

/// What there is in statements about points of metrics.
pub const POINT: Functions = standard!(metrics::OF_POINTS);

/// What there is in conditions about metrics.
pub const METRIC_CONDITIONS: Functions = standard!(points::FUNCTIONS);

/// Functions that the Go collector has and that are not there, and why.
const ABSENT: &[(&[&str], &str)] = &[
    (&["UserAgent"], "it is not there, since its list of browsers would take 160 KB of every collector"),
    (&["ProfileID"], "it is not there, nor are profiles"),
];

#[cfg(test)]
mod tests;
