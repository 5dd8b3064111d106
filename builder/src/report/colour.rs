//! Colours as rustc uses them, for messages that are complete without.

use std::{env, io::IsTerminal};

const RED: &str = "\u{1b}[1;31m";
const BLUE: &str = "\u{1b}[1;34m";
const CYAN: &str = "\u{1b}[1;36m";
const YELLOW: &str = "\u{1b}[1;33m";
const BOLD: &str = "\u{1b}[1m";
const PLAIN: &str = "\u{1b}[0m";

/// Whether what is written to `stream` is coloured: only on a terminal, and not where `NO_COLOR` (no-color.org) or `TERM`
/// says that it should not be.
pub(super) fn wanted(stream: &impl IsTerminal) -> bool {
    let refused = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    stream.is_terminal() && !refused && env::var_os("TERM").is_none_or(|term| term != "dumb")
}

/// A message with its headings, places and marks coloured.
pub(super) fn paint(text: &str) -> String {
    text.split('\n').map(line).collect::<Vec<_>>().join("\n")
}

fn line(text: &str) -> String {
    for (word, colour) in [("error:", RED), ("warning:", YELLOW), ("note:", CYAN)] {
        if let Some(rest) = text.strip_prefix(word) {
            return format!("{colour}{word}{PLAIN}{BOLD}{rest}{PLAIN}");
        }
    }
    let margin =
        text.len() - text.trim_start_matches([' ', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9']).len();
    let (number, rest) = text.split_at(margin);
    if let Some(place) = rest.strip_prefix("--> ") {
        return format!("{number}{BLUE}-->{PLAIN} {place}");
    }
    if let Some(help) = rest.strip_prefix("= help:") {
        return format!("{number}{BLUE}={PLAIN} {BOLD}help:{PLAIN}{help}");
    }
    let Some(code) = rest.strip_prefix('|').filter(|_| number.ends_with(' ')) else { return text.to_owned() };
    let marks = code.trim_start();
    if number.trim().is_empty() && marks.starts_with('^') {
        return format!("{number}{BLUE}|{PLAIN}{}{RED}{marks}{PLAIN}", &code[..code.len() - marks.len()]);
    }
    format!("{BLUE}{number}|{PLAIN}{code}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paint_only_adds_colours() {
        let text = "error: `a` is `b`\n --> m.yaml:3:10\n  |\n3 |   panic: abbort\n  |          ^^^^^^ did you mean `abort`?\n  \
                    = help: x\nnote: y | z";
        let painted = paint(text);
        let mut plain = String::new();
        let mut rest = &*painted;
        while let Some((before, after)) = rest.split_once('\u{1b}') {
            plain.push_str(before);
            rest = after.split_once('m').unwrap().1;
        }
        assert_eq!(plain + rest, text);
        assert!(painted.starts_with("\u{1b}[1;31merror:\u{1b}[0m"));
        assert!(painted.contains("\u{1b}[1;31m^^^^^^ did you mean `abort`?\u{1b}[0m"));
    }
}
