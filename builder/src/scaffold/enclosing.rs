//! The workspace that a new crate lands in, which must know of it: cargo refuses a crate below a workspace that it is no
//! member of.

use std::{
    fs,
    path::{Path, PathBuf},
};

use toml_edit::{Array, DocumentMut, Item, value};

use crate::{
    bounded,
    error::{Doing as _, Error},
    replace,
    source::SourceTree,
};

/// A workspace above a folder.
#[derive(Debug)]
pub(super) struct Enclosing {
    /// Its folder.
    pub(super) root: PathBuf,
    toml: DocumentMut,
}

impl Enclosing {
    /// The nearest workspace above a crate that goes into `parent`. Slimcol's own takes no others in.
    pub(super) fn of(parent: &Path, source: &SourceTree) -> Result<Option<Self>, Error> {
        for root in parent.ancestors().filter(|dir| dir.join("Cargo.toml").is_file()) {
            let file = root.join("Cargo.toml");
            let text = bounded::read_text(&file, 4 << 20).doing("read", &file)?;
            let toml: DocumentMut =
                text.parse().map_err(|e| Error::Other(format!("`{}` is not TOML: {e}", file.display())))?;
            if !toml.contains_key("workspace") {
                continue;
            }
            let is_slimcol = root.canonicalize().is_ok_and(|root| root == source.root)
                || root.join("collector/service/Cargo.toml").is_file();
            if is_slimcol {
                return Err(Error::Other(format!(
                    "`{}` is Slimcol's own workspace: make the component in a folder of yours, with --path DIR",
                    root.display()
                )));
            }
            return Ok(Some(Self { root: root.to_path_buf(), toml }));
        }
        Ok(None)
    }

    /// Enters the crate in `folder`, unless a pattern of the workspace's has it already.
    pub(super) fn add(&self, folder: &Path) -> Result<(), Error> {
        let Ok(member) = folder.strip_prefix(&self.root) else { return Ok(()) };
        let member = member.to_string_lossy().into_owned();
        let mut toml = self.toml.clone();
        let workspace = &mut toml["workspace"];
        let listed = |key: &str| workspace.get(key).and_then(Item::as_array);
        let covers = |list: &Array| {
            list.iter().filter_map(toml_edit::Value::as_str).any(|pattern| matches(pattern, &member))
        };
        if listed("exclude").is_some_and(covers) || listed("members").is_some_and(covers) {
            return Ok(());
        }
        if workspace.get("members").is_none() {
            workspace["members"] = value(Array::new());
        }
        let Some(members) = workspace.get_mut("members").and_then(Item::as_array_mut) else {
            return Err(Error::Other(format!(
                "`members` in `{}/Cargo.toml` is no list",
                self.root.display()
            )));
        };
        members.push(member);
        let file = self.root.join("Cargo.toml").canonicalize();
        let file = file.doing("read", &self.root)?;
        let mode = fs::metadata(&file).doing("read", &file)?;
        let mode = std::os::unix::fs::MetadataExt::mode(&mode) & 0o777;
        replace::file(&file, toml.to_string().as_bytes(), mode)
    }
}

/// Whether `pattern`, in which `*` is any name, is the path `member`.
fn matches(pattern: &str, member: &str) -> bool {
    let pattern: Vec<&str> = pattern.trim_start_matches("./").trim_end_matches('/').split('/').collect();
    let member: Vec<&str> = member.split('/').collect();
    pattern.len() == member.len()
        && pattern.iter().zip(&member).all(|(pattern, name)| match pattern.split_once('*') {
            None => pattern == name,
            Some((start, end)) => {
                name.len() >= start.len() + end.len() && name.starts_with(start) && name.ends_with(end)
            }
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_of_members_are_cargos() {
        for (pattern, member, expected) in [
            ("a", "a", true),
            ("./crates/*/", "crates/x", true),
            ("crates/*", "crates/x/y", false),
            ("crates/*-exporter", "crates/acme-exporter", true),
            ("crates/*-exporter", "crates/acme-receiver", false),
            ("*", "crates/x", false),
        ] {
            assert_eq!(matches(pattern, member), expected, "{pattern} {member}");
        }
    }
}
