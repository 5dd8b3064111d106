//! URLs without the names, passwords and tokens that stand in them.

/// `text` with what is between `://` and `@` in its URLs replaced by `***`. Users name repositories with a token in the URL,
/// and git and cargo repeat URLs in their messages.
pub(crate) fn masked(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("://") {
        let (before, url) = rest.split_at(at + "://".len());
        out.push_str(before);
        let ends = |c: char| c.is_whitespace() || matches!(c, '/' | '?' | '#' | '"' | '\'' | '`' | '<' | '>');
        let authority = &url[..url.find(ends).unwrap_or(url.len())];
        rest = url;
        if let Some(login) = authority.rfind('@') {
            out.push_str("***");
            rest = &url[login..];
        }
    }
    out.push_str(rest);
    out
}

/// Whether a URL has somebody's name, password or token in it. `git@` alone is nobody's.
pub(crate) fn are_in(url: &str) -> bool {
    let url = url.replacen("://git@", "://", 1);
    masked(&url) != url
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_before_the_host_is_masked() {
        for (text, expected) in [
            ("fetch `https://me:t0ken@host/a@b` now", "fetch `https://***@host/a@b` now"),
            ("https://t@a https://u:p@w@b?x", "https://***@a https://***@b?x"),
            ("ssh://git@host:22/a", "ssh://***@host:22/a"),
            ("https://host/a@1, b@c ://", "https://host/a@1, b@c ://"),
            ("file:///a@b", "file:///a@b"),
            ("é://ü@ö", "é://***@ö"),
        ] {
            assert_eq!(masked(text), expected);
        }
        assert!(are_in("https://t@host/a") && are_in("ssh://git:p@host"));
        assert!(!are_in("ssh://git@host/a") && !are_in("https://host/a@1"));
    }
}
