//! Tars as packages have them: names begin with `./` (or with nothing), owners are `root`, every time is the same.

use std::io;

use tar::{Builder, EntryType, Header};

/// A tar that is being written.
pub(super) struct Tarball {
    tar: Builder<Vec<u8>>,
    prefix: &'static str,
    time: u64,
}

impl Tarball {
    /// An empty one whose names begin with `prefix`. `time` is in seconds since 1970.
    pub(super) fn new(prefix: &'static str, time: u64) -> Self {
        Self { tar: Builder::new(Vec::new()), prefix, time }
    }

    /// Adds a folder. `path` is relative and ends with a slash, or is empty for the top.
    pub(super) fn folder(&mut self, path: &str) -> io::Result<()> {
        self.entry(EntryType::Directory, path, 0o755, &[])
    }

    /// Adds a file.
    pub(super) fn file(&mut self, path: &str, mode: u32, data: &[u8]) -> io::Result<()> {
        self.entry(EntryType::Regular, path, mode, data)
    }

    fn entry(&mut self, kind: EntryType, path: &str, mode: u32, data: &[u8]) -> io::Result<()> {
        let name = format!("{}{path}", self.prefix);
        let mut header = Header::new_gnu();
        // `Builder` and `set_path` take the `./` away, which dpkg wants.
        let field = header.as_old_mut().name.get_mut(..name.len());
        let too_long = || io::Error::other(format!("the path `{name}` is too long for a package"));
        field.ok_or_else(too_long)?.copy_from_slice(name.as_bytes());
        header.set_entry_type(kind);
        header.set_mode(mode);
        header.set_uid(0);
        header.set_gid(0);
        header.set_username("root")?;
        header.set_groupname("root")?;
        header.set_mtime(self.time);
        header.set_size(data.len() as u64);
        header.set_cksum();
        self.tar.append(&header, data)
    }

    /// The tar's bytes.
    pub(super) fn finish(self) -> io::Result<Vec<u8>> {
        self.tar.into_inner()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_keep_their_prefix_and_long_ones_are_refused() {
        let mut tar = Tarball::new("./", 7);
        tar.folder("").unwrap();
        tar.folder("usr/").unwrap();
        tar.file("usr/a", 0o755, b"x").unwrap();
        let error = tar.file(&"a".repeat(99), 0o644, b"").unwrap_err().to_string();
        assert!(error.ends_with("is too long for a package"), "{error}");
        let bytes = tar.finish().unwrap();
        let mut archive = tar::Archive::new(&*bytes);
        let seen: Vec<_> = archive
            .entries()
            .unwrap()
            .map(|entry| {
                let entry = entry.unwrap();
                let header = entry.header();
                let name = String::from_utf8(entry.path_bytes().into_owned()).unwrap();
                (
                    name,
                    header.mode().unwrap(),
                    header.mtime().unwrap(),
                    header.username().unwrap().unwrap().to_owned(),
                )
            })
            .collect();
        let root = || "root".to_owned();
        assert_eq!(
            seen,
            [
                ("./".to_owned(), 0o755, 7, root()),
                ("./usr/".to_owned(), 0o755, 7, root()),
                ("./usr/a".to_owned(), 0o755, 7, root())
            ]
        );
    }
}
