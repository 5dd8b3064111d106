//! `SHA256SUMS`: what `sha256sum --check` reads.

use std::{collections::BTreeMap, path::Path};

use super::inside;
use crate::report::Artifact;

/// The file's name, which is what everybody looks for.
pub(super) const FILE: &str = "SHA256SUMS";

/// A line for each file, with its path from `folder`. Sorted, so that the order in which they were made does not show.
pub(super) fn render(made: &[&Artifact], folder: &Path) -> String {
    let sorted: BTreeMap<String, &str> =
        made.iter().map(|artifact| (inside(folder, &artifact.path), &*artifact.sha256)).collect();
    let lines: Vec<String> = sorted.into_iter().map(|(name, sha256)| format!("{sha256}  {name}\n")).collect();
    lines.concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_sorted_and_each_file_stands_once() {
        let made = |path: &str, data: &[u8]| Artifact::new("binary", Path::new(path), data);
        let (one, other) = (made("/out/x86_64/b", b"abc"), made("/out/a", b""));
        let text = render(&[&one, &other, &one], Path::new("/out"));
        assert_eq!(
            text,
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  a\n\
             ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  x86_64/b\n"
        );
    }
}
