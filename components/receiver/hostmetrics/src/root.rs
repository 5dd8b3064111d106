//! Where the host's files are: a collector in a container sees those of its host below `root_path`.

use std::{
    env,
    path::{Path, PathBuf},
};

/// The folders of the host. What the environment says (`HOST_PROC`, …) goes before what `root_path` says, as in Go.
#[derive(Clone, Debug)]
pub(crate) struct Root {
    path: PathBuf,
    proc: PathBuf,
    is_set: bool,
}

impl Root {
    /// What `root_path` says; empty is `/`.
    pub(crate) fn new(root_path: &str) -> Self {
        let path = PathBuf::from(if root_path.is_empty() { "/" } else { root_path });
        Self { proc: folder(&path, "HOST_PROC", "proc"), path, is_set: !root_path.is_empty() }
    }

    /// The host's root.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Whether nobody said where the host's files are.
    pub(crate) fn is_default(&self) -> bool {
        !self.is_set
    }

    /// A path below `/proc`.
    pub(crate) fn proc(&self, path: &str) -> PathBuf {
        self.proc.join(path)
    }

    /// A path below another folder (`sys`), which the environment can name (`HOST_SYS`).
    pub(crate) fn folder(&self, variable: &str, name: &str) -> PathBuf {
        folder(&self.path, variable, name)
    }
}

/// The folder of the process whose mounts are listed, if the environment says which.
pub(crate) fn mounts() -> Option<PathBuf> {
    let list = env::var_os("HOST_PROC_MOUNTINFO").filter(|path| !path.is_empty())?;
    Path::new(&list).parent().map(Path::to_path_buf)
}

fn folder(root: &Path, variable: &str, name: &str) -> PathBuf {
    match env::var_os(variable) {
        Some(path) if !path.is_empty() => path.into(),
        Some(_) => Path::new("/").join(name),
        None => root.join(name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hosts_folders_are_below_its_root() {
        assert_eq!(Root::new("").proc("stat"), Path::new("/proc/stat"));
        let root = Root::new("/hostfs");
        assert_eq!(root.proc("1/mountinfo"), Path::new("/hostfs/proc/1/mountinfo"));
        assert_eq!(root.folder("HOST_SYS", "sys"), Path::new("/hostfs/sys"));
    }

    #[test]
    fn the_environment_goes_first() {
        // `PATH` is there in every test.
        let expected = PathBuf::from(env::var_os("PATH").unwrap());
        assert_eq!(folder(Path::new("/hostfs"), "PATH", "proc"), expected);
    }
}
