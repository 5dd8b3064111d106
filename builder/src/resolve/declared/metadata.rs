//! `[package.metadata.component]`: what a crate says of the component in it.

use slimcol_config::{Issue, nearest};
use toml_edit::{Item, TableLike, Value};

use super::Declared;
use crate::{class::Class, manifest::listed, resolve::cargo_toml::CargoToml};

/// The table as written.
#[derive(Clone, Debug, serde::Deserialize)]
pub(super) struct Metadata {
    kind: String,
    #[serde(rename = "type")]
    name: String,
    #[serde(default)]
    aliases: Vec<String>,
    #[serde(default)]
    signals: Vec<String>,
    #[serde(default)]
    stability: String,
    gomod: Option<String>,
    parts: Option<String>,
}

const KEYS: [&str; 7] = ["kind", "type", "aliases", "signals", "stability", "gomod", "parts"];
const SIGNALS: [&str; 3] = ["traces", "metrics", "logs"];
const STABILITIES: [&str; 6] = ["unmaintained", "deprecated", "development", "alpha", "beta", "stable"];

impl Metadata {
    /// Reads the table of `toml`, if there is one.
    pub(super) fn read(toml: &CargoToml) -> Result<Option<Self>, Issue> {
        let Some(item) = toml.find(&["package", "metadata", "component"]) else { return Ok(None) };
        let package = toml.find(&["package", "name"]).and_then(Item::as_str).unwrap_or_default();
        let wrong = |what: &str, at: &Item| Issue::new(malformed(package, what)).at(toml.place(at.span()));
        let table = item.as_table_like().ok_or_else(|| wrong("it is not a table", item))?;
        if let Some((key, _)) = table.iter().find(|(key, _)| !KEYS.contains(key)) {
            let issue = Issue::new(malformed(package, &format!("it has no key `{key}`")));
            let issue = issue.at(toml.place_of_key(table, key));
            return Err(match nearest(key, KEYS) {
                Some(name) => issue.meant(Some(name)),
                None => issue.help(format!("its keys are {}", listed(KEYS))),
            });
        }
        let required =
            |key: &str| text(table, key, &wrong)?.ok_or_else(|| wrong(&format!("`{key}` is missing"), item));
        let metadata = Self {
            kind: required("kind")?,
            name: required("type")?,
            aliases: list(table, "aliases", &wrong)?,
            signals: list(table, "signals", &wrong)?,
            stability: text(table, "stability", &wrong)?.unwrap_or_default(),
            gomod: text(table, "gomod", &wrong)?,
            parts: text(table, "parts", &wrong)?,
        };
        metadata
            .check()
            .map_err(|(key, what, meant)| wrong(&what, table.get(key).unwrap_or(item)).meant(meant))?;
        Ok(Some(metadata))
    }

    /// The component, if all that is said of it has a meaning.
    pub(super) fn component(&self, package: &str) -> Result<Declared, String> {
        let class = self.check().map_err(|(_, what, _)| malformed(package, &what))?;
        let Self { name, aliases, signals, stability, gomod, parts, .. } = self.clone();
        Ok(Declared { class, name, aliases, signals, stability, gomod, parts })
    }

    /// The class; else the key that makes no sense, why, and what was likely meant.
    fn check(&self) -> Result<Class, (&'static str, String, Option<&'static str>)> {
        let classes = Class::ALL.map(Class::as_str);
        let class = Class::from_word(&self.kind).ok_or_else(|| {
            ("kind", format!("`{}` is not a kind of component", self.kind), nearest(&self.kind, classes))
        })?;
        for (key, name) in
            std::iter::once(("type", &self.name)).chain(self.aliases.iter().map(|alias| ("aliases", alias)))
        {
            if !is_key(name) {
                return Err((key, format!("`{name}` cannot be a component's type"), None));
            }
        }
        if let Some(signal) = self.signals.iter().find(|signal| !SIGNALS.contains(&signal.as_str())) {
            return Err(("signals", format!("`{signal}` is not a signal"), nearest(signal, SIGNALS)));
        }
        let stability = &self.stability;
        if !stability.is_empty() && !STABILITIES.contains(&stability.as_str()) {
            let what = format!("`{stability}` is not a level of stability");
            return Err(("stability", what, nearest(stability, STABILITIES)));
        }
        Ok(class)
    }
}

/// Whether `name` can be a component's key in a collector's configuration.
pub(crate) fn is_key(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && name.len() <= 63
}

/// That the table of `package` cannot be used, and why.
pub(super) fn malformed(package: &str, what: &str) -> String {
    format!("[package.metadata.component] of crate `{package}` cannot be used: {what}")
}

fn text(
    table: &dyn TableLike,
    key: &str,
    wrong: &dyn Fn(&str, &Item) -> Issue,
) -> Result<Option<String>, Issue> {
    let Some(item) = table.get(key) else { return Ok(None) };
    let text = item.as_str().ok_or_else(|| wrong(&format!("`{key}` is a text"), item))?;
    Ok(Some(text.to_owned()))
}

fn list(
    table: &dyn TableLike,
    key: &str,
    wrong: &dyn Fn(&str, &Item) -> Issue,
) -> Result<Vec<String>, Issue> {
    let Some(item) = table.get(key) else { return Ok(Vec::new()) };
    let texts = item.as_array().and_then(|array| {
        array.iter().map(|value| Value::as_str(value).map(str::to_owned)).collect::<Option<Vec<_>>>()
    });
    texts.ok_or_else(|| wrong(&format!("`{key}` is a list of texts"), item))
}
