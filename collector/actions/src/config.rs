use slimcol_config::{Section, Settings};

use crate::Constant;

/// An action as it is written.
#[derive(Clone, Debug, Default)]
pub struct ActionConfig {
    /// The attribute that it is about.
    pub key: String,
    /// The value to set.
    pub value: Option<Constant>,
    /// A pattern of keys, or of what to extract.
    pub pattern: String,
    /// The attribute whose value to set.
    pub from_attribute: String,
    /// What is known of the sender, to be set.
    pub from_context: String,
    /// The value to set where there is no other.
    pub default_value: Option<Constant>,
    /// The type to convert to: `int`, `double` or `string`.
    pub converted_type: String,
    /// What to do.
    pub action: String,
}

impl Settings for ActionConfig {
    fn read(from: &mut Section<'_>) -> Self {
        Self {
            key: from.get("key", String::new()),
            value: from.node("value").and_then(Constant::of),
            pattern: from.get("pattern", String::new()),
            from_attribute: from.get("from_attribute", String::new()),
            from_context: from.get("from_context", String::new()),
            default_value: from.node("default_value").and_then(Constant::of),
            converted_type: from.get("converted_type", String::new()),
            action: from.get("action", String::new()),
        }
    }
}
