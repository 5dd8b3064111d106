//! Where the framework's and the components' sources are.

mod cache;
mod embedded;

use std::path::{Path, PathBuf};

pub(crate) use self::{cache::cache_folder, embedded::travelling};
use crate::error::{Doing as _, Error};

/// The tree that holds `collector/` and `components/`.
#[derive(Clone, Debug)]
pub(crate) struct SourceTree {
    /// The folder of the workspace's `Cargo.toml`, without symbolic links.
    pub(crate) root: PathBuf,
}

impl SourceTree {
    /// The tree at `given`, else the one that travels inside this binary, unpacked. Where the command stands or runs never
    /// matters: a checkout that happens to be near is not what was asked for.
    pub(crate) fn find(given: Option<&Path>) -> Result<Self, Error> {
        let Some(root) = given else { return cache::unpacked(embedded::archive()?, &cache_folder()?) };
        if !is_source_tree(root) {
            return Err(Error::Other(format!(
                "`{}` does not hold Slimcol's sources (no collector/service/Cargo.toml in it)",
                root.display()
            )));
        }
        Ok(Self { root: root.canonicalize().doing("read", root)? })
    }
}

fn is_source_tree(dir: &Path) -> bool {
    dir.join("Cargo.toml").is_file() && dir.join("collector/service/Cargo.toml").is_file()
}
