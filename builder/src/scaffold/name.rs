//! What a new component is called: by cargo, by collectors' configuration, and in its own code.

use super::Kind;

/// The names that one name leads to.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Name {
    /// The package (`acme-exporter`).
    pub(super) package: String,
    /// The key in collectors' configuration (`acme`).
    pub(super) key: String,
    /// The type (`AcmeExporter`).
    pub(super) rust: String,
}

impl Name {
    /// The names of a component of `kind` called `name`, with or without its kind behind (`acme`, `acme-exporter`). The
    /// error says what is wrong with the name.
    pub(super) fn new(kind: Kind, name: &str) -> Result<Self, String> {
        let word = kind.class().as_str();
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_');
        let valid = name.starts_with(|c: char| c.is_ascii_lowercase())
            && name.chars().all(plain)
            && !name.ends_with(['-', '_'])
            && !name.contains("--")
            && !name.contains("__")
            && name.len() <= 40;
        if !valid {
            let proposal = proposal(name);
            let proposal = proposal.map(|name| format!("; did you mean `{name}`?")).unwrap_or_default();
            return Err(format!(
                "`{name}` cannot be a component's name: up to 40 small letters, digits, `-` and `_`, a letter first{proposal}"
            ));
        }
        if name.starts_with("slimcol") {
            return Err(format!("`{name}` would look like one of Slimcol's own: choose another name"));
        }
        let short = name.strip_suffix(word).and_then(|rest| rest.strip_suffix(['-', '_']));
        let short = short.filter(|short| !short.is_empty()).unwrap_or(name);
        let pascal = short.split(['-', '_']).chain([word]).map(|part| {
            let (first, rest) = part.split_at(1);
            first.to_ascii_uppercase() + rest
        });
        Ok(Self {
            rust: pascal.collect(),
            key: short.replace('-', "_"),
            package: if short == name { format!("{name}-{word}") } else { name.to_owned() },
        })
    }
}

/// The nearest name that would do.
fn proposal(name: &str) -> Option<String> {
    let mut proposal = String::new();
    for c in name.chars().take(40) {
        match c {
            c if c.is_ascii_uppercase() => {
                if proposal.ends_with(|c: char| c.is_ascii_lowercase()) {
                    proposal.push('-');
                }
                proposal.push(c.to_ascii_lowercase());
            }
            c if c.is_ascii_lowercase() => proposal.push(c),
            c if c.is_ascii_digit() && !proposal.is_empty() => proposal.push(c),
            _ if !proposal.is_empty() && !proposal.ends_with('-') => proposal.push('-'),
            _ => {}
        }
    }
    let proposal = proposal.trim_end_matches('-');
    (!proposal.is_empty()).then(|| proposal.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_name_leads_to_three() {
        for (kind, name, names) in [
            (Kind::Exporter, "acme", ["acme-exporter", "acme", "AcmeExporter"]),
            (Kind::Exporter, "acme-exporter", ["acme-exporter", "acme", "AcmeExporter"]),
            (Kind::Receiver, "my_thing2", ["my_thing2-receiver", "my_thing2", "MyThing2Receiver"]),
            (Kind::Processor, "a-b", ["a-b-processor", "a_b", "ABProcessor"]),
            (Kind::Connector, "connector", ["connector-connector", "connector", "ConnectorConnector"]),
            (Kind::Extension, "config", ["config-extension", "config", "ConfigExtension"]),
        ] {
            let Name { package, key, rust } = Name::new(kind, name).unwrap();
            assert_eq!([package, key, rust], names);
        }
    }

    #[test]
    fn what_cannot_be_a_name_is_refused_with_one_that_can() {
        for (name, proposal) in [
            ("MyExporter", "my-exporter"),
            ("a b", "a-b"),
            ("7up", "up"),
            ("a--b", "a-b"),
            ("../x", "x"),
            ("a-", "a"),
            ("ünder", "nder"),
        ] {
            let error = Name::new(Kind::Exporter, name).unwrap_err();
            assert!(error.ends_with(&format!("; did you mean `{proposal}`?")), "{error}");
        }
        assert!(Name::new(Kind::Exporter, "").unwrap_err().ends_with("a letter first"));
        assert!(Name::new(Kind::Exporter, &"a".repeat(41)).is_err());
        let error = Name::new(Kind::Exporter, "slimcol-x").unwrap_err();
        assert_eq!(error, "`slimcol-x` would look like one of Slimcol's own: choose another name");
    }
}
