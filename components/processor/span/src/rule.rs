//! Names into attributes, and attributes into names.

use regex::Regex;
use slimcol_pattern::{Size, compile_text};
use slimcol_pdata::view::{Attributes, ValueRef};

/// A pattern of names whose groups become attributes.
#[derive(Debug)]
pub(crate) struct Rule {
    regex: Regex,
    /// The groups' names, the whole match's first.
    groups: Vec<String>,
}

/// What a rule found in a name.
#[derive(Debug, PartialEq)]
pub(crate) struct Found<'n> {
    /// The name with placeholders.
    pub(crate) name: String,
    /// The attributes, in the order of the groups.
    pub(crate) attributes: Vec<(usize, &'n str)>,
}

impl Rule {
    /// The pattern as it is written; the error is Go's message.
    pub(crate) fn new(pattern: &str) -> Result<Self, String> {
        let regex = compile_text(pattern, Size::Config)
            .map_err(|why| format!("invalid regexp pattern {pattern}: {why}"))?;
        let groups = regex.capture_names().map(|name| name.unwrap_or_default().to_owned()).collect();
        Ok(Self { regex, groups })
    }

    /// The key of a group's attribute.
    pub(crate) fn key(&self, group: usize) -> &str {
        &self.groups[group]
    }

    /// Whether there is anything to find in a name.
    pub(crate) fn matches(&self, name: &str) -> bool {
        self.regex.is_match(name)
    }

    /// What is in a name that matches.
    pub(crate) fn find<'n>(&self, name: &'n str) -> Option<Found<'n>> {
        let captures = self.regex.captures(name)?;
        let mut found = Found { name: String::with_capacity(name.len()), attributes: Vec::new() };
        let mut done = 0;
        for group in 1..captures.len() {
            let Some(part) = captures.get(group) else {
                found.attributes.push((group, ""));
                continue;
            };
            found.attributes.push((group, part.as_str()));
            // What lies within another group is gone from the name already.
            if let Some(between) = name.get(done..part.start()) {
                found.name.push_str(between);
                found.name.extend(["{", self.key(group), "}"]);
                done = part.end();
            }
        }
        found.name.push_str(&name[done..]);
        Some(found)
    }
}

/// The name that is made of the values of all these attributes.
pub(crate) fn joined(attributes: Attributes<'_>, keys: &[String], separator: &str) -> Option<String> {
    let mut name = String::new();
    for (index, key) in keys.iter().enumerate() {
        let value = attributes.get(key)?;
        if index > 0 {
            name.push_str(separator);
        }
        match value {
            ValueRef::Str(text) => name.push_str(text),
            // Without an exponent, unlike in other texts of values.
            ValueRef::Double(value) if value.is_finite() => name.push_str(&value.to_string()),
            ValueRef::Bool(_) | ValueRef::Int(_) | ValueRef::Double(_) => name.push_str(&value.to_text()),
            _ => name.push_str("<unknown-attribute-type>"),
        }
    }
    (!keys.is_empty()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_become_placeholders() {
        for (pattern, name, expected, values) in [
            ("^/doc/(?P<id>.*)/update$", "/doc/12/update", "/doc/{id}/update", &["12"][..]),
            ("(?P<a>x)(?P<b>y)", "-xy-", "-{a}{b}-", &["x", "y"]),
            ("(?P<site>.*?)$", "www.test.com/code", "{site}", &["www.test.com/code"]),
            ("(?P<outer>a(?P<inner>b))", "-ab-", "-{outer}-", &["ab", "b"]),
            ("(?P<one>1)|(?P<two>2)", "2", "{two}", &["", "2"]),
            ("(x)", "ax", "a{}", &["x"]),
            ("x", "axb", "axb", &[]),
            ("(?P<e>)", "é", "{e}é", &[""]),
        ] {
            let found = Rule::new(pattern).unwrap().find(name).unwrap();
            assert_eq!(found.name, expected, "{pattern}");
            assert_eq!(found.attributes.iter().map(|(_, value)| *value).collect::<Vec<_>>(), values);
        }
        assert_eq!(Rule::new("x").unwrap().find("y"), None);
        assert!(Rule::new("(").unwrap_err().starts_with("invalid regexp pattern ("));
    }
}
