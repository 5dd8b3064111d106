//! The manifest in the folder: the user's, with what it reads of the disk named where it is there.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use slimcol_config::{Issue, Node, Place};

use super::{COMPONENTS, MANIFEST};
use crate::{
    distro::Prepared,
    error::{Doing as _, Error},
    manifest::{Findings, Input, Manifest, Source},
};

/// Where builds go, which outside of the folder would be anywhere.
const OUTPUT: &str = "out";
/// The folder of the files that the manifest names.
const FILES: &str = "files";

/// Writes the manifest to `bundle`, with the files that it names. `components` are the crates from folders: where each was and
/// where it is there. The manifest's new text.
pub(super) fn write(
    prepared: &Prepared,
    bundle: &Path,
    components: &BTreeMap<PathBuf, String>,
) -> Result<String, Error> {
    let manifest = &prepared.manifest;
    let Some(written) = &manifest.written else {
        return Err(Error::Other(
            "only what has a manifest can be brought along: write one first".to_owned(),
        ));
    };
    let mut edits = Vec::new();
    for (number, (place, input)) in manifest.inputs.iter().enumerate() {
        let now = match input {
            // Nothing is read of a folder that another stands in for. It has to be there all the same.
            Input::Folder(dir) => components.get(dir).cloned().unwrap_or_else(|| ".".to_owned()),
            Input::Substitute(of, dir) => match components.get(dir) {
                Some(folder) => format!("{of} => ./{folder}"),
                // For a module that the manifest does not name.
                None => format!("{of} => ./{COMPONENTS}/unused"),
            },
            Input::File(file) => keep(file, number, bundle)?,
            Input::Url(url) => url.clone(),
            Input::Output => OUTPUT.to_owned(),
        };
        let edit = Edit { place, now };
        if edit.is_in(&written.name) && !is_possible(&edit, written) {
            return Err(not_adjusted("this", place));
        }
        edits.push(edit);
    }
    let text = edited(&written.text, &written.name, edits);
    let path = bundle.join(MANIFEST);
    fs::write(&path, &text).doing("write", &path)?;
    check(&path, bundle, prepared)?;
    Ok(text)
}

/// Copies a file to `bundle` and gives its place there.
fn keep(file: &Path, number: usize, bundle: &Path) -> Result<String, Error> {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let inside = format!("{FILES}/{number}-{name}");
    let target = bundle.join(&inside);
    let folder = bundle.join(FILES);
    fs::create_dir_all(&folder).doing("create", &folder)?;
    fs::copy(file, &target).doing("copy", file)?;
    Ok(inside)
}

/// A value that becomes another.
#[derive(Clone)]
struct Edit<'a> {
    place: &'a Place,
    now: String,
}

impl Edit<'_> {
    /// Whether the value was written in the text that is known as `name`.
    fn is_in(&self, name: &str) -> bool {
        self.place.source() == name && self.place.line() > 0
    }
}

/// Whether a value can be replaced: of one that goes over several lines, or is a block, the rest would stay.
fn is_possible(edit: &Edit<'_>, written: &Source) -> bool {
    fn holds(node: &Node, text: &str) -> bool {
        node.as_str() == Some(text)
            || node.items().into_iter().flatten().any(|item| holds(item, text))
            || node.is_map() && node.entries().iter().any(|entry| holds(entry.value(), text))
    }
    let text = edited(&written.text, &written.name, vec![edit.clone()]);
    let documents = slimcol_config::parse_all(&written.name, &text).unwrap_or_default();
    documents.iter().any(|document| holds(document, &edit.now))
}

/// `text`, known as `name`, with the values replaced. What was not written there (a variable of the environment overrides
/// it) is left alone.
fn edited(text: &str, name: &str, mut edits: Vec<Edit<'_>>) -> String {
    edits.retain(|edit| edit.is_in(name));
    // From the end, so that the places before stay what they are.
    edits.sort_by_key(|edit| std::cmp::Reverse((edit.place.line(), edit.place.column())));
    let mut lines: Vec<String> = text.split('\n').map(str::to_owned).collect();
    for Edit { place, now } in edits {
        let Some(line) = lines.get_mut(place.line() - 1) else { continue };
        let characters: Vec<char> = line.chars().collect();
        let start = (place.column() - 1).min(characters.len());
        let end = (start + place.width()).min(characters.len());
        let quoted = serde_json::Value::from(now).to_string();
        *line = characters[..start].iter().collect::<String>() + &quoted;
        line.extend(&characters[end..]);
    }
    lines.join("\n")
}

/// Makes sure that a build which has `bundle` alone finds everything.
fn check(path: &Path, bundle: &Path, prepared: &Prepared) -> Result<(), Error> {
    let mut findings = Findings::default();
    let manifest = Manifest::load(path, prepared.request.strictness, &mut findings)?;
    findings.into_result()?;
    let root = bundle.canonicalize().doing("read", bundle)?;
    for (place, input) in &manifest.inputs {
        let (Input::Folder(there) | Input::Substitute(_, there) | Input::File(there)) = input else {
            continue;
        };
        if !there.canonicalize().is_ok_and(|there| there.starts_with(&root)) {
            return Err(not_adjusted(&format!("`{}`", there.display()), place));
        }
    }
    Ok(())
}

/// The refusal of a path whose text cannot be replaced by one in the folder.
fn not_adjusted(what: &str, place: &Place) -> Error {
    let message = format!("{what} cannot be adjusted to where it will be in the folder");
    let issue = Issue::new(message).at(place.clone());
    Error::Manifest(vec![issue.help("write it in the manifest, on one line")])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_replaced_where_they_stand() {
        let text = "a: x\nlist:\n  - {crate: m, path: 'über/m'}   # why\n  - path: \"é\"\n";
        let place = |line: usize, column: usize, width: usize| {
            let start = text.split('\n').take(line - 1).map(|line| line.len() + 1).sum::<usize>();
            let line = text.split('\n').nth(line - 1).unwrap();
            let byte = |column: usize| line.char_indices().nth(column - 1).map_or(line.len(), |(at, _)| at);
            Place::in_text("m.yaml", text, start + byte(column)..start + byte(column + width))
        };
        let (first, second, other) = (place(3, 22, 8), place(4, 11, 3), Place::in_text("env", "x", 0..1));
        let edits = [(&first, "components/1/m"), (&second, "c \"2\""), (&other, "no")];
        let edits = edits.map(|(place, now)| Edit { place, now: now.to_owned() }).into();
        let expected =
            "a: x\nlist:\n  - {crate: m, path: \"components/1/m\"}   # why\n  - path: \"c \\\"2\\\"\"\n";
        assert_eq!(edited(text, "m.yaml", edits), expected);
    }
}
