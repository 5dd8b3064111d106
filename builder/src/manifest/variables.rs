//! `${env:NAME}` in a manifest's values, which ocb leaves as it is.

use slimcol_config::{Issue, Node};

use super::Findings;

/// Puts the values of environment variables where `${env:NAME}` asks for them; `$${` stands for `${`. `variable` gives what
/// is set. Whether all of them could be answered.
pub(super) fn expand(
    root: &mut Node,
    variable: impl Fn(&str) -> Option<String>,
    findings: &mut Findings,
) -> bool {
    let mut all = true;
    root.change_texts(&mut |text, place| {
        if !text.contains("${") {
            return None;
        }
        match expanded(text, &variable) {
            Ok(text) => Some(text),
            Err(issue) => {
                findings.issue(issue.at(place.clone()));
                all = false;
                None
            }
        }
    });
    all
}

fn expanded(text: &str, variable: &impl Fn(&str) -> Option<String>) -> Result<String, Issue> {
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("${") {
        let (before, from) = rest.split_at(start);
        if let Some(before) = before.strip_suffix('$') {
            result.push_str(before);
            result.push_str("${");
            rest = &from[2..];
            continue;
        }
        result.push_str(before);
        let end = from.find('}').ok_or_else(|| {
            Issue::new("`${` has no `}`").help("write `${env:NAME}`, or `$${` for the characters themselves")
        })?;
        result.push_str(&value(&from[2..end], variable)?);
        rest = &from[end + 1..];
    }
    result.push_str(rest);
    Ok(result)
}

/// What `${inner}` stands for.
fn value(inner: &str, variable: &impl Fn(&str) -> Option<String>) -> Result<String, Issue> {
    let is_name = |name: &str| {
        name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    let Some(asked) = inner.strip_prefix("env:") else {
        let issue = Issue::new(format!("`${{{inner}}}` is not expanded in a manifest"));
        let name = if is_name(inner) { inner } else { "NAME" };
        return Err(
            issue.help(format!("write `${{env:{name}}}`, or `$${{{inner}}}` for the characters themselves"))
        );
    };
    let (name, default) = asked.split_once(":-").map_or((asked, None), |(name, text)| (name, Some(text)));
    if !is_name(name) {
        return Err(Issue::new(format!("`{name}` is not a variable's name"))
            .help("letters, digits and `_`, a letter first"));
    }
    variable(name).or_else(|| default.map(str::to_owned)).ok_or_else(|| {
        Issue::new(format!("environment variable `{name}` is not set"))
            .help(format!("set it, or give a default: `${{env:{name}:-default}}`"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_take_the_place_of_their_expressions() {
        let variable = |name: &str| (name == "A").then(|| "x${env:A}".to_owned());
        for (text, expected) in [
            ("plain $1 {A}", "plain $1 {A}"),
            ("${env:A}", "x${env:A}"),
            ("1${env:A}2${env:B:-b:-c}3", "1x${env:A}2b:-c3"),
            ("${env:B:-}", ""),
            ("$${env:A} $$${env:A}", "${env:A} $${env:A}"),
        ] {
            assert_eq!(expanded(text, &variable).unwrap(), expected, "{text}");
        }
        for (text, expected) in [
            ("${A}", "`${A}` is not expanded in a manifest"),
            ("${file:x}", "`${file:x}` is not expanded in a manifest"),
            ("${env:}", "`` is not a variable's name"),
            ("${env:B}", "environment variable `B` is not set"),
            ("a ${env:A", "`${` has no `}`"),
        ] {
            assert_eq!(expanded(text, &variable).unwrap_err().message, expected, "{text}");
        }
    }
}
