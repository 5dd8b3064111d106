//! Properties of items, compiled.

use slimcol_pattern::{MatchType, Names};
use slimcol_pdata::view::{Attributes, ScopeRef, ValueRef};

use crate::{AttributeConfig, MatchConfig};

/// The texts as `match_type` says.
fn texts(config: &MatchConfig, texts: &[String]) -> Result<Names, String> {
    Names::new(MatchType::from_word(&config.match_type)?, texts)
}

/// The texts, if there are any; `what` they are filters of is for the message.
pub(crate) fn optional(config: &MatchConfig, all: &[String], what: &str) -> Result<Option<Names>, String> {
    if all.is_empty() {
        return Ok(None);
    }
    texts(config, all).map(Some).map_err(|error| format!("error creating {what} filters: {error}"))
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
    Text(Names),
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
            texts(config, &[])?;
            let value = match &attribute.value {
                None => Wanted::Any,
                Some(value) if config.match_type == "strict" => Wanted::Equal(value.clone()),
                Some(crate::Constant::Text(text)) => Wanted::Text(texts(config, std::slice::from_ref(text))?),
                Some(value) => {
                    let (key, found) = (&attribute.key, value.view().kind());
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
pub(crate) struct Libraries(Vec<(Names, Option<Names>)>);

impl Libraries {
    pub(crate) fn new(config: &MatchConfig) -> Result<Self, String> {
        let library = |library: &crate::LibraryConfig| {
            let name = texts(config, std::slice::from_ref(&library.name))
                .map_err(|error| format!("error creating library name filters: {error}"))?;
            let version =
                library.version.as_ref().map(|version| texts(config, std::slice::from_ref(version)));
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
