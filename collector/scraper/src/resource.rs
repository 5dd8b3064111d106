//! What users say of the attributes of resources: `resource_attributes.<name>.{enabled, metrics_include, metrics_exclude}`.

use slimcol_config::{NoSettings, Section, Settings};
use slimcol_pattern::{MatchType, Name, Names};
use slimcol_service::Field;

/// Which of the attributes of a table resources have, and which resources are sent.
#[derive(Debug)]
pub struct Resources {
    table: &'static [(&'static str, bool)],
    all: Vec<Wanted>,
}

#[derive(Debug)]
struct Wanted {
    on: bool,
    include: Option<Names>,
    exclude: Option<Names>,
}

impl Resources {
    /// Reads `resource_attributes`, a key of a scraper's section. The table says for each attribute whether resources have
    /// it unless users say otherwise.
    pub fn read(from: &mut Section<'_>, table: &'static [(&'static str, bool)]) -> Self {
        let mut all = Vec::with_capacity(table.len());
        from.section_with("resource_attributes", |attributes| {
            for (name, on) in table {
                attributes.section_with(name, |one| {
                    all.push(Wanted {
                        on: one.get("enabled", *on),
                        include: names(one, "metrics_include"),
                        exclude: names(one, "metrics_exclude"),
                    });
                    NoSettings
                });
            }
            NoSettings
        });
        Self { table, all }
    }

    /// Whether the attribute at this place of the table is wanted: who has to work for it asks first.
    pub fn wants(&self, attribute: usize) -> bool {
        self.all.get(attribute).is_some_and(|wanted| wanted.on)
    }

    /// The attributes of a resource with these values, one for each of the table; `None` if it is not to be sent.
    pub fn choose<'a>(
        &self,
        values: impl IntoIterator<Item = Option<Field<'a>>>,
    ) -> Option<Vec<(&'static str, Field<'a>)>> {
        let mut chosen = Vec::with_capacity(self.all.len());
        for ((wanted, (name, _)), value) in self.all.iter().zip(self.table).zip(values) {
            let Some(value) = value.filter(|_| wanted.on) else { continue };
            if !wanted.admits(&value) {
                return None;
            }
            chosen.push((*name, value));
        }
        Some(chosen)
    }
}

impl Wanted {
    fn admits(&self, value: &Field<'_>) -> bool {
        if self.include.is_none() && self.exclude.is_none() {
            return true;
        }
        let text = match value {
            Field::Str(text) => text.to_string(),
            Field::Int(number) => number.to_string(),
            Field::Float(number) => number.to_string(),
            Field::Bool(value) => value.to_string(),
            Field::List(all) => all.join(","),
        };
        self.include.as_ref().is_none_or(|names| names.matches(&text))
            && !self.exclude.as_ref().is_some_and(|names| names.matches(&text))
    }
}

/// A value or a pattern (Go's `filter.Config`).
struct Written(Option<Name>);

impl Settings for Written {
    fn read(from: &mut Section<'_>) -> Self {
        let [strict, regexp] =
            ["strict", "regexp"].map(|key| from.find::<String>(key).filter(|text| !text.is_empty()));
        let name = match (strict, regexp) {
            (Some(text), None) => MatchType::Strict.name(&text),
            (None, Some(text)) => MatchType::Regexp.name(&text),
            (None, None) => Err("must specify either strict or regex".into()),
            (Some(_), Some(_)) => Err("strict and regex cannot be used together".into()),
        };
        Self(name.map_err(|error| from.error("", error)).ok())
    }
}

/// `None` where nothing is written.
fn names(from: &mut Section<'_>, key: &'static str) -> Option<Names> {
    let written = from.list::<Written>(key);
    if written.is_empty() {
        return None;
    }
    Some(written.into_iter().filter_map(|Written(name)| name).collect())
}

#[cfg(test)]
mod tests {
    use slimcol_config::from_yaml;

    use super::*;

    struct Config(Resources);

    impl Settings for Config {
        fn read(from: &mut Section<'_>) -> Self {
            Self(Resources::read(from, &[("pid", true), ("name", true), ("group", false)]))
        }
    }

    fn chosen(yaml: &str) -> Option<Vec<(&'static str, Field<'static>)>> {
        let Config(resources) = from_yaml(yaml).unwrap();
        resources.choose([Some(Field::Int(42)), Some("init".into()), None])
    }

    #[test]
    fn what_is_on_is_chosen() {
        let both = Some(vec![("pid", Field::Int(42)), ("name", "init".into())]);
        assert_eq!(chosen(""), both);
        assert_eq!(chosen("resource_attributes: {group: {enabled: true}}"), both);
        let name = Some(vec![("name", "init".into())]);
        assert_eq!(
            chosen("resource_attributes: {pid: {enabled: false, metrics_exclude: [{strict: '42'}]}}"),
            name
        );
    }

    #[test]
    fn resources_can_be_left_out() {
        for (yaml, is_sent) in [
            ("{name: {metrics_include: [{strict: x}, {regexp: '^in'}]}}", true),
            ("{name: {metrics_include: [{strict: in}]}}", false),
            ("{pid: {metrics_exclude: [{strict: '42'}]}}", false),
            ("{pid: {metrics_exclude: [{regexp: '^4$'}]}}", true),
        ] {
            assert_eq!(chosen(&format!("resource_attributes: {yaml}")).is_some(), is_sent, "{yaml}");
        }
    }

    #[test]
    fn mistakes_are_named() {
        for (filter, message) in [
            ("{}", "must specify either strict or regex"),
            ("{strict: a, regexp: b}", "strict and regex cannot be used together"),
            ("{regexp: '['}", "error parsing regexp: missing closing ]: `[`"),
        ] {
            let yaml = format!("resource_attributes: {{pid: {{metrics_include: [{filter}]}}}}");
            let error = from_yaml::<Config>(&yaml).map(|_| NoSettings).unwrap_err();
            assert!(error.contains(message), "{filter}: {error}");
        }
    }
}
