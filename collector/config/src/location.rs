//! `scheme:rest`, as `--config` and `${…}` name configuration.

/// A parsed location.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Location {
    pub(crate) scheme: String,
    pub(crate) rest: String,
}

impl Location {
    /// Parses what stands in `--config`: without a colon, or behind a drive letter, it is a file.
    pub(crate) fn of_config(text: &str) -> Result<Self, String> {
        // Go's pattern for the letter is `[A-z]`, which takes in the six signs between `Z` and `a`.
        let drive = matches!(text.as_bytes(), [b'A'..=b'z', b':', ..]);
        if drive || !text.contains(':') {
            return Ok(Self { scheme: "file".into(), rest: text.into() });
        }
        Self::parse(text)
    }

    /// Parses what stands between `${` and `}`: without a colon it is an environment variable.
    pub(crate) fn of_expression(body: &str) -> Result<Self, String> {
        let location = if body.contains(':') {
            Self::parse(body)?
        } else {
            Self { scheme: "env".into(), rest: body.into() }
        };
        if location.rest.contains('$') {
            return Err(format!("the uri {:?} contains unsupported characters ('$')", location.text()));
        }
        Ok(location)
    }

    /// `scheme:rest`.
    pub(crate) fn text(&self) -> String {
        format!("{}:{}", self.scheme, self.rest)
    }

    /// `[A-Za-z][A-Za-z0-9+.-]+:` and anything.
    fn parse(text: &str) -> Result<Self, String> {
        let valid = |scheme: &str| {
            scheme.len() > 1
                && scheme.starts_with(|c: char| c.is_ascii_alphabetic())
                && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b"+.-".contains(&b))
        };
        match text.split_once(':') {
            Some((scheme, rest)) if valid(scheme) => Ok(Self { scheme: scheme.into(), rest: rest.into() }),
            _ => Err(format!("invalid uri: {text:?}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn config_locations_are_files_unless_they_have_a_scheme() {
        for (text, expected) in [
            ("m1.yaml,m2.yaml", Ok(("file", "m1.yaml,m2.yaml"))),
            ("", Ok(("file", ""))),
            ("C:\\x.yaml", Ok(("file", "C:\\x.yaml"))),
            ("file:/a:b", Ok(("file", "/a:b"))),
            ("yaml:a::b: 1", Ok(("yaml", "a::b: 1"))),
            ("zz:foo", Ok(("zz", "foo"))),
            ("1x:foo", Err("invalid uri: \"1x:foo\"".to_owned())),
            (":foo", Err("invalid uri: \":foo\"".to_owned())),
        ] {
            let expected = expected.map(|(s, r)| Location { scheme: s.into(), rest: r.into() });
            assert_eq!(Location::of_config(text), expected, "{text}");
        }
    }
}
