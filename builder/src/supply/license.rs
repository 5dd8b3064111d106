//! The licence that a crate declares.

use spdx::{Expression, ParseMode};

/// What the `license` of a crate's manifest says.
#[derive(Clone, Debug)]
#[allow(clippy::large_enum_variant, reason = "nearly all are of the large one")]
pub(crate) enum License {
    /// An expression of identifiers on the SPDX list.
    Known(Expression),
    /// Something else, as written.
    Other(String),
    /// Nothing.
    None,
}

impl License {
    /// Reads the field. Older crates write `MIT/Apache-2.0`, which crates.io takes and SPDX does not: it means `OR`.
    pub(crate) fn read(field: Option<&str>) -> Self {
        let Some(field) = field.map(str::trim).filter(|field| !field.is_empty()) else { return Self::None };
        let canonical = Expression::canonicalize(field).ok().flatten();
        let canonical = canonical.as_deref().unwrap_or(field);
        match Expression::parse_mode(canonical, ParseMode { allow_deprecated: true, ..ParseMode::STRICT }) {
            Ok(expression) => Self::Known(expression),
            Err(_) => Self::Other(field.to_owned()),
        }
    }

    /// The licence in a sentence.
    pub(crate) fn quoted(&self) -> String {
        match self {
            Self::Known(expression) => format!("`{expression}`"),
            Self::Other(text) => format!("`{text}`, which is not an SPDX expression"),
            Self::None => "crates that declare no licence".to_owned(),
        }
    }

    /// The licence in a list for people.
    pub(crate) fn shown(&self) -> String {
        match self {
            Self::Known(expression) => expression.to_string(),
            Self::Other(text) => format!("{text} (not an SPDX expression)"),
            Self::None => "no licence declared".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_crates_write_becomes_what_spdx_reads() {
        for (field, expected) in [
            ("MIT", Some("MIT")),
            ("MIT/Apache-2.0", Some("MIT OR Apache-2.0")),
            ("Apache-2.0 / MIT", Some("Apache-2.0 OR MIT")),
            ("(MIT OR Apache-2.0) AND Unicode-3.0", Some("(MIT OR Apache-2.0) AND Unicode-3.0")),
            ("Apache-2.0 WITH LLVM-exception OR MIT", Some("Apache-2.0 WITH LLVM-exception OR MIT")),
            ("GPL-2.0+", Some("GPL-2.0-or-later")),
            ("LicenseRef-Mine", Some("LicenseRef-Mine")),
            ("see the web site", None),
            ("MIT OR", None),
            (" ", None),
        ] {
            let expression = match License::read(Some(field)) {
                License::Known(expression) => Some(expression.to_string()),
                _ => None,
            };
            assert_eq!(expression.as_deref(), expected, "{field}");
        }
        assert_eq!(License::read(Some("mine")).shown(), "mine (not an SPDX expression)");
        assert_eq!(License::read(None).shown(), "no licence declared");
    }
}
