//! Which of many are measured: `include` and `exclude` (Go's `filterset`).

use slimcol_config::{Node, Section};
use slimcol_pattern::{MatchType, Names};

/// `include` and `exclude` of one kind of names.
#[derive(Clone, Debug, Default)]
pub struct Filters {
    include: Option<Names>,
    exclude: Option<Names>,
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
                filter = names(from, key);
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

/// `None` without names.
fn names(from: &mut Section<'_>, key: &'static str) -> Option<Names> {
    let names: Vec<String> = from.get(key, Vec::new());
    let written = from.find::<String>("match_type").unwrap_or_default();
    // How Go remembers what a name matched; here it is looked up each time.
    let _: Option<&Node> = from.node("regexp");
    if names.is_empty() {
        return None;
    }
    match MatchType::from_word(&written) {
        Ok(written) => {
            let mut name = |text: &String| written.name(text).map_err(|error| from.error(key, error)).ok();
            Some(names.iter().filter_map(&mut name).collect())
        }
        Err(error) => {
            from.error("match_type", error);
            None
        }
    }
}

#[cfg(test)]
mod tests;
