//! A crate's `Cargo.toml` with the place of all that is in it.

use std::{
    ops::Range,
    path::{Path, PathBuf},
};

use slimcol_config::{Issue, Place};
use toml_edit::{Document, Item, Table, TableLike};

use crate::bounded;

/// The largest `Cargo.toml` that is read. The longest ones in use have a few hundred KiB.
const LARGEST: u64 = 4 << 20;

/// A `Cargo.toml` as written.
#[derive(Debug)]
pub(super) struct CargoToml {
    /// Where it is.
    pub(super) path: PathBuf,
    document: Document<String>,
}

impl CargoToml {
    /// Reads the manifest of the crate in `dir`.
    pub(super) fn read(dir: &Path) -> Result<Self, Issue> {
        let path = dir.join("Cargo.toml");
        let text = bounded::read_text(&path, LARGEST).map_err(|e| {
            Issue::new(format!("there is no crate in `{}`: cannot read its Cargo.toml: {e}", dir.display()))
        })?;
        match Document::parse(text.clone()) {
            Ok(document) => Ok(Self { path, document }),
            Err(error) => {
                let name = path.display().to_string();
                let issue = Issue::new(format!("`{name}` is not TOML: {}", error.message().trim()));
                Err(issue.at(Place::in_text(name, &text, error.span().unwrap_or(0..0))))
            }
        }
    }

    /// What is in it.
    pub(super) fn root(&self) -> &Table {
        self.document.as_table()
    }

    /// The item behind `keys`, each in the table before it.
    pub(super) fn find(&self, keys: &[&str]) -> Option<&Item> {
        keys.iter().try_fold(self.document.as_item(), |item, key| item.get(key))
    }

    /// Where something with this span is; the start if it has none.
    pub(super) fn place(&self, span: Option<Range<usize>>) -> Place {
        Place::in_text(self.path.display().to_string(), self.document.raw(), span.unwrap_or(0..0))
    }

    /// Where `key` of `table` is.
    pub(super) fn place_of_key(&self, table: &dyn TableLike, key: &str) -> Place {
        self.place(table.key(key).and_then(toml_edit::Key::span))
    }
}
