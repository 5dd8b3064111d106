//! Properties by which older configurations choose metrics and log records.

use slimcol_actions::{AttributeConfig, CacheConfig, MatchConfig, SeverityConfig};
use slimcol_config::{Section, Settings};
use slimcol_pdata::enums::SEVERITY_NUMBER;

/// Properties of metrics.
#[derive(Clone, Debug)]
pub struct MetricMatch {
    /// `strict`, `regexp` or `expr`
    pub match_type: String,
    /// Names, of which one has to match.
    pub metric_names: Vec<String>,
    /// Expressions, of which one has to hold of one of the points.
    pub expressions: Vec<String>,
    /// Attributes of the resource, of which all have to match.
    pub resource_attributes: Vec<AttributeConfig>,
}

impl Settings for MetricMatch {
    fn read(from: &mut Section<'_>) -> Self {
        from.when_written::<CacheConfig>("regexp");
        Self {
            match_type: from.get("match_type", String::new()),
            metric_names: from.get("metric_names", Vec::new()),
            expressions: from.get("expressions", Vec::new()),
            resource_attributes: from.list("resource_attributes"),
        }
    }
}

impl MetricMatch {
    /// The names, if there are any that count.
    pub(crate) fn names(&self) -> Option<MatchConfig> {
        let any = self.match_type != "expr" && !self.metric_names.is_empty();
        any.then(|| MatchConfig {
            match_type: self.match_type.clone(),
            metric_names: self.metric_names.clone(),
            ..MatchConfig::default()
        })
    }

    /// The attributes of the resource, if there are any.
    pub(crate) fn resources(&self) -> Option<MatchConfig> {
        (!self.resource_attributes.is_empty()).then(|| MatchConfig {
            match_type: self.match_type.clone(),
            resources: self.resource_attributes.clone(),
            ..MatchConfig::default()
        })
    }

    /// The expressions that count.
    pub(crate) fn expressions(&self) -> &[String] {
        if self.match_type == "expr" { &self.expressions } else { &[] }
    }
}

/// Properties of log records, of which all have to match.
#[derive(Clone, Debug)]
pub struct LogMatch {
    /// `strict` or `regexp`
    pub match_type: String,
    /// Attributes of the resource.
    pub resource_attributes: Vec<AttributeConfig>,
    /// Attributes of the record.
    pub record_attributes: Vec<AttributeConfig>,
    /// Texts of severities, of which one has to match.
    pub severity_texts: Vec<String>,
    /// The lowest severity.
    pub severity_number: Option<SeverityMatch>,
    /// Texts, of which one has to match.
    pub bodies: Vec<String>,
}

/// Which severities match.
#[derive(Clone, Debug)]
pub struct SeverityMatch {
    /// The lowest, by its short name or its number; without one there is none.
    pub min: String,
    /// Whether records without one match.
    pub match_undefined: bool,
}

impl Settings for SeverityMatch {
    fn read(from: &mut Section<'_>) -> Self {
        Self { min: from.get("min", String::new()), match_undefined: from.get("match_undefined", false) }
    }
}

impl Settings for LogMatch {
    fn read(from: &mut Section<'_>) -> Self {
        Self {
            match_type: from.get("match_type", String::new()),
            resource_attributes: from.list("resource_attributes"),
            record_attributes: from.list("record_attributes"),
            severity_texts: from.get("severity_texts", Vec::new()),
            severity_number: from.when_written("severity_number"),
            bodies: from.get("bodies", Vec::new()),
        }
    }
}

impl LogMatch {
    /// The severities that match, if it matters.
    pub(crate) fn severity(&self) -> Result<Option<SeverityConfig>, String> {
        let Some(SeverityMatch { min, match_undefined }) = &self.severity_number else { return Ok(None) };
        let name = min.to_uppercase();
        let named = |long: &&str| long.strip_prefix("SEVERITY_NUMBER_") == Some(&name);
        let number = match SEVERITY_NUMBER[1..].iter().position(named) {
            Some(at) => Some(at + 1),
            None if name.is_empty() => Some(0),
            None => name.parse().ok().filter(|number| (1..SEVERITY_NUMBER.len()).contains(number)),
        };
        let number = number.and_then(|number| i32::try_from(number).ok());
        let number =
            number.ok_or_else(|| format!("'{min}' is not a valid severity: not a valid severity"))?;
        Ok(Some(SeverityConfig { min: number, match_undefined: *match_undefined }))
    }

    /// The properties, if there are any.
    pub(crate) fn properties(&self) -> Result<Option<MatchConfig>, String> {
        let any = !(self.resource_attributes.is_empty()
            && self.record_attributes.is_empty()
            && self.severity_texts.is_empty()
            && self.bodies.is_empty()
            && self.severity_number.is_none());
        if !any {
            return Ok(None);
        }
        Ok(Some(MatchConfig {
            match_type: self.match_type.clone(),
            resources: self.resource_attributes.clone(),
            attributes: self.record_attributes.clone(),
            log_severity_texts: self.severity_texts.clone(),
            log_bodies: self.bodies.clone(),
            log_severity_number: self.severity()?,
            ..MatchConfig::default()
        }))
    }
}
