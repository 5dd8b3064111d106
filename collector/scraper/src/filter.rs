//! Which of many are measured: `include` and `exclude` (Go's `filterset`).

use regex_lite::Regex;
use slimcol_config::{Node, Section};

/// `include` and `exclude` of one kind of names.
#[derive(Clone, Debug, Default)]
pub struct Filters {
    include: Option<Filter>,
    exclude: Option<Filter>,
}

/// Names, or patterns of names.
#[derive(Clone, Debug)]
pub enum Filter {
    /// Names.
    Strict(Vec<String>),
    /// Patterns, which a name matches anywhere.
    Regexp(Vec<Regex>),
}

impl Filters {
    /// Reads the sections `include` and `exclude`, whose names are a list at `key` (`devices`).
    pub fn read(
        from: &mut Section<'_>,
        include: &'static str,
        exclude: &'static str,
        key: &'static str,
    ) -> Self {
        let mut one = |name| {
            let mut filter = None;
            from.section_with(name, |from| {
                filter = Filter::read(from, key);
                slimcol_config::NoSettings
            });
            filter
        };
        Self { include: one(include), exclude: one(exclude) }
    }

    /// Whether something of this name is measured.
    pub fn admit(&self, name: &str) -> bool {
        self.include.as_ref().is_none_or(|filter| filter.matches(name))
            && !self.exclude.as_ref().is_some_and(|filter| filter.matches(name))
    }
}

impl Filter {
    /// `None` without names.
    fn read(from: &mut Section<'_>, key: &'static str) -> Option<Self> {
        let names: Vec<String> = from.get(key, Vec::new());
        let kind = from.find::<String>("match_type").unwrap_or_default();
        // How Go remembers what a name matched; here it is looked up each time.
        let _: Option<&Node> = from.node("regexp");
        if names.is_empty() {
            return None;
        }
        match kind.as_str() {
            "strict" => Some(Self::Strict(names)),
            "regexp" => {
                let mut patterns = Vec::with_capacity(names.len());
                for name in &names {
                    match Regex::new(name) {
                        Ok(pattern) => patterns.push(pattern),
                        Err(error) => {
                            from.error(key, format_args!("error parsing regexp: {error}: `{name}`"));
                        }
                    }
                }
                Some(Self::Regexp(patterns))
            }
            other => {
                let message =
                    format_args!("unrecognized match_type: '{other}', valid types are: [regexp strict]");
                from.error("match_type", message);
                None
            }
        }
    }

    /// Whether a name is one of these.
    pub fn matches(&self, name: &str) -> bool {
        match self {
            Self::Strict(names) => names.iter().any(|one| one == name),
            Self::Regexp(patterns) => patterns.iter().any(|pattern| pattern.is_match(name)),
        }
    }
}

#[cfg(test)]
mod tests;
