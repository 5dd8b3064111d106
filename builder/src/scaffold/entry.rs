//! A component's entry in a manifest: as lines, and put into a file that keeps all else as it is.

use std::path::{Component, Path, PathBuf};

use slimcol_config::Node;

use crate::{
    bounded,
    class::Class,
    error::{Doing as _, Error},
};

/// The lines that enter crate `package` of the folder `path`: the section and, `indent`ed, its item.
pub(super) fn lines(class: Class, package: &str, path: &Path, indent: &str) -> String {
    format!("{}:\n{}", class.section(), item(package, path, indent))
}

fn item(package: &str, path: &Path, indent: &str) -> String {
    format!("{indent}- crate: {package}\n{indent}  path: {}\n", scalar(path))
}

/// A path as YAML has it.
fn scalar(path: &Path) -> String {
    let text = path.to_string_lossy();
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '.' | '/' | '_' | '-');
    if text.starts_with(['.', '/']) && text.chars().all(plain) {
        return text.into_owned();
    }
    serde_json::Value::from(text).to_string()
}

/// A path that is relative to the working directory, as a manifest there would have it.
pub(super) fn seen_from_here(path: &Path) -> PathBuf {
    match path.components().next() {
        Some(Component::Normal(_)) => Path::new(".").join(path),
        _ => path.to_path_buf(),
    }
}

/// The manifest's path and its text with crate `package` of `folder` in it.
pub(super) fn add(
    manifest: &Path,
    class: Class,
    package: &str,
    folder: &Path,
) -> Result<(PathBuf, String), Error> {
    let file = manifest.canonicalize().doing("read", manifest)?;
    let text = bounded::read_text(&file, 16 << 20).doing("read", manifest)?;
    let base = file.parent().unwrap_or(Path::new("/"));
    let path = relative(base, folder);
    inserted(&text, class, package, &path).map(|text| (file, text)).map_err(|why| {
        Error::Other(format!(
            "cannot enter the crate into `{}`: {why}; nothing was made, leave --manifest out and add by hand\n{}",
            manifest.display(),
            lines(class, package, &path, "  ").trim_end()
        ))
    })
}

/// `folder` seen from `base`, which has no links in it. The folder need not be there yet; what is above it has to be.
fn relative(base: &Path, folder: &Path) -> PathBuf {
    let real = folder.ancestors().find_map(|part| {
        let real = part.canonicalize().ok()?;
        Some(real.join(folder.strip_prefix(part).ok()?))
    });
    let folder = real.unwrap_or_else(|| folder.to_path_buf());
    let shared = base.components().zip(folder.components()).take_while(|(a, b)| a == b).count();
    let up = base.components().skip(shared).map(|_| "..");
    let down = folder.components().skip(shared).map(|part| part.as_os_str().to_owned());
    let path: PathBuf = up.map(Into::into).chain(down).collect();
    seen_from_here(&path)
}

/// The manifest `text` with one more item. It is read again: what does not then say what it said before, and this, is not
/// written.
fn inserted(text: &str, class: Class, package: &str, path: &Path) -> Result<String, String> {
    let root = read(text)?;
    let section = root.entries().iter().find(|entry| entry.key().eq_ignore_ascii_case(class.section()));
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let Some(section) = section else {
        let gap = if lines.last().is_none_or(|line| line.trim().is_empty()) { "" } else { "\n" };
        let new = format!("{}\n{gap}{}", lines.join("\n"), self::lines(class, package, path, "  "));
        return checked(&root, new.trim_start_matches('\n'), class, package, path);
    };
    let key = section.place().line();
    let value = section.value();
    match value.items() {
        None if value.is_null() && !lines[key - 1].trim_end().ends_with(['~', 'l']) => {
            lines.insert(key, item(package, path, "  ").trim_end().to_owned());
        }
        Some([first, ..]) if first.place().line() > key && !value_is_flow(&lines, value) => {
            let dash = &lines[first.place().line() - 1];
            let indent = &dash[..dash.len() - dash.trim_start().len()];
            let item = item(package, path, indent);
            let next =
                root.entries().iter().map(|entry| entry.place().line()).filter(|line| *line > key).min();
            let mut at = next.map_or(lines.len(), |line| line - 1);
            // Blank lines and comments before the next key are the next key's.
            while at > 0 && (lines[at - 1].trim().is_empty() || lines[at - 1].starts_with('#')) {
                at -= 1;
            }
            lines.insert(at, item.trim_end().to_owned());
        }
        Some(items) => {
            let flow = format!("{{crate: {package}, path: {}}}", scalar(path));
            let End { line, column, before } =
                end_of_flow(&lines, value.place().line(), value.place().column())
                    .ok_or("its list does not end")?;
            let at = lines[line].char_indices().nth(column).map_or(lines[line].len(), |(at, _)| at);
            let gap = if items.is_empty() || before == ',' { "" } else { ", " };
            lines[line].insert_str(at, &format!("{gap}{flow}"));
        }
        None => return Err(format!("`{}` is no list", section.key())),
    }
    checked(&root, &(lines.join("\n") + "\n"), class, package, path)
}

