//! Names, written out or as patterns (`match_type` of Go's `filterset`).

use crate::{Regex, Size, compile};

/// How names are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MatchType {
    /// `strict`: as they are.
    Strict,
    /// `regexp`: as patterns, which a name matches anywhere.
    Regexp,
}

/// A name, or a pattern of names.
#[derive(Clone, Debug)]
pub enum Name {
    /// Itself.
    Strict(String),
    /// Whatever it matches.
    Pattern(Regex),
}

/// Names, of which one has to match.
#[derive(Clone, Debug, Default)]
pub struct Names(Vec<Name>);

impl MatchType {
    /// The one that a configuration calls so; the error is Go's.
    pub fn from_word(word: &str) -> Result<Self, String> {
        match word {
            "strict" => Ok(Self::Strict),
            "regexp" => Ok(Self::Regexp),
            other => Err(format!("unrecognized match_type: '{other}', valid types are: [regexp strict]")),
        }
    }

    /// A name that is written like this; the error is Go's.
    pub fn name(self, text: &str) -> Result<Name, String> {
        match self {
            Self::Strict => Ok(Name::Strict(text.to_owned())),
            Self::Regexp => compile(text, Size::Config).map(Name::Pattern),
        }
    }
}

impl Names {
    /// Names that are all written like this; the error is that of the first that is wrong.
    pub fn new(written: MatchType, texts: &[String]) -> Result<Self, String> {
        texts.iter().map(|text| written.name(text)).collect()
    }

    /// Whether one of them matches.
    pub fn matches(&self, text: &str) -> bool {
        self.0.iter().any(|name| match name {
            Name::Strict(name) => name == text,
            Name::Pattern(pattern) => pattern.is_match(text.as_bytes()),
        })
    }
}

impl FromIterator<Name> for Names {
    fn from_iter<T: IntoIterator<Item = Name>>(names: T) -> Self {
        Self(names.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_match_whole_and_patterns_anywhere() {
        for (word, texts, matching) in [
            ("strict", &["sda", "lo"][..], "sda lo"),
            ("strict", &[], ""),
            ("regexp", &["^sd", "^o$"], "sda sdb"),
            ("regexp", &[r"\Ao?l"], "lo"),
        ] {
            let texts: Vec<_> = texts.iter().map(|&text| text.to_owned()).collect();
            let names = Names::new(MatchType::from_word(word).unwrap(), &texts).unwrap();
            let found: Vec<_> = ["sda", "sdb", "lo"].into_iter().filter(|name| names.matches(name)).collect();
            assert_eq!(found.join(" "), matching, "{word} {texts:?}");
        }
    }

    #[test]
    fn mistakes_are_named() {
        let error = MatchType::from_word("glob").unwrap_err();
        assert_eq!(error, "unrecognized match_type: 'glob', valid types are: [regexp strict]");
        let error = Names::new(MatchType::Regexp, &["a(".into()]).unwrap_err();
        assert_eq!(error, "error parsing regexp: missing closing ): `a(`");
    }
}
