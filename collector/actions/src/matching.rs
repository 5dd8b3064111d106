use slimcol_config::{Section, Settings};

use crate::Constant;

/// Properties of items, as they are written below `include` or `exclude`.
#[derive(Clone, Debug, Default)]
pub struct MatchConfig {
    /// `strict` or `regexp`
    pub match_type: String,
    /// Names of services, of which one has to match.
    pub services: Vec<String>,
    /// Names of spans.
    pub span_names: Vec<String>,
    /// Kinds of spans.
    pub span_kinds: Vec<String>,
    /// Texts of logs.
    pub log_bodies: Vec<String>,
    /// Severities of logs by their text.
    pub log_severity_texts: Vec<String>,
    /// The severity of logs by its number.
    pub log_severity_number: Option<SeverityConfig>,
    /// Names of metrics.
    pub metric_names: Vec<String>,
    /// Attributes, of which all have to match.
    pub attributes: Vec<AttributeConfig>,
    /// Resource attributes, of which all have to match.
    pub resources: Vec<AttributeConfig>,
    /// Scopes, of which all have to match.
    pub libraries: Vec<LibraryConfig>,
}

/// An attribute to be matched.
#[derive(Clone, Debug)]
pub struct AttributeConfig {
    /// Its key.
    pub key: String,
    /// Its value, or a pattern of it; without one, it has to be there.
    pub value: Option<Constant>,
}

/// A scope to be matched.
#[derive(Clone, Debug)]
pub struct LibraryConfig {
    /// Its name.
    pub name: String,
    /// Its version; without one, any.
    pub version: Option<String>,
}

/// Which severities match.
#[derive(Clone, Debug)]
pub struct SeverityConfig {
    /// The lowest.
    pub min: i32,
    /// Whether logs without one match.
    pub match_undefined: bool,
}

/// Go's cache of what a pattern matched, which is not needed.
#[derive(Clone, Copy, Debug)]
pub struct CacheConfig;

impl Settings for CacheConfig {
    fn read(from: &mut Section<'_>) -> Self {
        from.get("cacheenabled", false);
        from.get("cachemaxnumentries", 0i64);
        Self
    }
}

impl Settings for MatchConfig {
    fn read(from: &mut Section<'_>) -> Self {
        from.when_written::<CacheConfig>("regexp");
        Self {
            match_type: from.get("match_type", String::new()),
            services: from.get("services", Vec::new()),
            span_names: from.get("span_names", Vec::new()),
            span_kinds: from.get("span_kinds", Vec::new()),
            log_bodies: from.get("log_bodies", Vec::new()),
            log_severity_texts: from.get("log_severity_texts", Vec::new()),
            log_severity_number: from.when_written("log_severity_number"),
            metric_names: from.get("metric_names", Vec::new()),
            attributes: from.list("attributes"),
            resources: from.list("resources"),
            libraries: from.list("libraries"),
        }
    }
}

impl Settings for AttributeConfig {
    fn read(from: &mut Section<'_>) -> Self {
        Self { key: from.get("key", String::new()), value: from.node("value").and_then(Constant::of) }
    }
}

impl Settings for LibraryConfig {
    fn read(from: &mut Section<'_>) -> Self {
        Self { name: from.get("name", String::new()), version: from.find("version") }
    }
}

impl Settings for SeverityConfig {
    fn read(from: &mut Section<'_>) -> Self {
        Self { min: from.get("min", 0), match_undefined: from.get("match_undefined", false) }
    }
}
