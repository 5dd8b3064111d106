//! Values that never show.

use std::fmt;

/// What keys of secrets have in their names. Which keys really hold secrets only the components know, and their text is also
/// shown when nobody knows its component.
const NAMES: [&str; 9] =
    ["headers", "auth", "password", "passwd", "secret", "token", "credential", "cookie", "key_pem"];

/// Whether a key is called as those of secrets usually are.
pub(crate) fn names_secret(key: &str) -> bool {
    let key = key.to_lowercase();
    NAMES.iter().any(|word| key.contains(word)) || key.replace(['-', '_'], "").contains("apikey")
}

/// A string that never shows: `Debug` and `Display` print `[REDACTED]`.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Hides a string.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The string, for the one place that sends it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[REDACTED]")
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[REDACTED]")
    }
}
