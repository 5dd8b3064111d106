//! Which full names a name may stand for (Go's `nameList` and `isDomainName`).

use super::conf::Conf;

/// The longest name, in characters with the dot at its end.
const LONGEST: usize = 254;

impl Conf {
    /// The names to ask for, in turn; each is complete, with a dot at its end. None if `name` cannot be one of DNS.
    pub(crate) fn names(&self, name: &str) -> Vec<String> {
        if !is_domain(name) {
            return Vec::new();
        }
        if name.ends_with('.') {
            return Some(name.to_owned()).filter(|name| fits(name)).into_iter().collect();
        }
        let alone = format!("{name}.");
        let mut names: Vec<_> = self.search.iter().map(|domain| format!("{alone}{domain}")).collect();
        let at = if name.matches('.').count() >= self.ndots { 0 } else { names.len() };
        names.insert(at, alone);
        names.retain(|name| fits(name));
        names
    }
}

/// Whether a full name may be asked for: `.onion` is no business of DNS (RFC 7686).
fn fits(name: &str) -> bool {
    let mut labels = name.trim_end_matches('.').rsplit('.');
    name.len() <= LONGEST && !labels.next().is_some_and(|last| last.eq_ignore_ascii_case("onion"))
}

/// Whether `name` may be a host's: labels of letters, digits, `-` and `_`, not digits alone.
fn is_domain(name: &str) -> bool {
    let labels = name.strip_suffix('.').unwrap_or(name);
    let label = |label: &str| {
        matches!(label.len(), 1..=63)
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'-' || c == b'_')
    };
    labels.len() < LONGEST
        && labels.split('.').all(label)
        && labels.bytes().any(|c| !c.is_ascii_digit() && c != b'.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_completed_as_in_go() {
        let conf = |ndots: u8| Conf::parse(&format!("search a.example b.example\noptions ndots:{ndots}"), "");
        for (ndots, name, names) in [
            (1, "web", &["web.a.example.", "web.b.example.", "web."][..]),
            (0, "web", &["web.", "web.a.example.", "web.b.example."]),
            (1, "web.org", &["web.org.", "web.org.a.example.", "web.org.b.example."]),
            (5, "web.org", &["web.org.a.example.", "web.org.b.example.", "web.org."]),
            (5, "web.org.", &["web.org."]),
            (1, "hidden.onion", &["hidden.onion.a.example.", "hidden.onion.b.example."]),
            (1, "hidden.Onion.", &[]),
        ] {
            assert_eq!(conf(ndots).names(name), names, "{name} {ndots}");
        }
    }

    #[test]
    fn what_dns_cannot_name_is_not_asked_for() {
        let conf = Conf::parse("", "");
        let label = "a".repeat(63);
        let longest = [label.as_str(); 4].join(".");
        for name in ["_dmarc.example", "1a", "a-b", &label, &longest[..253], &format!("{}.", &longest[..253])]
        {
            assert_eq!(conf.names(name).len(), 1, "{name}");
        }
        let long_label = format!("{label}a");
        let bad =
            ["", ".", "..", "a..b", ".a", "-a", "a-", "a.-b", "a b", "bücher", "1.2.3", "a%b", "a/b", "a:1"];
        for name in bad.into_iter().chain([long_label.as_str(), &longest[..254], &longest]) {
            assert_eq!(conf.names(name), [""; 0], "{name}");
        }
    }

    #[test]
    fn completions_that_grow_too_long_are_left_out() {
        let name = [["a"; 31].concat(), ["b"; 63].concat(), ["c"; 63].concat(), ["d"; 63].concat()].join(".");
        let conf = Conf::parse(&format!("search {} short.example", "e".repeat(63)), "");
        assert_eq!(conf.names(&name), [format!("{name}."), format!("{name}.short.example.")]);
    }
}
