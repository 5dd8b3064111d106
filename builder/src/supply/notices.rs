//! The notices that licences want to be passed on with a binary: who is in it, and the licences' texts, each once.

use spdx::{LicenseId, LicenseReq};

use super::{License, Runtime, license_files};
use crate::{
    credentials,
    graph::{Graph, Linked},
    resolve::Plan,
};

/// Texts for those who ship none. Every other licence's text comes with the crates.
const APACHE: &str = include_str!("../../../LICENSE");
const LGPL: &str = include_str!("../../../templates/licenses/LGPL-2.1.txt");
const MIT: &str = include_str!("../../../templates/licenses/MIT.txt");

const RULE: &str = "================================================================================";

/// The notices for the collector that `graph` makes of `plan`.
pub(crate) fn notices(graph: &Graph, plan: &Plan, runtime: &Runtime) -> String {
    let crates: Vec<&Linked> = graph.packages.iter().skip(1).collect();
    let mut text = format!(
        "Notices for {}\n\nThis program has the work of others in it, under the licences below.\n\n",
        [&*plan.name, &plan.version].join(" ").trim_end()
    );
    let mut texts = Texts::default();
    for linked in &crates {
        let license = License::read(linked.license.as_deref());
        let from = linked
            .repository
            .as_deref()
            .map(|url| format!(", {}", credentials::masked(url)))
            .unwrap_or_default();
        text.extend([&*shown(linked), ": ", &license.shown(), &from, "\n"]);
        for text in texts_of(linked, &license) {
            texts.add(&shown(linked), &text);
        }
    }
    for part in runtime.parts() {
        let name = format!("{} {}", part.name, part.version).trim_end().to_owned();
        text.extend([&*name, ": ", &part.license.shown(), "\n"]);
        let found = match part.name.as_str() {
            "rust-std" => MIT.replace("[holder]", "the Rust Project contributors"),
            "musl" => MIT.replace("[holder]", "the musl authors"),
            _ => LGPL.to_owned(),
        };
        texts.add(&name, &found);
    }
    for Text { owners, content: found, .. } in texts.0 {
        text.extend(["\n", RULE, "\n", &wrapped(&owners), "\n", RULE, "\n\n", &found]);
    }
    text
}

/// The texts in the order of their first owners.
#[derive(Default)]
struct Texts(Vec<Text>);

struct Text {
    owners: Vec<String>,
    content: String,
    /// Its letters and digits: whoever wraps his lines otherwise has the same text.
    words: String,
}

impl Texts {
    fn add(&mut self, owner: &str, text: &str) {
        let words = text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
        match self.0.iter_mut().find(|known| known.words == words) {
            // Some crates ship one text under two names.
            Some(known) if known.owners.last().is_some_and(|last| last == owner) => {}
            Some(known) => known.owners.push(owner.to_owned()),
            None => self.0.push(Text { owners: vec![owner.to_owned()], content: tidy(text), words }),
        }
    }
}

fn shown(linked: &Linked) -> String {
    format!("{} {}", linked.name, linked.version)
}

/// The texts that belong to a crate: the files that it ships, else what is known of the licences that it declares.
fn texts_of(linked: &Linked, license: &License) -> Vec<String> {
    let mut texts: Vec<String> = license_files::of(linked).into_iter().map(|file| file.text).collect();
    let expression = match license {
        License::Known(expression) => Some(expression),
        _ => None,
    };
    // Who offers a GNU licence besides another one (zstd does) is used under the other.
    let gnu = |wanted: &LicenseReq| wanted.license.id().is_some_and(LicenseId::is_gnu);
    if expression.is_some_and(|expression| expression.evaluate(|wanted| !gnu(wanted))) {
        texts.retain(|text| !text.trim_start().starts_with("GNU "));
    }
    if !texts.is_empty() {
        return texts;
    }
    let Some(expression) = expression else { return Vec::new() };
    let holder = match &linked.authors[..] {
        [] => format!("the authors of {}", linked.name),
        authors => authors.join(", "),
    };
    let known = expression.requirements().filter_map(|part| match part.req.license.id()?.name {
        "Apache-2.0" => Some(APACHE.to_owned()),
        "MIT" => Some(MIT.replace("[holder]", &holder)),
        _ => None,
    });
    known.collect()
}

/// The text without what makes equal texts differ: line ends, blanks at lines' ends, empty lines around it.
fn tidy(text: &str) -> String {
    let text = text.trim_start_matches('\u{feff}');
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    let first = lines.iter().position(|line| !line.is_empty()).unwrap_or(lines.len());
    let mut tidy = lines[first..].join("\n");
    tidy.truncate(tidy.trim_end().len());
    tidy.push('\n');
    tidy
}

/// Names in lines of at most 80 characters.
fn wrapped(names: &[String]) -> String {
    let mut text = String::new();
    let mut column = 0;
    for (position, name) in names.iter().enumerate() {
        let name = if position + 1 < names.len() { format!("{name},") } else { name.clone() };
        if column > 0 && column + 1 + name.len() > RULE.len() {
            text.push('\n');
            column = 0;
        } else if column > 0 {
            text.push(' ');
            column += 1;
        }
        text.push_str(&name);
        column += name.len();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_differ_in_blanks_only_are_one() {
        let mut texts = Texts::default();
        for (owner, text) in [("a", "One text."), ("a", "ONE\ntext"), ("b", "one  text"), ("b", "another")] {
            texts.add(owner, text);
        }
        let found: Vec<_> = texts.0.iter().map(|text| (text.owners.join(" "), &*text.content)).collect();
        assert_eq!(found, [("a b".to_owned(), "One text.\n"), ("b".to_owned(), "another\n")]);
        assert_eq!(tidy("\u{feff}\r\n  Copyright\t\r\n\r\nText  \n\n"), "  Copyright\n\nText\n");
        assert_eq!(tidy(""), "\n");
    }

    #[test]
    fn names_are_wrapped() {
        let names = vec!["a-rather-long-name 1.2.3".to_owned(); 4];
        assert!(wrapped(&names).lines().all(|line| line.len() <= 80));
        assert_eq!(wrapped(&names).lines().count(), 2);
        assert_eq!(wrapped(&names[..1]), "a-rather-long-name 1.2.3");
    }

    #[test]
    fn the_texts_that_we_keep_are_what_they_should_be() {
        assert!(APACHE.trim_start().starts_with("Apache License"));
        assert!(MIT.contains("Copyright (c) [holder]") && MIT.contains("Permission is hereby granted"));
        assert!(LGPL.contains("GNU LESSER GENERAL PUBLIC LICENSE"));
    }
}
