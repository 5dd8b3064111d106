//! An issue as text: the message, then the line it is about with the spot underlined.

mod blot;

use std::fmt::Write;

use self::blot::blot;
use crate::{Issue, Place};

/// The longest part of a line that is shown.
const WINDOW: usize = 140;

/// The message, `--> file:line:column`, the line as written with the spot underlined, and the way out. A line of a source
/// that may hold secrets is left out, and values that look like secrets are blotted out.
pub fn render(issue: &Issue) -> String {
    let mut out = issue.message.clone();
    let first = issue.place.iter().map(|place| (place, issue.help.as_deref()));
    for (place, help) in first.chain(issue.also.iter().map(|(place, help)| (place, help.as_deref()))) {
        excerpt(&mut out, place, help);
    }
    if let (None, Some(help)) = (&issue.place, &issue.help) {
        let _ = write!(out, "\n  = help: {help}");
    }
    out
}

fn excerpt(out: &mut String, place: &Place, help: Option<&str>) {
    let number = place.line().to_string();
    let margin = " ".repeat(number.len());
    let _ = write!(out, "\n{margin}--> {place}");
    let Some(line) = place.text() else {
        if let Some(help) = help {
            let _ = write!(out, "\n{margin} = help: {help}");
        }
        return;
    };
    let (line, before) = window(&blot(line), place.column() - 1);
    let room = line.chars().count().saturating_sub(before).max(1);
    let marks = "^".repeat(place.width().min(room));
    let _ = write!(out, "\n{margin} |\n{number} | {line}\n{margin} | {}{marks}", " ".repeat(before));
    if let Some(help) = help {
        let _ = write!(out, " {help}");
    }
}

/// The part of a line around `column` (from 0) and where the column is in it. Control characters become blanks: a
/// configuration must not steer a terminal.
fn window(line: &str, column: usize) -> (String, usize) {
    let printable = |c: char| if c.is_control() { ' ' } else { c };
    let start = column.saturating_sub(if column < WINDOW { WINDOW } else { WINDOW / 2 });
    let mut shown: String = line.chars().skip(start).take(WINDOW).map(printable).collect();
    shown.truncate(shown.trim_end().len());
    if start == 0 {
        return (shown, column);
    }
    (format!("…{shown}"), column - start + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse;

    #[test]
    fn the_line_is_shown_with_the_spot_underlined() {
        let text = "a:\n  b:\n\n\n\n\n\n\n\n  queue_sze: 5\n";
        let node = parse("config.yaml", text).unwrap();
        let entry = node.get("a").unwrap().entry("queue_sze").unwrap();
        let issue =
            Issue::new("'a' has invalid keys: queue_sze").at(entry.place().clone()).meant(Some("queue_size"));
        let expected = "'a' has invalid keys: queue_sze
  --> config.yaml:10:3
   |
10 |   queue_sze: 5
   |   ^^^^^^^^^ did you mean `queue_size`?";
        assert_eq!(render(&issue), expected);
    }

    #[test]
    fn long_lines_are_cut_and_control_characters_are_blanked() {
        let text = format!("a: \"{}\", x", "y\tz".repeat(200));
        let issue = parse("f", &text).unwrap_err().issues()[0].clone();
        let shown = render(&issue);
        assert!(shown.lines().all(|l| l.chars().count() < 200) && !shown.contains('\t'), "{shown}");
    }

    #[test]
    fn places_without_lines_give_their_name_only() {
        let issue = Issue::new("bad").at(Place::named("--set a.b")).help("try c");
        assert_eq!(render(&issue), "bad\n --> --set a.b\n  = help: try c");
    }
}
