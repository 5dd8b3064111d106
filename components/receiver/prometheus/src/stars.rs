//! Files that a pattern with stars names.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// The largest file that is read.
pub(crate) const LARGEST: u64 = 64 << 20;

/// The files that a pattern names, of which only the last part can have stars.
pub(crate) fn matching(pattern: &str) -> Vec<PathBuf> {
    if !pattern.contains('*') {
        return vec![pattern.into()];
    }
    let (folder, name) = pattern.rsplit_once('/').unwrap_or((".", pattern));
    let folder = if folder.is_empty() { Path::new("/") } else { Path::new(folder) };
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut all: Vec<PathBuf> = entries
        .flatten()
        .filter(|entry| entry.file_name().to_str().is_some_and(|file| fits(file, name)))
        .map(|entry| entry.path())
        .collect();
    slimcol_order::sort(&mut all);
    all
}

/// Whether a name has a pattern's parts in their order, the first at its beginning and the last at its end.
fn fits(name: &str, pattern: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else { return name == pattern };
    let Some(mut name) = name.strip_prefix(start) else { return false };
    let (middle, end) = rest.rsplit_once('*').unwrap_or(("", rest));
    for part in middle.split('*') {
        // As early as it goes leaves most for the rest.
        let Some((_, behind)) = name.split_once(part) else { return false };
        name = behind;
    }
    name.ends_with(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_stand_for_anything() {
        for (pattern, names, others) in [
            ("a.json", &["a.json"][..], &["a.jso", "ba.json"][..]),
            ("*.json", &[".json", "a.json"], &["a.jsonx"]),
            ("a*b*.json", &["ab.json", "axbb.json", "a1b.json"], &["a.json", "b.json", "ab.jso"]),
            ("a**a", &["aa", "aba"], &["a", "ab"]),
        ] {
            for name in names {
                assert!(fits(name, pattern), "{name} {pattern}");
            }
            for name in others {
                assert!(!fits(name, pattern), "{name} {pattern}");
            }
        }
    }
}
