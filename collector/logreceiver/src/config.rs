//! The keys.

use std::collections::BTreeMap;

use slimcol_config::{ComponentId, Section, Settings};
use slimcol_stanza::OperatorConfig;

use crate::{RetryOnFailure, read_storage};

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
            storage: read_storage(from),
            id: from.get("id", String::new()),
            output: from.get("output", Vec::new()),
            attributes: from.texts("attributes").into_iter().collect(),
            resource: from.texts("resource").into_iter().collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use slimcol_config::from_yaml;
    use slimcol_service::Log;

    use super::*;
    use crate::Intake;

    #[test]
    fn every_key_says_what_is_wrong_with_it() {
        for (yaml, message) in [
            ("type: 5", "'type' expected type 'string', got unconvertible type 'int'"),
            ("operators: {}", "'operators' source data must be an array or slice, got map"),
            ("operators: [{type: noop}, {type: nix}]", "'operators[1].type' unsupported type 'nix'"),
            (
                "operators: [{type: noop}, {type: regex_parser}]",
                "'operators[1]' missing required field 'regex'",
            ),
            ("retry_on_failure: {enabled: x}", "'retry_on_failure.enabled' expected type 'bool'"),
            ("retry_on_failure: {max_interval: x}", "'retry_on_failure.max_interval' time: invalid duration"),
            ("storage: 5", "'storage' expected a map or struct, got \"int\""),
            ("id: [a]", "'id' expected type 'string', got unconvertible type '[]interface {}'"),
            ("output: x", "operator 'x' does not exist"),
            (
                "attributes: [a]",
                "'attributes' expected type 'map[string]string', got unconvertible type '[]interface {}'",
            ),
            (
                "resource: {a: {}}",
                "'resource[a]' expected type 'string', got unconvertible type 'map[string]interface {}'",
            ),
            ("attributes: {a: 'EXPR(()'}", "compile embedded expression: unexpected token EOF (1:1)"),
            ("resource: {a: 'EXPR(()'}", "compile embedded expression: unexpected token EOF (1:1)"),
        ] {
            let checked = from_yaml::<Common>(yaml).and_then(|config| {
                Intake::check(&config, "test_input", &Log::none()).map_err(|error| error.to_string())
            });
            let error = checked.unwrap_err();
            assert!(error.contains(message), "{yaml}: {error}");
        }
    }
}
