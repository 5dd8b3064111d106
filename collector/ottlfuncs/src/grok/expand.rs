//! The names in a pattern replaced by what they stand for.

use std::{collections::HashMap, fmt::Write, sync::LazyLock};

/// The patterns that there are for all.
static LIBRARY: LazyLock<HashMap<&str, &str>> = LazyLock::new(|| {
    let lines = include_str!("patterns.txt").lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split_once(' ')).collect()
});

/// So large may a pattern become: names that stand for names twice each double it each time.
const MOST: usize = 256 << 10;

/// So deep may names stand for others; one that stands for itself never ends.
const DEPTH: usize = 100;

/// What groups of ours are called, before their number. Unlike Go's, names of groups must differ here.
const GROUP: &str = "grok__";

/// A pattern without names.
#[derive(Debug, Default)]
pub(super) struct Expanded {
    pub(super) pattern: String,
    /// What our groups are for, and as what each is read.
    pub(super) targets: Vec<(String, Option<String>)>,
}

/// The number of the group of ours that is called so.
pub(super) fn number(group: &str) -> Option<usize> {
    group.strip_prefix(GROUP)?.parse().ok()
}

/// `%{NAME}`, `%{NAME:target}` or `%{NAME:target:type}`.
struct Reference<'p> {
    name: &'p str,
    target: Option<&'p str>,
    kind: Option<&'p str>,
}

/// The reference that `text` begins with, behind its `%{`, and what follows it.
fn reference(text: &str) -> Option<(Reference<'_>, &str)> {
    // What belongs to none ends the search, so that many that are not closed cost nothing.
    let end = text.bytes().position(|byte| !byte.is_ascii_alphanumeric() && !b"_:+.".contains(&byte))?;
    let rest = text[end..].strip_prefix('}')?;
    let mut parts = text[..end].split(':');
    let word = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    let name = parts.next().filter(|name| word(name))?;
    let (target, kind) = (parts.next(), parts.next());
    let fits = target != Some("") && kind.is_none_or(word) && parts.next().is_none();
    fits.then_some((Reference { name, target, kind }, rest))
}

/// Replaces all names, the patterns of `own` before those of the library. Only those with a target become groups if `named`.
pub(super) fn expand(text: &str, named: bool, own: &HashMap<String, String>) -> Result<Expanded, String> {
    let mut to = Expanded::default();
    put(text, named, own, DEPTH, &mut to)?;
    Ok(to)
}

fn put(
    mut text: &str,
    named: bool,
    own: &HashMap<String, String>,
    depth: usize,
    to: &mut Expanded,
) -> Result<(), String> {
    if depth == 0 {
        return Err(format!("patterns stand for one another more than {DEPTH} deep"));
    }
    while let Some((before, inner)) = text.split_once("%{") {
        to.pattern.push_str(before);
        let Some((Reference { name, target, kind }, rest)) = reference(inner) else {
            to.pattern.push_str("%{");
            text = inner;
            continue;
        };
        text = rest;
        let known = own.get(name).map(String::as_str).or_else(|| LIBRARY.get(name).copied());
        let known = known.ok_or_else(|| format!("pattern definition {name:?} unknown: parsing failed"))?;
        if named && target.is_none() {
            to.pattern.push_str("(?:");
        } else {
            let target = target.unwrap_or(name);
            if target.contains('+') {
                let target = target.replace('.', "___");
                return Err(format!("error parsing regexp: invalid named capture: `(?P<{target}>`"));
            }
            write!(to.pattern, "(?P<{GROUP}{}>", to.targets.len()).expect("a string takes all");
            to.targets.push((target.replace("___", "."), kind.map(str::to_owned)));
        }
        put(known, named, own, depth - 1, to)?;
        to.pattern.push(')');
        if to.pattern.len() > MOST {
            return Err(format!("it becomes larger than {MOST} bytes"));
        }
    }
    to.pattern.push_str(text);
    if to.pattern.len() > MOST {
        return Err(format!("it becomes larger than {MOST} bytes"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use slimcol_pattern::{Size, compile_text};

    use super::*;

    /// Whatever the library has can be compiled, except for the one that Go cannot compile either.
    #[test]
    fn the_library_is_whole() {
        assert_eq!(LIBRARY.len(), 245);
        let mut refused = Vec::new();
        for name in LIBRARY.keys() {
            let expanded = expand(&format!("%{{{name}}}"), false, &HashMap::new()).unwrap();
            if compile_text(&expanded.pattern, Size::Config).is_err() {
                refused.push(*name);
            }
        }
        assert_eq!(refused, ["CISCOFW733100"]);
    }

    #[test]
    fn what_never_ends_is_refused() {
        let own = |text: &str| {
            text.split(' ')
                .filter_map(|pair| pair.split_once('='))
                .map(|(k, v)| (k.to_owned(), v.to_owned()))
                .collect()
        };
        let why = |text: &str, definitions: &str| expand(text, true, &own(definitions)).unwrap_err();
        assert_eq!(why("%{A}", "A=%{A}"), "patterns stand for one another more than 100 deep");
        let doubling: Vec<_> = (0..60).map(|n| format!("A{n}=%{{A{}}}%{{A{}}}", n + 1, n + 1)).collect();
        assert_eq!(
            why("%{A0}", &format!("{} A60=xxxxxxxxxx", doubling.join(" "))),
            "it becomes larger than 262144 bytes"
        );
        let open = "%{A".repeat(1_000_000);
        assert_eq!(why(&open, ""), "it becomes larger than 262144 bytes");
        assert_eq!(
            expand("%{A:b:c:d} %{} %{:} 100%", true, &HashMap::new()).unwrap().pattern,
            "%{A:b:c:d} %{} %{:} 100%"
        );
    }
}
