//! What was recorded: sections of lines, of which those that Go and ours have begin with a blank, Go's own with `-`, ours with `+`.

use std::{fmt::Write, fs, path::PathBuf};

/// A title, and lines.
pub(super) type Section = (String, Vec<String>);

fn file() -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "suite", "families", "golden.txt"].iter().collect()
}

/// The recorded sections, with the marks before the lines.
pub(super) fn read() -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    for line in fs::read_to_string(file()).unwrap().lines().filter(|line| !line.is_empty()) {
        match line.strip_prefix("## ") {
            Some(title) => sections.push((title.to_owned(), Vec::new())),
            None => sections.last_mut().unwrap().1.push(line.to_owned()),
        }
    }
    sections
}

/// Records both.
pub(super) fn write(go: &[Section], ours: &[Section]) {
    let mut text = String::new();
    for ((title, go), (_, ours)) in go.iter().zip(ours) {
        writeln!(text, "## {title}\n").unwrap();
        for (mark, line) in merged(go, ours) {
            writeln!(text, "{mark}{line}").unwrap();
        }
        text.push('\n');
    }
    fs::write(file(), text.trim_end().to_owned() + "\n").unwrap();
}

/// Panics unless `found` is what was recorded, with the lines behind `mark`.
pub(super) fn compare(whose: &str, recorded: &[Section], mark: char, found: &[Section]) {
    assert_eq!(recorded.len(), found.len(), "so many sections are {whose}");
    for ((title, lines), (_, found)) in recorded.iter().zip(found) {
        let lines =
            lines.iter().filter(|line| line.starts_with([' ', mark])).map(|line| line[1..].to_owned());
        let wrong: String = merged(&lines.collect::<Vec<_>>(), found)
            .filter(|(mark, _)| *mark != ' ')
            .fold(String::new(), |text, (mark, line)| format!("{text}{mark}{line}\n"));
        assert!(
            wrong.is_empty(),
            "{title}: recorded are the lines behind -, {whose} are those behind +\n{wrong}"
        );
    }
}

/// Both lists as one, in which each line says by a mark whose it is.
fn merged<'l>(one: &'l [String], other: &'l [String]) -> impl Iterator<Item = (char, &'l str)> {
    // How many lines both have in common behind each place.
    let mut common = vec![vec![0_usize; other.len() + 1]; one.len() + 1];
    for i in (0..one.len()).rev() {
        for j in (0..other.len()).rev() {
            common[i][j] = if one[i] == other[j] {
                common[i + 1][j + 1] + 1
            } else {
                common[i + 1][j].max(common[i][j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    std::iter::from_fn(move || {
        let (left, right) = (one.get(i), other.get(j));
        match (left, right) {
            (None, None) => None,
            (Some(left), Some(right)) if left == right => {
                (i, j) = (i + 1, j + 1);
                Some((' ', left.as_str()))
            }
            (Some(left), right) if right.is_none() || common[i + 1][j] >= common[i][j + 1] => {
                i += 1;
                Some(('-', left.as_str()))
            }
            (_, right) => {
                j += 1;
                right.map(|right| ('+', right.as_str()))
            }
        }
    })
}
