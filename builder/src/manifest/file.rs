//! Where a manifest's text comes from.

use std::{
    fs::File,
    io::{self, Read as _},
    path::{Path, PathBuf},
};

use crate::error::Error;

/// Larger than any manifest; a device never ends.
const BYTES: u64 = 16 << 20;

/// The names that a manifest has when nobody names one: what `slimcol init` writes, and what ocb's documentation uses.
const USUAL: [&str; 2] = ["manifest.yaml", "builder-config.yaml"];

/// The text of a manifest.
pub(super) struct Written {
    /// What messages call it.
    pub(super) name: String,
    /// What it says.
    pub(super) text: String,
    /// The folder that relative paths in it start from.
    pub(super) base: PathBuf,
}

/// The manifest of the working directory, for a command that was given none.
pub(crate) fn usual() -> Result<PathBuf, Error> {
    let there: Vec<&str> = USUAL.into_iter().filter(|name| Path::new(name).is_file()).collect();
    match there[..] {
        [one] => Ok(PathBuf::from(one)),
        [] => Err(Error::Other(format!(
            "there is no {} here: name a manifest with --config FILE, take one from a collector's configuration with \
             --from-config FILE, or make one with `slimcol init`",
            USUAL.join(" or ")
        ))),
        _ => Err(Error::Other(format!(
            "there are {} here: say which one with --config FILE",
            USUAL.join(" and ")
        ))),
    }
}

/// Reads the manifest at `path`; `-` is standard input.
pub(super) fn read(path: &Path) -> Result<Written, Error> {
    if path == Path::new("-") {
        return read_from(io::stdin().lock(), "<stdin>".to_owned(), std::env::current_dir());
    }
    let name = path.display().to_string();
    match File::open(path) {
        Ok(file) => read_from(file, name, base(path)),
        Err(error) => Err(unreadable(&name, &error)),
    }
}

fn read_from(from: impl io::Read, name: String, base: io::Result<PathBuf>) -> Result<Written, Error> {
    let base = base.map_err(|error| unreadable(&name, &error))?;
    let mut bytes = Vec::new();
    from.take(BYTES + 1).read_to_end(&mut bytes).map_err(|error| unreadable(&name, &error))?;
    if bytes.len() as u64 > BYTES {
        return Err(Error::manifest(format!("`{name}` is larger than {} MiB: no manifest is", BYTES >> 20)));
    }
    let text = String::from_utf8(bytes).map_err(|error| Error::manifest(not_text(&name, &error)))?;
    Ok(Written { name, text, base })
}

fn unreadable(name: &str, error: &io::Error) -> Error {
    Error::manifest(format!("cannot read the manifest `{name}`: {error}"))
}

/// The message for bytes that are no text, with the first that is none.
fn not_text(name: &str, error: &std::string::FromUtf8Error) -> String {
    let bytes = error.as_bytes();
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return format!("`{name}` is UTF-16 text: save it as UTF-8");
    }
    let at = error.utf8_error().valid_up_to();
    let before = String::from_utf8_lossy(&bytes[..at]);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    format!("`{name}` is not UTF-8 text: byte 0x{:02x} at line {line}, column {column}", bytes[at])
}

/// The folder that a manifest's relative paths start from: its own, and for a manifest that is not a file the working one.
fn base(path: &Path) -> io::Result<PathBuf> {
    let path = std::path::absolute(path)?;
    if path.starts_with("/dev") || path.starts_with("/proc") {
        return std::env::current_dir();
    }
    Ok(path.parent().unwrap_or(&path).to_path_buf())
}
