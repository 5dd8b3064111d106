//! Completion: what could stand at the end of a command line, and the scripts that make shells ask for it.

use super::{
    commands::{COMMANDS, Entry, ROOT, Sub},
    gates,
};

/// cobra's ways to go on: with files' names, or with nothing.
const FILES: &str = ":0\n";
const NOTHING: &str = ":4\n";

/// What could stand in the place of the last of `words`, a line each, with what it is behind a tab; then how to go on. The
/// protocol is cobra's.
pub(super) fn complete(words: &[String]) -> String {
    let (last, before) = words.split_last().map_or(("", &[][..]), |(last, before)| (last.as_str(), before));
    let command = before.iter().find_map(|word| Entry::named(word)).unwrap_or(&ROOT);
    // Some shells take `--mode=x` for three words.
    let (before, value) = match (before, last) {
        ([before @ .., equals], value) if equals == "=" => (before, value),
        (before, "=") => (before, ""),
        (before, last) => (before, last),
    };
    if let Some((flag, value)) = last.split_once('=').filter(|(flag, _)| flag.starts_with("--")) {
        return values(command, &flag[2..], value, &format!("{flag}="));
    }
    if let Some(flag) = before.last().and_then(|flag| flag.strip_prefix("--"))
        && command.flag(flag).is_some_and(|flag| !flag.1.is_empty())
    {
        return values(command, flag, value, "");
    }
    let mut found: Vec<(String, &str)> = Vec::new();
    if last.starts_with('-') {
        found.extend(command.flags.iter().map(|flag| (format!("--{}", flag.0), flag.2)));
        found.push(("--help".into(), "help"));
        if command.sub == Sub::Root {
            found.push(("--version".into(), "version"));
        }
    } else {
        match command.sub {
            Sub::Root | Sub::Help => found.extend(COMMANDS.iter().map(|c| (c.name.into(), c.short))),
            Sub::Featuregate => found.extend(gates::ids().map(|id| (id.into(), ""))),
            Sub::Completion => found.extend(SHELLS.map(|shell| (shell.into(), ""))),
            _ => {}
        }
    }
    lines(&found, last, "") + NOTHING
}

/// The values that a flag can have.
fn values(command: &Entry, flag: &str, value: &str, before: &str) -> String {
    let words: &[&str] = match (flag, command.sub) {
        ("mode", _) => &["redacted", "unredacted"],
        ("format", Sub::Graph) => &["mermaid", "svg"],
        ("format", _) => &["yaml", "json"],
        ("feature-gates", _) => {
            return lines(&gates::ids().map(|id| (id.into(), "")).collect::<Vec<_>>(), value, before)
                + NOTHING;
        }
        ("config", _) => return FILES.into(),
        _ => &[],
    };
    lines(&words.iter().map(|word| ((*word).into(), "")).collect::<Vec<_>>(), value, before) + NOTHING
}

fn lines(found: &[(String, &str)], start: &str, before: &str) -> String {
    let mut text = String::new();
    for (word, about) in found.iter().filter(|(word, _)| word.starts_with(start)) {
        text += before;
        text += word;
        if !about.is_empty() {
            text.push('\t');
            text += about;
        }
        text.push('\n');
    }
    text
}

const SHELLS: [&str; 4] = ["bash", "fish", "powershell", "zsh"];

/// The script for `shell`: it asks the program itself, so that it is never out of date.
pub(super) fn script(name: &str, shell: &str) -> Option<String> {
    let script = match shell {
        "bash" => include_str!("complete/bash.sh"),
        "fish" => include_str!("complete/fish.fish"),
        "powershell" => include_str!("complete/powershell.ps1"),
        "zsh" => include_str!("complete/zsh.zsh"),
        _ => return None,
    };
    // A function's name has fewer letters than a program's.
    let id: String = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    Some(script.replace("@NAME@", name).replace("@ID@", &id))
}

#[cfg(test)]
mod tests;
