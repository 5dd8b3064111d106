//! Looking at a distribution without building it: its workspace is written to a folder of its own and thrown away, so that
//! nothing of what the manifest's output path holds is touched.

use tempfile::TempDir;

use super::selection::Selection;
use crate::{
    distro::{Prepared, Written},
    error::{Doing as _, Error},
    lockfile::Locking,
};

/// A workspace that is gone when this is dropped.
pub(super) struct Aside {
    /// The workspace.
    pub(super) written: Written,
    /// The one target that was asked for.
    pub(super) target: String,
    _folder: TempDir,
}

/// Writes the workspace of what was selected. What is looked at is of one target; `what` names it in the message.
pub(super) fn write(selection: &Selection, what: &str) -> Result<Aside, Error> {
    let folder = tempfile::Builder::new().prefix("slimcol-").tempdir();
    let folder = folder.doing("create a folder in", &std::env::temp_dir())?;
    let mut request = selection.request();
    request.output = Some(folder.path().to_path_buf());
    if request.locking == Locking::Keep {
        request.locking = Locking::Look;
    }
    let prepared = Prepared::new(request)?;
    let [target] = &prepared.targets[..] else {
        return Err(Error::Other(format!("{what} is of one target: give --target once")));
    };
    let target = target.clone();
    Ok(Aside { written: prepared.write()?, target, _folder: folder })
}
