//! Where the framework's and the components' sources are.

use std::{
    env,
    path::{Path, PathBuf},
};

use crate::error::{Doing as _, Error};

/// The tree that holds `collector/` and `components/`.
#[derive(Clone, Debug)]
pub(crate) struct SourceTree {
    /// The folder of the workspace's `Cargo.toml`, without symbolic links.
    pub(crate) root: PathBuf,
}

impl SourceTree {
    /// The tree at `given`, else the first found above the executable, else above the working directory.
    pub(crate) fn find(given: Option<&Path>) -> Result<Self, Error> {
        if let Some(root) = given {
            if !is_source_tree(root) {
                return Err(Error::Other(format!(
                    "`{}` does not hold Slimcol's sources (no collector/service/Cargo.toml in it)",
                    root.display()
                )));
            }
            return Ok(Self { root: root.canonicalize().doing("read", root)? });
        }
        let starts = [env::current_exe().and_then(|exe| exe.canonicalize()), env::current_dir()];
        starts
            .into_iter()
            .flatten()
            .find_map(|start| start.ancestors().find(|dir| is_source_tree(dir)).map(Path::to_path_buf))
            .map(|root| Self { root })
            .ok_or_else(|| {
                Error::Other(
                    "Slimcol's sources are neither above the executable nor above the working directory; name them with \
                     --source DIR or SLIMCOL_SOURCE"
                        .to_owned(),
                )
            })
    }
}

fn is_source_tree(dir: &Path) -> bool {
    dir.join("Cargo.toml").is_file() && dir.join("collector/service/Cargo.toml").is_file()
}
