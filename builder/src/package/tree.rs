//! The files that every package has, with their places on the machine.

use std::io;

use super::{Contents, compress, texts};

/// A file or a folder of a package.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// Its path without the leading slash.
    pub(super) path: String,
    /// Its permissions.
    pub(super) mode: u16,
    /// What it is to the package manager.
    pub(super) role: Role,
    /// What is in it.
    pub(super) data: Vec<u8>,
}

/// What a file is to the package manager.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// The package's.
    File,
    /// The administrator's once it is installed: changes are kept.
    Config,
    /// Documentation, which some machines leave out.
    Doc,
    /// A licence, which every machine keeps.
    Licence,
    /// A folder of the package's own.
    Folder,
    /// The folder that the service writes to: its user's.
    State,
}

impl Entry {
    /// A file of the package's.
    pub(super) fn file(path: impl Into<String>, role: Role, data: impl Into<Vec<u8>>) -> Self {
        Self { path: path.into(), mode: 0o644, role, data: data.into() }
    }

    /// A folder of the package's own.
    pub(super) fn folder(path: impl Into<String>, mode: u16, role: Role) -> Self {
        Self { path: path.into(), mode, role, data: Vec::new() }
    }

    /// Whether it is a folder.
    pub(super) const fn is_folder(&self) -> bool {
        matches!(self.role, Role::Folder | Role::State)
    }
}

/// The unit file.
pub(super) const SERVICE: &str = include_str!("../../../templates/package/service.jinja");
/// The file that tells the unit what to start the collector with.
pub(super) const OPTIONS: &str = include_str!("../../../templates/package/options.conf.jinja");
/// The man page.
pub(super) const MANUAL: &str = include_str!("../../../templates/package/manual.jinja");

/// The files that a machine gets, whatever its package manager.
pub(super) fn installed(contents: &Contents<'_>) -> io::Result<Vec<Entry>> {
    let facts = contents.facts;
    let name = &facts.name;
    let text = |template| texts::render(template, facts);
    let mut binary = Entry::file(format!("usr/bin/{name}"), Role::File, contents.binary);
    binary.mode = 0o755;
    Ok(vec![
        Entry::file(format!("etc/{name}/config.yaml"), Role::Config, contents.config),
        Entry::file(format!("etc/{name}/{name}.conf"), Role::Config, text(OPTIONS)?),
        binary,
        Entry::file(format!("usr/lib/systemd/system/{name}.service"), Role::File, text(SERVICE)?),
        Entry::file(
            format!("usr/share/man/man1/{name}.1.gz"),
            Role::Doc,
            compress::gzip(text(MANUAL)?.as_bytes())?,
        ),
    ])
}
