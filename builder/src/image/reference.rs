//! What an image is called: `registry/path:tag`.

use std::fmt;

use super::document::Labels;

/// A name and a tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reference {
    name: String,
    tag: String,
}

impl Reference {
    /// Reads `[registry[:port]/]path[:tag]`; no tag is `latest`. The error says what is wrong.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        Self::parse_with(text, "latest")
    }

    /// The same with another tag for a name that has none.
    pub(crate) fn parse_with(text: &str, default_tag: &str) -> Result<Self, String> {
        let wrong = |what: &str| Err(format!("`{text}` is not an image's name: {what}"));
        if text.contains('@') {
            return wrong("a digest is the outcome of a build, not its name");
        }
        // A colon before the last slash is a registry's port.
        let path = text.rfind('/').map_or(0, |slash| slash + 1);
        let (name, tag) = match text[path..].split_once(':') {
            Some((last, tag)) => (&text[..path + last.len()], tag),
            None => (text, default_tag),
        };
        let (registry, path) = split(name);
        if !registry.is_none_or(is_registry) {
            return wrong("the registry is a host, and possibly a port");
        }
        if !path.split('/').all(is_component) {
            return wrong("its parts are lower-case letters and digits, with `.`, `_` and `-` between them");
        }
        if !is_tag(tag) {
            return wrong("the tag is up to 128 letters, digits, `.`, `_` and `-`");
        }
        Ok(Self { name: name.to_owned(), tag: tag.to_owned() })
    }

    /// The name of a distribution's image when none is given: its own name and version.
    pub(crate) fn of_distribution(name: &str, version: &str) -> Self {
        let tag = tag_of(version);
        // Separators in a row, or at the end, are allowed in a file's name but not in an image's.
        let parts = name.to_lowercase();
        let parts: Vec<&str> = parts.split(['.', '_', '-']).filter(|part| !part.is_empty()).collect();
        let name = if is_component(&name.to_lowercase()) { name.to_lowercase() } else { parts.join("-") };
        Self { name, tag }
    }

    /// The registry's host, and its port if it is not the usual one. Names without one are Docker Hub's.
    pub(crate) fn registry(&self) -> &str {
        split(&self.name).0.unwrap_or(DOCKER_HUB)
    }

    /// The name within the registry.
    pub(crate) fn repository(&self) -> String {
        match split(&self.name) {
            // Docker Hub's own images stand in a folder that nobody writes.
            (None | Some(DOCKER_HUB), path) if !path.contains('/') => format!("library/{path}"),
            (_, path) => path.to_owned(),
        }
    }

    /// The tag.
    pub(crate) fn tag(&self) -> &str {
        &self.tag
    }

    /// How an archive's index says what its image is called.
    pub(super) fn annotations(&self) -> Labels {
        [
            ("io.containerd.image.name".to_owned(), self.to_string()),
            ("org.opencontainers.image.ref.name".to_owned(), self.tag.clone()),
        ]
        .into()
    }
}

/// The registry of names that say none.
pub(crate) const DOCKER_HUB: &str = "docker.io";

/// A distribution's version as a tag.
pub(crate) fn tag_of(version: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    let tag: String = version.chars().map(|c| if plain(c) { c } else { '-' }).collect();
    if is_tag(&tag) { tag } else { "latest".to_owned() }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.name, self.tag)
    }
}

/// The registry, if the name says one, and the rest.
fn split(name: &str) -> (Option<&str>, &str) {
    match name.split_once('/') {
        Some((first, rest)) if first.contains(['.', ':']) || first == "localhost" => (Some(first), rest),
        _ => (None, name),
    }
}

fn is_registry(host: &str) -> bool {
    let (name, port) = host.split_once(':').map_or((host, None), |(name, port)| (name, Some(port)));
    let label = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    name.split('.').all(label) && port.is_none_or(|port| port.parse::<u16>().is_ok())
}

fn is_component(part: &str) -> bool {
    let inner = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let separated = part.split(['.', '_', '-']).all(|word| !word.is_empty() && word.chars().all(inner));
    separated && !part.is_empty()
}

fn is_tag(tag: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    tag.len() <= 128
        && tag.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
        && tag.chars().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_completed_and_checked() {
        for (text, full) in [
            ("otelcol", "otelcol:latest"),
            ("otelcol:1.0", "otelcol:1.0"),
            ("localhost:5000/a/b", "localhost:5000/a/b:latest"),
            ("ghcr.io/me/otelcol-edge:v1", "ghcr.io/me/otelcol-edge:v1"),
        ] {
            assert_eq!(Reference::parse(text).unwrap().to_string(), full);
        }
        for (text, what) in [
            ("", "parts are"),
            ("Otelcol", "parts are"),
            ("a//b", "parts are"),
            ("a:b c", "the tag is"),
            ("a:", "the tag is"),
            ("a@sha256:00", "a digest is"),
            ("host.io:x/a", "the registry is"),
        ] {
            let error = Reference::parse(text).unwrap_err();
            assert!(error.contains(what), "{text}: {error}");
        }
    }

    #[test]
    fn a_name_says_where_it_is_pushed_to() {
        for (text, registry, repository) in [
            ("otelcol", "docker.io", "library/otelcol"),
            ("me/otelcol", "docker.io", "me/otelcol"),
            ("docker.io/otelcol", "docker.io", "library/otelcol"),
            ("ghcr.io/otelcol", "ghcr.io", "otelcol"),
            ("localhost:5000/a/b:c", "localhost:5000", "a/b"),
        ] {
            let reference = Reference::parse(text).unwrap();
            assert_eq!((reference.registry(), &*reference.repository()), (registry, repository));
        }
        assert_eq!(Reference::parse_with("a", "1.0").unwrap().to_string(), "a:1.0");
        assert_eq!(Reference::parse_with("a:2", "1.0").unwrap().tag(), "2");
    }

    #[test]
    fn a_distribution_names_its_image() {
        for (name, version, full) in [
            ("otelcol-otlp", "0.1.0", "otelcol-otlp:0.1.0"),
            ("OtelCol", "1.0.0+build", "otelcol:1.0.0-build"),
            ("a..b-", "", "a-b:latest"),
        ] {
            assert_eq!(Reference::of_distribution(name, version).to_string(), full);
        }
    }
}
