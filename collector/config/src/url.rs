//! URLs as they are shown.

use std::borrow::Cow;

use crate::secret::names_secret;

/// What parameters of secrets are called, whose names do not say so by a part already.
const NAMES: [&str; 7] = ["code", "jwt", "key", "pass", "pwd", "sig", "signature"];

/// A URL as errors, logs and printed configurations show it: a password becomes `***`, as in Go, and so does the value of each
/// parameter that is called as secrets are. Any other text stays what it is.
pub fn without_secrets(url: &str) -> Cow<'_, str> {
    let Some((scheme, rest)) = url.split_once("://") else { return Cow::Borrowed(url) };
    let (authority, rest) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let (rest, fragment) = rest.split_at(rest.find('#').unwrap_or(rest.len()));
    let (path, query) = rest.split_once('?').map_or((rest, None), |(path, query)| (path, Some(query)));
    let login = authority.rsplit_once('@').and_then(|(user, host)| Some((user.split_once(':')?.0, host)));
    if login.is_none() && !query.unwrap_or_default().split('&').any(|parameter| hidden(parameter).is_some()) {
        return Cow::Borrowed(url);
    }
    let mut shown = format!("{scheme}://");
    match login {
        Some((name, host)) => shown.extend([name, ":***@", host]),
        None => shown.push_str(authority),
    }
    shown.push_str(path);
    for (at, parameter) in query.into_iter().flat_map(|query| query.split('&')).enumerate() {
        shown.push(if at == 0 { '?' } else { '&' });
        match hidden(parameter) {
            Some(name) => shown.extend([name, "=***"]),
            None => shown.push_str(parameter),
        }
    }
    shown.push_str(fragment);
    Cow::Owned(shown)
}

/// The name of a parameter that holds a secret.
pub(crate) fn hidden(parameter: &str) -> Option<&str> {
    let (name, _) = parameter.split_once('=')?;
    let is_hidden = names_secret(name) || NAMES.iter().any(|word| name.eq_ignore_ascii_case(word));
    is_hidden.then_some(name)
}

#[cfg(test)]
mod tests {
    use super::without_secrets;

    #[test]
    fn passwords_and_tokens_do_not_show() {
        for (url, shown) in [
            ("http://u:secret@h:1/p", "http://u:***@h:1/p"),
            ("http://me:secret@h:1/p@q?x", "http://me:***@h:1/p@q?x"),
            ("http://me:a@b@h", "http://me:***@h"),
            ("http://h?access_token=a=b&q=1&Key=c#f", "http://h?access_token=***&q=1&Key=***#f"),
            ("https://me:p@h/?api-key=&SIG=x", "https://me:***@h/?api-key=***&SIG=***"),
        ] {
            assert_eq!(without_secrets(url), shown);
        }
    }

    #[test]
    fn all_else_is_shown() {
        for url in [
            "",
            "localhost:4317",
            "u:p@h",
            "http://me@h",
            "http://h/a:b@c",
            "http://h/p?q=me:p@x",
            "http://h/probe?module=http_2xx&target=https://b/?&monkey=1#key=2",
        ] {
            assert_eq!(without_secrets(url), url);
        }
    }
}
