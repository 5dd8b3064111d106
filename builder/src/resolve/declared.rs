//! What a crate declares: its name, its library, and the component in it.

use std::{
    fs,
    path::{Path, PathBuf},
};

use toml_edit::{DocumentMut, Item};

use crate::class::Class;

/// A crate in a folder.
#[derive(Clone, Debug)]
pub(crate) struct Package {
    /// The package's name.
    pub(crate) name: String,
    /// Where its `Cargo.toml` is.
    pub(crate) dir: PathBuf,
    /// The root file of its library.
    pub(crate) library: PathBuf,
    /// What Rust code calls it.
    pub(crate) library_name: String,
    metadata: Option<Metadata>,
}

/// `[package.metadata.component]`, as written.
#[derive(Clone, Debug)]
struct Metadata {
    kind: String,
    name: String,
    aliases: Vec<String>,
    signals: Vec<String>,
    stability: String,
    gomod: Option<String>,
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
}

impl Declared {
    /// Every key that it answers to.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&*self.name).chain(self.aliases.iter().map(String::as_str))
    }
}

impl Package {
    /// The crate in `dir`, read from its manifest alone: nothing is fetched or resolved.
    pub(crate) fn read(dir: &Path) -> Result<Self, String> {
        let file = dir.join("Cargo.toml");
        let text = fs::read_to_string(&file).map_err(|e| {
            format!("there is no crate in `{}`: cannot read its Cargo.toml: {e}", dir.display())
        })?;
        let toml: DocumentMut = text.parse().map_err(|e| format!("`{}` is not TOML: {e}", file.display()))?;
        let package = toml.get("package");
        let name = package.and_then(|package| package.get("name")).and_then(Item::as_str);
        let name = name.ok_or_else(|| format!("`{}` has no package in it", file.display()))?.to_owned();
        let library = toml.get("lib");
        let field = |key: &str| library.and_then(|library| library.get(key)).and_then(Item::as_str);
        let component = package.and_then(|p| p.get("metadata")).and_then(|m| m.get("component"));
        Ok(Self {
            library: dir.join(field("path").unwrap_or("src/lib.rs")),
            library_name: field("name").map_or_else(|| name.replace('-', "_"), str::to_owned),
            metadata: component.map(|item| Metadata::from_toml(item, &name)).transpose()?,
            dir: dir.to_path_buf(),
            name,
        })
    }

    /// The component in the crate; the error says why there is none.
    pub(crate) fn component(&self) -> Result<Declared, String> {
        let Some(metadata) = self.metadata.clone() else {
            return Err(format!(
                "crate `{}` is not a component: it has no [package.metadata.component]",
                self.name
            ));
        };
        let class = Class::from_word(&metadata.kind).ok_or_else(|| {
            malformed(&self.name, &format!("`{}` is not a kind of component", metadata.kind))
        })?;
        let key = |c: char| c.is_ascii_alphanumeric() || c == '_';
        if metadata.name.is_empty() || !metadata.name.chars().all(key) {
            return Err(malformed(&self.name, &format!("`{}` cannot be a component's type", metadata.name)));
        }
        let Metadata { name, aliases, signals, stability, gomod, .. } = metadata;
        Ok(Declared { class, name, aliases, signals, stability, gomod })
    }

    /// Whether the crate says that it is a component.
    pub(super) fn is_component(&self) -> bool {
        self.metadata.is_some()
    }
}

impl Metadata {
    fn from_toml(item: &Item, package: &str) -> Result<Self, String> {
        let text = |key: &str| item.get(key).and_then(Item::as_str).map(str::to_owned);
        let required =
            |key: &str| text(key).ok_or_else(|| malformed(package, &format!("`{key}` is missing")));
        let list = |key: &str| {
            let array = item.get(key).and_then(Item::as_array);
            array.into_iter().flatten().filter_map(|value| value.as_str().map(str::to_owned)).collect()
        };
        Ok(Self {
            kind: required("kind")?,
            name: required("type")?,
            aliases: list("aliases"),
            signals: list("signals"),
            stability: text("stability").unwrap_or_default(),
            gomod: text("gomod"),
        })
    }
}

fn malformed(package: &str, what: &str) -> String {
    format!("[package.metadata.component] of crate `{package}` cannot be used: {what}")
}
