//! `WWW-Authenticate`: how a server wants to be told who asks.

/// What a server wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Challenge {
    /// A name and a password with every request.
    Basic,
    /// A token, which another server gives.
    Bearer {
        /// Where.
        realm: String,
        /// For what, in that server's words.
        service: Option<String>,
    },
}

impl Challenge {
    /// Reads all headers of that name. Of several ways the one with tokens is taken, as it sends the password once.
    pub(super) fn parse<'a>(headers: impl IntoIterator<Item = &'a str>) -> Option<Self> {
        let mut basic = None;
        for (scheme, parameters) in headers.into_iter().flat_map(schemes) {
            let parameter = |name: &str| {
                parameters
                    .iter()
                    .find(|(key, _)| key.eq_ignore_ascii_case(name))
                    .map(|(_, value)| value.clone())
            };
            if scheme.eq_ignore_ascii_case("bearer")
                && let Some(realm) = parameter("realm")
            {
                return Some(Self::Bearer { realm, service: parameter("service") });
            }
            if scheme.eq_ignore_ascii_case("basic") {
                basic = Some(Self::Basic);
            }
        }
        basic
    }
}

type Scheme = (String, Vec<(String, String)>);

/// The schemes of one header with their parameters: `Basic realm="a", Bearer realm="b",service="c"`. What does not follow
/// the form is passed over.
fn schemes(header: &str) -> Vec<Scheme> {
    let mut found: Vec<Scheme> = Vec::new();
    let mut rest = header.trim_start_matches([' ', ',']);
    while !rest.is_empty() {
        let end = rest.find([' ', ',', '=']).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        rest = match (after.trim_start().strip_prefix('='), found.last_mut()) {
            (Some(value), Some((_, parameters))) => {
                let (value, after) = value_of(value.trim_start());
                parameters.push((word.to_owned(), value));
                after
            }
            // A value without a scheme before it belongs to nothing.
            (Some(value), None) => value_of(value.trim_start()).1,
            (None, _) => {
                found.push((word.to_owned(), Vec::new()));
                after
            }
        };
        rest = rest.trim_start_matches([' ', ',', '\t']);
    }
    found
}

/// A token or a quoted text, and what follows.
fn value_of(text: &str) -> (String, &str) {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find([',', ' ']).unwrap_or(text.len());
        return (text[..end].to_owned(), &text[end..]);
    };
    let mut value = String::new();
    let mut chars = quoted.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return (value, &quoted[at + 1..]),
            '\\' => value.extend(chars.next().map(|(_, c)| c)),
            c => value.push(c),
        }
    }
    (value, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_as_registries_send_them() {
        let bearer = |realm: &str, service: Option<&str>| {
            Some(Challenge::Bearer { realm: realm.to_owned(), service: service.map(str::to_owned) })
        };
        for (headers, challenge) in [
            (&["Basic realm=\"basic-realm\""][..], Some(Challenge::Basic)),
            (&["basic"], Some(Challenge::Basic)),
            (
                &[
                    r#"Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:a/b:pull,push""#,
                ],
                bearer("https://auth.docker.io/token", Some("registry.docker.io")),
            ),
            (&[r#"bearer Realm = "https://a" , service=b"#], bearer("https://a", Some("b"))),
            (&[r#"Bearer realm="https://a?b=\"c\"""#], bearer("https://a?b=\"c\"", None)),
            (&[r#"Basic realm="a, b=c", Bearer realm="https://d""#], bearer("https://d", None)),
            (&[r#"Bearer realm="https://d""#, "Basic realm=x"], bearer("https://d", None)),
            (&["Basic realm=x", "Negotiate abc=="], Some(Challenge::Basic)),
            (&["Bearer service=x"], None),
            (&["=,=\"", "", "Digest"], None),
            (&[r#"Bearer realm="unclosed"#], bearer("unclosed", None)),
        ] {
            assert_eq!(Challenge::parse(headers.iter().copied()), challenge, "{headers:?}");
        }
    }
}
