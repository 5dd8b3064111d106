//! The segments' files.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// How their names end.
const SUFFIX: &str = ".log";

/// The file of segment `number`.
pub(super) fn path(folder: &Path, number: u64) -> PathBuf {
    folder.join(format!("{number:010}{SUFFIX}"))
}

/// The numbers of the segments in `folder`, the oldest first.
pub(super) fn numbers(folder: &Path) -> io::Result<Vec<u64>> {
    let mut numbers = Vec::new();
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name();
        let number: Option<u64> =
            name.to_str().and_then(|name| name.strip_suffix(SUFFIX)).and_then(|n| n.parse().ok());
        numbers.extend(number);
    }
    slimcol_order::sort(&mut numbers);
    Ok(numbers)
}
