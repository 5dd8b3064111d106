//! Usage texts, in cobra's layout.

use std::fmt::Write;

use super::commands::{COMMANDS, Entry, Sub};

/// What help says besides when there is a configuration in the binary.
pub(super) const BUILT_IN: &str = "\nWithout --config the configuration that is built in applies.\n";

/// The usage text of a command of the program `name`.
pub(super) fn text(name: &str, command: &Entry) -> String {
    let root = command.sub == Sub::Root;
    let mut text = String::new();
    let about = if command.long.is_empty() { command.short } else { command.long };
    if !about.is_empty() {
        text += about;
        text += "\n\n";
    }
    let path = if root { name.to_owned() } else { format!("{name} {}", command.name) };
    let _ = write!(text, "Usage:\n  {path}{}\n", command.operands);
    if root {
        let _ = write!(text, "  {name} [command]\n\nAvailable Commands:\n");
        let width = COMMANDS.iter().map(|command| command.name.len()).max().unwrap_or_default();
        for Entry { name, short, .. } in &COMMANDS {
            let _ = writeln!(text, "  {name:width$} {short}");
        }
    }
    if command.sub == Sub::PrintConfig {
        text += "\nAliases:\n  print-config, print-initial-config\n";
    }
    let flag = |name: &str, value: &str, about: &str| {
        let space = if value.is_empty() { "" } else { " " };
        (format!("      --{name}{space}{value}"), about.to_owned())
    };
    let mut flags: Vec<_> = command.flags.iter().map(|f| flag(f.0, f.1, f.2)).collect();
    let title = if root { name } else { command.name };
    // By the flags' names, which all begin at the same column; the table is sorted already.
    let at = flags.partition_point(|(flag, _)| flag[8..] < *"help");
    flags.insert(at, ("  -h, --help".into(), format!("help for {title}")));
    if root {
        flags.push(("  -v, --version".into(), format!("version for {name}")));
    }
    let width = flags.iter().map(|(flag, _)| flag.len()).max().unwrap_or_default();
    text += "\nFlags:\n";
    for (flag, about) in flags {
        let _ = writeln!(text, "{flag:width$}   {about}");
    }
    if root {
        let _ = write!(text, "\nUse \"{name} [command] --help\" for more information about a command.\n");
    }
    text
}
