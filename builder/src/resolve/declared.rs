//! What a crate declares: its name, its library, and the component in it.

mod metadata;

use std::{
    collections::BTreeSet,
    path::{Component, Path, PathBuf},
};

use slimcol_config::{Issue, nearest};
use toml_edit::{Item, TableLike};

use self::metadata::Metadata;
use super::cargo_toml::CargoToml;
use crate::{class::Class, manifest::listed};

/// A crate in a folder.
#[derive(Clone, Debug)]
pub(crate) struct Package {
    /// The package's name.
    pub(crate) name: String,
    /// Its version; empty if it is its workspace's.
    pub(crate) version: String,
    /// Where its `Cargo.toml` is.
    pub(crate) dir: PathBuf,
    /// The root file of its library.
    pub(crate) library: PathBuf,
    /// What Rust code calls it.
    pub(crate) library_name: String,
    /// The features that can be turned on.
    pub(crate) features: Vec<String>,
    metadata: Option<Metadata>,
}

/// A component as its crate declares it.
#[derive(Clone, Debug)]
pub(crate) struct Declared {
    /// What kind of component it is.
    pub(crate) class: Class,
    /// Its key in collectors' configuration.
    pub(crate) name: String,
    /// Older keys that still load.
    pub(crate) aliases: Vec<String>,
    /// The signals that it handles.
    pub(crate) signals: Vec<String>,
    /// How far it has come.
    pub(crate) stability: String,
    /// The Go module that it stands for.
    pub(crate) gomod: Option<String>,
    /// The key of its settings whose own keys are parts of it, each a feature of the crate (`scrapers`).
    pub(crate) parts: Option<String>,
}

impl Declared {
    /// Every key that it answers to.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&*self.name).chain(self.aliases.iter().map(String::as_str))
    }

    /// What tells it from all others (`receiver/otlp`).
    pub(crate) fn id(&self) -> String {
        format!("{}/{}", self.class.as_str(), self.name)
    }
}

impl Package {
    /// The crate in `dir`, read from its manifest alone: nothing is fetched or resolved.
    pub(crate) fn read(dir: &Path) -> Result<Self, Issue> {
        Self::from_toml(dir, &CargoToml::read(dir)?)
    }

    /// The crate whose manifest is `toml`, in `dir`.
    pub(super) fn from_toml(dir: &Path, toml: &CargoToml) -> Result<Self, Issue> {
        let path = toml.path.display();
        let package = toml.find(&["package"]).and_then(Item::as_table_like);
        let named = package.and_then(|package| package.get("name"));
        let Some(name) = named.and_then(Item::as_str) else {
            return Err(Issue::new(format!("`{path}` has no package in it")).at(toml.place(None)));
        };
        let library = |key: &str| toml.find(&["lib", key]).and_then(|item| Some((item, item.as_str()?)));
        let file = library("path").map_or("src/lib.rs", |(_, path)| path);
        let inside = |part: Component<'_>| matches!(part, Component::Normal(_) | Component::CurDir);
        if !Path::new(file).components().all(inside) {
            let issue = Issue::new(format!("the library of crate `{name}` is outside of its folder"));
            return Err(issue.at(toml.place(toml.find(&["lib", "path"]).and_then(Item::span))));
        }
        let (written, library_name) = match library("name") {
            Some((item, name)) => (Some(item), name.to_owned()),
            None => (named, name.replace('-', "_")),
        };
        if let Some(what) = unusable(&library_name) {
            let issue = Issue::new(format!("no Rust code can name the library of crate `{name}`: {what}"));
            return Err(issue
                .at(toml.place(written.and_then(Item::span)))
                .help("give `[lib]` another `name`"));
        }
        let text = |key: &str| package.and_then(|p| p.get(key)).and_then(Item::as_str).unwrap_or_default();
        Ok(Self {
            library: dir.join(file),
            library_name,
            metadata: Metadata::read(toml)?,
            dir: dir.to_path_buf(),
            version: text("version").to_owned(),
            features: features(toml),
            name: name.to_owned(),
        })
    }

    /// The component in the crate; the error says why there is none.
    pub(crate) fn component(&self) -> Result<Declared, String> {
        match &self.metadata {
            Some(metadata) => metadata.component(&self.name),
            None => Err(format!(
                "crate `{}` is not a component: it has no [package.metadata.component]",
                self.name
            )),
        }
    }

    /// Whether the crate says that it is a component.
    pub(super) fn is_component(&self) -> bool {
        self.metadata.is_some()
    }

    /// Says so if the crate has no feature of that name.
    pub(super) fn check_feature(&self, feature: &str) -> Result<(), Issue> {
        if feature == "default" || self.features.iter().any(|known| known == feature) {
            return Ok(());
        }
        let issue = Issue::new(format!("crate `{}` has no feature `{feature}`", self.name));
        Err(match nearest(feature, self.features.iter().map(String::as_str)) {
            Some(name) => issue.meant(Some(name)),
            None if self.features.is_empty() => issue.help("it has none"),
            None => issue.help(format!("it has {}", listed(self.features.iter().map(String::as_str)))),
        })
    }
}

/// What the `[features]` of a manifest are called, and the optional dependencies that are features of their own.
fn features(toml: &CargoToml) -> Vec<String> {
    let written = toml.find(&["features"]).and_then(Item::as_table_like);
    let mut found: BTreeSet<String> = BTreeSet::new();
    let mut explicit = Vec::new();
    for (name, item) in written.into_iter().flat_map(TableLike::iter) {
        found.insert(name.to_owned());
        let parts = item.as_array().into_iter().flatten().filter_map(toml_edit::Value::as_str);
        explicit.extend(parts.filter_map(|part| part.strip_prefix("dep:")).map(str::to_owned));
    }
    let dependencies = toml.find(&["dependencies"]).and_then(Item::as_table_like);
    for (name, item) in dependencies.into_iter().flat_map(TableLike::iter) {
        let optional = item.get("optional").and_then(Item::as_bool) == Some(true);
        if optional && !explicit.iter().any(|other| other == name) {
            found.insert(name.to_owned());
        }
    }
    found.into_iter().collect()
}

/// Why Rust code cannot say `name` for a crate of its own, if it cannot.
fn unusable(name: &str) -> Option<String> {
    const TAKEN: [&str; 7] = ["alloc", "core", "proc_macro", "self", "std", "super", "test"];
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if !name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        || !name.chars().all(plain)
        || name == "_"
    {
        return Some(format!("`{name}` is not a name"));
    }
    if TAKEN.contains(&name) {
        return Some(format!("`{name}` means another one"));
    }
    syn::parse_str::<syn::Ident>(name).is_err().then(|| format!("`{name}` is a word of the language"))
}

#[cfg(test)]
mod tests;
