//! Properties of items, compiled.

use slimcol_pattern::{Regex, Size, compile};
use slimcol_pdata::view::{Attributes, ScopeRef, ValueRef};

use crate::{AttributeConfig, MatchConfig};

/// Texts, of which one has to match.
#[derive(Debug)]
pub(crate) enum Texts {
    Strict(Vec<String>),
    Patterns(Vec<Regex>),
}

impl Texts {
    fn new(config: &MatchConfig, texts: &[String]) -> Result<Self, String> {
        match config.match_type.as_str() {
            "strict" => Ok(Self::Strict(texts.to_vec())),
            "regexp" => texts
                .iter()
                .map(|text| compile(text, Size::Config))
                .collect::<Result<_, _>>()
                .map(Self::Patterns),
            other => Err(format!("unrecognized match_type: '{other}', valid types are: [regexp strict]")),
        }
    }

    /// The texts, if there are any; `what` they are filters of is for the message.
    pub(crate) fn optional(
        config: &MatchConfig,
        texts: &[String],
        what: &str,
    ) -> Result<Option<Self>, String> {
        if texts.is_empty() {
            return Ok(None);
        }
        Self::new(config, texts).map(Some).map_err(|error| format!("error creating {what} filters: {error}"))
    }

    pub(crate) fn matches(&self, text: &str) -> bool {
        match self {
            Self::Strict(texts) => texts.iter().any(|known| known == text),
            Self::Patterns(patterns) => patterns.iter().any(|pattern| pattern.is_match(text.as_bytes())),
        }
    }
}

/// An attribute that has to be there, and how.
#[derive(Debug)]
struct Attribute {
    key: String,
    value: Wanted,
}

#[derive(Debug)]
enum Wanted {
    Any,
    Equal(crate::Constant),
    Text(Texts),
}

/// Attributes, of which all have to match.
#[derive(Debug, Default)]
pub(crate) struct Wants(Vec<Attribute>);

impl Wants {
    pub(crate) fn new(
        config: &MatchConfig,
        attributes: &[AttributeConfig],
        what: &str,
    ) -> Result<Self, String> {
        let wanted = |attribute: &AttributeConfig| {
            if attribute.key.is_empty() {
                return Err("can't have empty key in the list of attributes".to_owned());
            }
            // Says which types of matching there are.
            Texts::new(config, &[])?;
            let value = match &attribute.value {
                None => Wanted::Any,
                Some(value) if config.match_type == "strict" => Wanted::Equal(value.clone()),
                Some(crate::Constant::Text(text)) => {
                    Wanted::Text(Texts::new(config, std::slice::from_ref(text))?)
                }
                Some(value) => {
                    let (key, found) = (&attribute.key, type_name(value.view()));
                    return Err(format!(
                        "match_type=regexp for {key:?} only supports \"Str\", but found {found:?}"
                    ));
                }
            };
            Ok(Attribute { key: attribute.key.clone(), value })
        };
        let wants = attributes.iter().map(wanted).collect::<Result<_, String>>();
        wants.map(Self).map_err(|error| format!("error creating {what} filters: {error}"))
    }

    pub(crate) fn match_all(&self, attributes: Attributes<'_>) -> bool {
        self.0.iter().all(|wanted| match (attributes.get(&wanted.key), &wanted.value) {
            (None, _) => false,
            (Some(_), Wanted::Any) => true,
            (Some(value), Wanted::Equal(constant)) => equal(value, constant.view()),
            (Some(value), Wanted::Text(texts)) => match value {
                ValueRef::Str(text) => texts.matches(text),
                ValueRef::Bool(_) | ValueRef::Int(_) | ValueRef::Double(_) => texts.matches(&value.to_text()),
                _ => false,
            },
        })
    }
}

/// Go's name of the type.
fn type_name(value: ValueRef<'_>) -> &'static str {
    match value {
        ValueRef::Empty => "Empty",
        ValueRef::Str(_) => "Str",
        ValueRef::Bool(_) => "Bool",
        ValueRef::Int(_) => "Int",
        ValueRef::Double(_) => "Double",
        ValueRef::Bytes(_) => "Bytes",
        ValueRef::Array(_) => "Slice",
        ValueRef::Map(_) => "Map",
    }
}

/// Whether two values are of the same type and the same.
fn equal(one: ValueRef<'_>, other: ValueRef<'_>) -> bool {
    match (one, other) {
        (ValueRef::Empty, ValueRef::Empty) => true,
        (ValueRef::Str(one), ValueRef::Str(other)) => one == other,
        (ValueRef::Bool(one), ValueRef::Bool(other)) => one == other,
        (ValueRef::Int(one), ValueRef::Int(other)) => one == other,
        #[expect(clippy::float_cmp, reason = "the very value is meant")]
        (ValueRef::Double(one), ValueRef::Double(other)) => one == other,
        (ValueRef::Bytes(one), ValueRef::Bytes(other)) => one == other,
        (ValueRef::Array(one), ValueRef::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other.iter()).all(|(one, other)| equal(one, other))
        }
        (ValueRef::Map(one), ValueRef::Map(other)) => {
            let same = |(key, value)| other.get(key).is_some_and(|there| equal(value, there));
            one.len() == other.len() && one.iter().all(same)
        }
        _ => false,
    }
}

/// Scopes, of which all have to match.
#[derive(Debug)]
pub(crate) struct Libraries(Vec<(Texts, Option<Texts>)>);

impl Libraries {
    pub(crate) fn new(config: &MatchConfig) -> Result<Self, String> {
        let library = |library: &crate::LibraryConfig| {
            let name = Texts::new(config, std::slice::from_ref(&library.name))
                .map_err(|error| format!("error creating library name filters: {error}"))?;
            let version =
                library.version.as_ref().map(|version| Texts::new(config, std::slice::from_ref(version)));
            let version = version
                .transpose()
                .map_err(|error| format!("error creating library version filters: {error}"))?;
            Ok((name, version))
        };
        config.libraries.iter().map(library).collect::<Result<_, String>>().map(Self)
    }

    pub(crate) fn match_all(&self, scope: ScopeRef<'_>) -> bool {
        self.0.iter().all(|(name, version)| {
            name.matches(scope.name())
                && version.as_ref().is_none_or(|version| version.matches(scope.version()))
        })
    }
}
