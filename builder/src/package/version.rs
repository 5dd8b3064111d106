//! A version as package managers order it.

/// The version that packages carry for a distribution's `version`, or why they cannot carry one.
///
/// A semantic version puts `1.0.0-rc.1` before `1.0.0`; to dpkg and rpm a hyphen means something else, and what comes before
/// is said with a tilde.
pub(crate) fn for_packages(version: &str) -> Result<String, String> {
    let ahead = version.replacen('-', "~", 1).replace('-', ".");
    let legal = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '+' | '~');
    if !ahead.starts_with(|c: char| c.is_ascii_digit()) {
        return Err(format!("`{version}` cannot be a package's version: it does not begin with a digit"));
    }
    match ahead.chars().find(|c| !legal(*c)) {
        Some(c) => Err(format!("`{version}` cannot be a package's version: there is `{c}` in it")),
        None => Ok(ahead),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_before_gets_a_tilde() {
        for (written, packaged) in [
            ("1.0.0", "1.0.0"),
            ("1.10", "1.10"),
            ("1.0.0-rc.1", "1.0.0~rc.1"),
            ("1.0.0-rc-1", "1.0.0~rc.1"),
            ("0.160.0-nightly.0a1b2c+build.7", "0.160.0~nightly.0a1b2c+build.7"),
        ] {
            assert_eq!(for_packages(written).as_deref(), Ok(packaged));
        }
        for (written, why) in [
            ("v1.0.0", "it does not begin with a digit"),
            ("", "it does not begin with a digit"),
            ("1.0_0", "there is `_` in it"),
            ("1:2", "there is `:` in it"),
        ] {
            let error = for_packages(written).unwrap_err();
            assert_eq!(error, format!("`{written}` cannot be a package's version: {why}"));
        }
    }
}
