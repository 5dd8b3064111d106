//! What an image says of itself: labels in its configuration, and the same as annotations of its manifests.

use super::{Contents, document::Labels};

/// The start of the keys that the OCI specification gives a meaning to.
const PREFIX: &str = "org.opencontainers.image.";

/// Everything that `contents` know, less what is overruled, and what was asked for.
pub(super) fn labels(contents: &Contents<'_>) -> Labels {
    let facts = [
        ("created", contents.created.to_string()),
        ("description", contents.description.to_owned()),
        ("title", contents.name.to_owned()),
        ("version", contents.version.to_owned()),
    ];
    let written = facts.into_iter().filter(|(_, value)| !value.is_empty());
    let mut labels: Labels = written.map(|(key, value)| (format!("{PREFIX}{key}"), value)).collect();
    labels.extend(contents.wishes.labels.clone());
    labels.retain(|_, value| !value.is_empty());
    labels
}

/// Reads `KEY=VALUE`. An empty value takes a label away that would be there by itself.
pub(crate) fn parse(text: &str) -> Result<(String, String), String> {
    let (key, value) =
        text.split_once('=').ok_or_else(|| format!("`{text}` is not a label: write `KEY=VALUE`"))?;
    check_key(key)?;
    Ok((key.to_owned(), value.to_owned()))
}

/// Refuses a key that nobody could look a label up by.
pub(crate) fn check_key(key: &str) -> Result<(), String> {
    if !key.is_empty() && key.chars().all(|c| c.is_ascii_graphic()) {
        return Ok(());
    }
    Err(format!("`{key}` cannot be a label's key: use printable characters without blanks"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_keys_and_values() {
        assert_eq!(parse("a.b=c=d"), Ok(("a.b".to_owned(), "c=d".to_owned())));
        assert_eq!(parse("a="), Ok(("a".to_owned(), String::new())));
        assert_eq!(parse("a"), Err("`a` is not a label: write `KEY=VALUE`".to_owned()));
        assert!(parse("=c").unwrap_err().starts_with("`` cannot be a label's key"));
        assert!(parse("a b=c").unwrap_err().starts_with("`a b` cannot be a label's key"));
    }
}
