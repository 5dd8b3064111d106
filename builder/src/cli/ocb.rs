//! ocb's form of the command line: the arguments of `build` without the word.

use std::ffi::OsString;

/// The arguments (with the program's name) as Slimcol has them. What begins with an argument that is not Slimcol's own is
/// ocb's form.
pub(super) fn with_command(arguments: impl Iterator<Item = OsString>) -> Vec<OsString> {
    let mut arguments: Vec<OsString> = arguments.collect();
    let ours = ["-q", "--quiet", "-h", "--help", "-V", "--version"];
    let first =
        arguments.iter().enumerate().skip(1).find(|(_, argument)| !ours.iter().any(|own| *argument == own));
    if let Some((position, argument)) = first
        && argument.to_string_lossy().starts_with('-')
    {
        arguments.insert(position, "build".into());
    }
    arguments
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_begins_with_builds_arguments_is_ocbs() {
        for (given, meant) in [
            ("slimcol", "slimcol"),
            ("slimcol --help", "slimcol --help"),
            ("slimcol -q version", "slimcol -q version"),
            ("slimcol build -c a", "slimcol build -c a"),
            ("slimcol --config a", "slimcol build --config a"),
            ("slimcol -q --config=a --verbose", "slimcol -q build --config=a --verbose"),
            ("slimcol nonsense -c a", "slimcol nonsense -c a"),
        ] {
            let words = given.split(' ').map(OsString::from);
            let meant: Vec<OsString> = meant.split(' ').map(OsString::from).collect();
            assert_eq!(with_command(words), meant);
        }
    }
}