fn read(text: &str) -> Result<Node, String> {
    let root = slimcol_config::parse("manifest", text).map_err(|_| "it is not YAML".to_owned())?;
    if !root.is_map() {
        return Err("it is not a manifest".to_owned());
    }
    Ok(root)
}

/// Whether a list is written in brackets.
fn value_is_flow(lines: &[String], value: &Node) -> bool {
    let place = value.place();
    let line = lines.get(place.line().wrapping_sub(1));
    line.is_some_and(|line| line.chars().nth(place.column() - 1) == Some('['))
}

/// Where a bracket closes.
struct End {
    line: usize,
    column: usize,
    /// The last character before it that counts.
    before: char,
}

/// Where the bracket that opens at this line and column, which start at 1, closes; its line and column start at 0.
fn end_of_flow(lines: &[String], line: usize, column: usize) -> Option<End> {
    let (mut depth, mut quote, mut before) = (0_usize, None, '[');
    for (number, text) in lines.iter().enumerate().skip(line - 1) {
        let skipped = if number == line - 1 { column - 1 } else { 0 };
        let mut last = ' ';
        for (at, c) in text.chars().enumerate().skip(skipped) {
            match (quote, c) {
                (Some(open), c) if c == open => quote = None,
                (None, '"' | '\'') => quote = Some(c),
                (None, '#') if last.is_whitespace() => break,
                (None, '[' | '{') => depth += 1,
                (None, ']' | '}') => {
                    depth = depth.checked_sub(1)?;
                    if depth == 0 {
                        return (c == ']').then_some(End { line: number, column: at, before });
                    }
                }
                _ => {}
            }
            last = c;
            if !c.is_whitespace() {
                before = c;
            }
        }
    }
    None
}

/// The new text, if it is the old one and the item.
fn checked(old: &Node, new: &str, class: Class, package: &str, path: &Path) -> Result<String, String> {
    let unsure = || "it is written in a way that cannot be added to safely".to_owned();
    let root = read(new).map_err(|_| unsure())?;
    let items = |root: &Node, key: &str| {
        let entry = root.entries().iter().find(|entry| entry.key() == key)?;
        Some(entry.value().items().map_or(0, <[_]>::len))
    };
    for entry in old.entries() {
        let more = usize::from(entry.key().eq_ignore_ascii_case(class.section()));
        if items(&root, entry.key()) != items(old, entry.key()).map(|count| count + more) {
            return Err(unsure());
        }
    }
    let section = root.entries().iter().find(|entry| entry.key().eq_ignore_ascii_case(class.section()));
    let last = section.and_then(|entry| entry.value().items()?.last()).ok_or_else(unsure)?;
    let says = |key: &str, text: &str| last.get(key).and_then(Node::as_str) == Some(text);
    if says("crate", package) && says("path", &path.to_string_lossy()) {
        Ok(new.to_owned())
    } else {
        Err(unsure())
    }
}

#[cfg(test)]
mod tests;
