//! A derived manifest as the file that a person would write: short names, and where each comes from.

use std::fmt::Write as _;

use super::{Derived, Reason, yaml};
use crate::class::Class;

/// How many places a line names.
const NAMED: usize = 3;

/// The text of the manifest. What is not `there` is written as a comment.
pub(crate) fn print(derived: &Derived, there: impl Fn(Class, &str) -> bool) -> String {
    let dist = &derived.manifest.dist;
    let names: Vec<&str> = derived.configurations.iter().map(|one| &*one.name).collect();
    let mut text = format!(
        "# Derived by slimcol from {}: all components that are defined there.\ndist:\n  name: {}\n  version: {}\n  \
         description: {}\n",
        names.join(", "),
        yaml::scalar(&dist.name),
        yaml::scalar(&dist.version),
        yaml::scalar(&dist.description),
    );
    let mut sections: Vec<(Class, Vec<(String, String)>)> = Vec::new();
    for (entry, reason) in derived.manifest.entries.iter().zip(&derived.reasons) {
        let is_there = there(entry.class, &reason.name);
        let (mark, note) = if is_there { ("", "") } else { ("# ", "; not in Slimcol yet") };
        let item = match &reason.parts {
            Some(parts) => {
                let features: Vec<String> =
                    parts.features.iter().map(|feature| yaml::scalar(&feature.name)).collect();
                format!(
                    "- {{crate: {}, default-features: false, features: [{}]}}",
                    parts.name,
                    features.join(", ")
                )
            }
            None => format!("- {}", yaml::scalar(&reason.name)),
        };
        let line = (format!("{mark}{item}"), why(reason) + note);
        match sections.last_mut().filter(|(class, _)| *class == entry.class) {
            Some((_, lines)) => lines.push(line),
            None => sections.push((entry.class, vec![line])),
        }
    }
    let lines = sections.iter().flat_map(|(_, lines)| lines);
    let width = lines.map(|(item, _)| item.len()).max().unwrap_or_default();
    for (class, lines) in &sections {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "\n{}:", class.section());
        for (item, why) in lines {
            let _ = writeln!(text, "  {item:<width$}  # {why}");
        }
    }
    text
}

/// Where a component is defined, and as what if not by its name.
fn why(reason: &Reason) -> String {
    if let (Some(always), []) = (reason.always, &reason.uses[..]) {
        return always.to_owned();
    }
    let mut places: Vec<String> = Vec::new();
    let mut source = "";
    for (name, place) in &reason.uses {
        // A file is named once, and then there are lines of it.
        let number = place.line();
        let text = if place.source() == source {
            number.to_string()
        } else {
            format!("{}:{number}", place.source())
        };
        let text = if *name == reason.name { text } else { format!("{text} (as {name})") };
        if places.last() != Some(&text) && !places.iter().any(|other| other.ends_with(&format!(":{text}"))) {
            places.push(text);
        }
        source = place.source();
    }
    let more = places.len().saturating_sub(NAMED);
    places.truncate(NAMED);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    places.join(", ") + &more
}
