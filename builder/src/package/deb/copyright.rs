//! The file that every Debian package tells its licences in.

use std::fmt::Write as _;

/// What stands around the names that a licence's text is for, in the notices.
fn rule() -> String {
    format!("\n{}\n", "=".repeat(80))
}

/// Texts that every Debian system has, and wants referred to rather than repeated: what they are told by, and where they are.
const COMMON: [(&str, &str); 2] = [
    ("TERMS AND CONDITIONS FOR USE, REPRODUCTION", "Apache-2.0"),
    ("GNU LESSER GENERAL PUBLIC LICENSE", "LGPL-2.1"),
];

/// The file for a distribution whose own licence is `license`, and that passes on `notices`.
pub(super) fn file(name: &str, license: &str, notices: &str) -> String {
    let mut text = format!(
        "{name} is distributed under {license}.\n\nCopyright: those who are named below, each for his part.\n\n"
    );
    let rule = rule();
    // What comes first is a list; then names and texts take turns.
    for (position, part) in notices.split(&rule).enumerate() {
        let is_text = position > 0 && position % 2 == 0;
        let common = COMMON.iter().find(|(sign, _)| is_text && part.contains(sign));
        if position > 0 {
            text.push_str(&rule);
        }
        let Some((_, shelf)) = common else {
            text.push_str(part);
            continue;
        };
        text.push('\n');
        for line in part.lines().map(str::trim).filter(|line| is_copyright(line)) {
            text.push_str(line);
            text.push('\n');
        }
        let _ = writeln!(text, "On Debian systems the text is in /usr/share/common-licenses/{shelf}.");
    }
    text
}

/// Whether the line says whose a work is, rather than who wrote the licence.
fn is_copyright(line: &str) -> bool {
    let by_the_author = line.contains("Free Software Foundation");
    line.starts_with("Copyright") && line.contains(|c: char| c.is_ascii_digit()) && !by_the_author
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_texts_are_referred_to_and_others_stay() {
        let rule = rule();
        let notices = format!(
            "Notices\na 1: MIT\n{rule}a 1{rule}\nPermission is hereby granted\n{rule}b 1, c 2{rule}\n\
             TERMS AND CONDITIONS FOR USE, REPRODUCTION\nCopyright [yyyy] [name]\n   Copyright 2019 Somebody\n\
             {rule}glibc{rule}\nGNU LESSER GENERAL PUBLIC LICENSE\nCopyright (C) 1991 Free Software Foundation\n"
        );
        let expected = format!(
            "otelcol is distributed under MIT.\n\nCopyright: those who are named below, each for his part.\n\n\
             Notices\na 1: MIT\n{rule}a 1{rule}\nPermission is hereby granted\n{rule}b 1, c 2{rule}\n\
             Copyright 2019 Somebody\nOn Debian systems the text is in /usr/share/common-licenses/Apache-2.0.\n\
             {rule}glibc{rule}\nOn Debian systems the text is in /usr/share/common-licenses/LGPL-2.1.\n"
        );
        assert_eq!(file("otelcol", "MIT", &notices), expected);
    }
}
