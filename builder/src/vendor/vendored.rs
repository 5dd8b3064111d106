//! A folder that was made by `slimcol vendor`, as a build uses it.

use std::{
    fs,
    path::{Path, PathBuf},
};

use toml_edit::{DocumentMut, Item, Table, value};

use super::{CARGO_CONFIG, CRATES, MANIFEST, MARK, SOURCES, VERSION};
use crate::{
    distro::{Authored, Request},
    error::{Doing as _, Error},
    lockfile::Pin,
};

/// A folder to build from.
#[derive(Clone, Debug)]
pub(crate) struct Vendored {
    root: PathBuf,
    targets: Vec<String>,
    components: Vec<(Pin, PathBuf)>,
    cargo_config: String,
    /// The SHA-256 of the manifest in it, and what that was copied from.
    manifest: Option<(String, Authored)>,
}

impl Vendored {
    /// Turns `request` into one that builds from the folder it names, or from the one that its manifest lies in.
    pub(crate) fn apply(request: &mut Request) -> Result<(), Error> {
        let beside = || {
            let folder = request.manifest.as_deref().unwrap_or(Path::new(MANIFEST)).parent()?;
            let folder = if folder == Path::new("") { Path::new(".") } else { folder };
            (request.configs.is_empty() && folder.join(MARK).is_file()).then(|| folder.to_path_buf())
        };
        let Some(root) = request.vendor.clone().or_else(beside) else { return Ok(()) };
        let vendored = Self::open(&root)?;
        if let Some(target) = request.targets.iter().find(|target| !vendored.targets.contains(target)) {
            return Err(Error::Other(format!(
                "`{}` was made for {}, and crates that only {target} needs are not in it: make it with --target {target}",
                root.display(),
                vendored.targets.join(" and ")
            )));
        }
        if request.manifest.is_none() && request.configs.is_empty() {
            request.manifest = Some(root.join(MANIFEST));
        }
        request.source.get_or_insert_with(|| vendored.root.join(SOURCES));
        request.network = false;
        request.vendored = Some(vendored);
        Ok(())
    }

    /// Reads the folder's description.
    fn open(root: &Path) -> Result<Self, Error> {
        let file = root.join(MARK);
        let broken = |what: &str| Error::Other(format!("`{}` cannot be used: {what}", file.display()));
        if !file.is_file() {
            return Err(Error::Other(format!(
                "`{}` was not made by `slimcol vendor`: there is no {MARK} in it",
                root.display()
            )));
        }
        let text = fs::read_to_string(&file).doing("read", &file)?;
        let toml: DocumentMut = text.parse().map_err(|e: toml_edit::TomlError| broken(&e.to_string()))?;
        let text_of = |key: &str| toml.get(key).and_then(Item::as_str);
        let ours = env!("CARGO_PKG_VERSION");
        match (toml.get("version").and_then(Item::as_integer), text_of("slimcol")) {
            (Some(VERSION), Some(made)) if made == ours => {}
            (_, made) => {
                let made = made.unwrap_or("another");
                return Err(broken(&format!(
                    "it was made by slimcol {made}, and this is {ours}: build with that one, or make the folder again"
                )));
            }
        }
        let root = root.canonicalize().doing("read", root)?;
        let targets = toml.get("targets").and_then(Item::as_array).into_iter().flatten();
        let tables = toml.get("component").and_then(Item::as_array_of_tables).into_iter().flatten();
        let components = tables.map(|table| {
            let folder = table.get("folder").and_then(Item::as_str).ok_or("a component has no `folder`")?;
            Ok((Pin::from_table(table)?, root.join(folder)))
        });
        let components = components.collect::<Result<_, String>>().map_err(|what| broken(&what))?;
        let of_manifest = |key: &str| toml.get("manifest")?.get(key)?.as_str().map(str::to_owned);
        let manifest = || {
            let authored = Authored { name: of_manifest("name")?, sha256: of_manifest("sha256")? };
            Some((of_manifest("adjusted")?, authored))
        };
        let config = root.join(CARGO_CONFIG);
        let config = fs::read_to_string(&config).doing("read", &config)?;
        Ok(Self {
            targets: targets.filter_map(|target| target.as_str().map(str::to_owned)).collect(),
            cargo_config: located(&config, &root.join(CRATES)).map_err(|what| broken(&what))?,
            components,
            manifest: manifest(),
            root,
        })
    }

    /// The component crate `name` that is `wanted`, and where it is.
    pub(crate) fn component(&self, name: &str, wanted: &str) -> Result<(Pin, PathBuf), Error> {
        let found = self.components.iter().find(|(pin, _)| pin.name == name && pin.wanted == wanted);
        found.cloned().ok_or_else(|| {
            Error::Resolve(format!(
                "crate `{name}` ({wanted}) is not in `{}`: make the folder again with `slimcol vendor`",
                self.root.display()
            ))
        })
    }

    /// What the manifest was copied from whose SHA-256 is `sha256`, unless it is another one or was changed here.
    pub(crate) fn copied(&self, sha256: &str) -> Option<Authored> {
        let (adjusted, authored) = self.manifest.as_ref()?;
        (adjusted == sha256).then(|| authored.clone())
    }

    /// What cargo has to be told.
    pub(crate) fn cargo_config(&self) -> &str {
        &self.cargo_config
    }

    /// The folder of the registries' crates.
    pub(crate) fn crates(&self) -> PathBuf {
        self.root.join(CRATES)
    }
}

/// The configuration with the folder of crates where it is now.
pub(super) fn located(config: &str, crates: &Path) -> Result<String, String> {
    let mut toml: DocumentMut = config.parse().map_err(|e: toml_edit::TomlError| e.to_string())?;
    let sources = toml.get_mut("source").and_then(Item::as_table_mut);
    for (_, source) in sources.into_iter().flat_map(Table::iter_mut) {
        if source.get("directory").is_some() {
            source["directory"] = value(crates.to_string_lossy().as_ref());
        }
    }
    Ok(toml.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargo_is_told_where_the_folder_is_now() {
        let config = "[source.crates-io]\nreplace-with = \"vendored-sources\"\n\n[source.\"git+https://example.com/x\"]\ngit = \
                      \"https://example.com/x\"\nreplace-with = \"vendored-sources\"\n\n[source.vendored-sources]\ndirectory \
                      = \"/then\"\n";
        assert_eq!(
            located(config, Path::new("/now/crates")).unwrap(),
            config.replace("/then", "/now/crates")
        );
        assert!(located("[", Path::new("/")).is_err());
    }
}
