//! The keys.

use std::collections::BTreeMap;

use slimcol_config::{ComponentId, Section, Settings};
use slimcol_stanza::OperatorConfig;

use crate::RetryOnFailure;

/// The keys of every receiver of logs, which it squashes into its own.
#[derive(Debug)]
pub struct Common {
    /// What entries pass through.
    pub operators: Vec<OperatorConfig>,
    /// What happens with entries that were refused.
    pub retry_on_failure: RetryOnFailure,
    /// The extension that keeps how far the receiver has come.
    pub storage: Option<ComponentId>,
    /// The input's name among the operators, if it is not its type.
    pub id: String,
    /// The operators that entries go to first; none is the first of the list.
    pub output: Vec<String>,
    /// Attributes of every entry.
    pub attributes: BTreeMap<String, String>,
    /// Attributes of every entry's resource.
    pub resource: BTreeMap<String, String>,
}

impl Settings for Common {
    fn read(from: &mut Section<'_>) -> Self {
        // Written by those who copy an operator's section.
        from.find::<String>("type");
        Self {
            operators: from.list("operators"),
            retry_on_failure: from.section("retry_on_failure"),
            storage: from.find("storage"),
            id: from.get("id", String::new()),
            output: from.get("output", Vec::new()),
            attributes: from.texts("attributes").into_iter().collect(),
            resource: from.texts("resource").into_iter().collect(),
        }
    }
}
