//! Which of the files that were found are read: `ordering_criteria`.

use slimcol_config::{Section, Settings};
use slimcol_pattern::{Size, compile};
use slimcol_timeformat::{Layout, Zone};

/// `ordering_criteria`: off without `sort_by` and `group_by`.
#[derive(Clone, Debug, Default)]
pub struct Ordering {
    /// Finds in a path what is compared.
    pub regex: String,
    /// So many are read, of each group; zero is all. Not written is one.
    pub top_n: Option<i64>,
    /// What tells groups apart: a pattern whose first capture is the group's name.
    pub group_by: String,
    /// How files are compared. The last one counts most.
    pub sort_by: Vec<Order>,
}

/// One of `sort_by`.
#[derive(Clone, Debug, Default)]
pub struct Order {
    /// `numeric`, `alphabetical` or `timestamp`.
    pub sort_type: String,
    /// The capture of `regex` that is compared.
    pub regex_key: String,
    /// Whether the least comes first.
    pub ascending: bool,
    /// How times are written, as strptime has it.
    pub layout: String,
    /// The zone of times that do not say; empty is UTC.
    pub location: String,
}

impl Settings for Ordering {
    fn read(from: &mut Section<'_>) -> Self {
        Self {
            regex: from.get("regex", String::new()),
            top_n: from.find("top_n"),
            group_by: from.get("group_by", String::new()),
            sort_by: from.list("sort_by"),
        }
    }
}

impl Settings for Order {
    fn read(from: &mut Section<'_>) -> Self {
        Self {
            sort_type: from.get("sort_type", String::new()),
            regex_key: from.get("regex_key", String::new()),
            ascending: from.get("ascending", false),
            layout: from.get("layout", String::new()),
            location: from.get("location", String::new()),
        }
    }
}

impl Ordering {
    /// What is wrong with the values, in Go's words.
    pub(super) fn check(&self) -> Result<(), String> {
        if !self.group_by.is_empty() {
            compile(&self.group_by, Size::Config).map_err(|why| format!("compile group_by regex: {why}"))?;
        }
        if self.sort_by.is_empty() {
            return Ok(());
        }
        if self.top_n.is_some_and(|n| n < 0) {
            return Err("'top_n' must be a positive integer".to_owned());
        }
        if self.regex.is_empty() {
            return Err("'regex' must be specified when 'sort_by' is specified".to_owned());
        }
        compile(&self.regex, Size::Config).map_err(|why| format!("compile regex: {why}"))?;
        self.sort_by.iter().try_for_each(Order::check)
    }
}

impl Order {
    fn check(&self) -> Result<(), String> {
        let kind = self.sort_type.as_str();
        match kind {
            "numeric" | "alphabetical" => {}
            "timestamp" => drop(self.times()?),
            "" => return Err("'sort_type' must be specified".to_owned()),
            other => {
                return Err(format!("'sort_type' must be numeric, alphabetical or timestamp, not '{other}'"));
            }
        }
        if self.regex_key.is_empty() {
            return Err(format!("{kind} sort: regex key must be specified"));
        }
        Ok(())
    }

    /// How times are read.
    pub(crate) fn times(&self) -> Result<(Layout, Zone), String> {
        if self.layout.is_empty() {
            return Err("timestamp sort: layout must be specified".to_owned());
        }
        let layout = Layout::strptime(&self.layout).map_err(|why| format!("timestamp sort: {why}"))?;
        let zone = Zone::load(&self.location);
        let zone = zone.map_err(|why| format!("timestamp sort: load location {}: {why}", self.location))?;
        Ok((layout, zone))
    }
}
