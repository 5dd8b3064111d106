//! URLs: what is one, where a redirect leads, and how a URL is shown.

use http::{
    Uri,
    uri::{Parts, PathAndQuery},
};
use slimcol_service::meter::Labels;

/// The URL that `location` means in a response from `base` (RFC 3986, section 5); `None` if it is no URL.
pub(crate) fn resolve(base: &Uri, location: &str) -> Option<Uri> {
    let location = location.split('#').next().unwrap_or_default();
    if location.contains("://") && location.split("://").next().is_some_and(is_scheme) {
        return location.parse().ok().filter(|uri: &Uri| uri.host().is_some());
    }
    if let Some(rest) = location.strip_prefix("//") {
        return format!("{}://{rest}", base.scheme_str()?).parse().ok();
    }
    let (path, query) = match location.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (location, None),
    };
    let (path, query) = if path.is_empty() {
        (base.path().to_owned(), query.or(base.query()))
    } else if path.starts_with('/') {
        (without_dots(path), query)
    } else {
        let folder = base.path().rfind('/').map_or("/", |end| &base.path()[..=end]);
        (without_dots(&format!("{folder}{path}")), query)
    };
    let target = query.map_or_else(|| path.clone(), |query| format!("{path}?{query}"));
    let mut parts = Parts::default();
    parts.scheme = base.scheme().cloned();
    parts.authority = base.authority().cloned();
    parts.path_and_query = Some(PathAndQuery::try_from(target).ok()?);
    Uri::from_parts(parts).ok()
}

fn is_scheme(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
}

fn without_dots(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    let mut segments = path.split('/').skip(1).peekable();
    while let Some(segment) = segments.next() {
        let last = segments.peek().is_none();
        match segment {
            "." | ".." => {
                if segment == ".." {
                    kept.pop();
                }
                if last {
                    kept.push("");
                }
            }
            other => kept.push(other),
        }
    }
    format!("/{}", kept.join("/"))
}

/// The URL that `text` is; `None` if it does not name a scheme and a host, without which nothing can be sent to.
pub fn url(text: &str) -> Option<Uri> {
    text.parse()
        .ok()
        .filter(|uri: &Uri| uri.scheme().is_some() && uri.host().is_some_and(|host| !host.is_empty()))
}

/// What the own metrics of an exporter say of where it sends to.
pub fn labels(url: &Uri) -> Labels {
    let mut labels = vec![
        ("server.address", url.host().unwrap_or_default().to_owned()),
        ("url.path", url.path().to_owned()),
    ];
    labels.extend(url.port().map(|port| ("server.port", port.to_string())));
    labels
}

/// The URL as errors and logs show it.
pub fn shown(uri: &Uri) -> String {
    slimcol_config::without_secrets(&uri.to_string()).into_owned()
}

/// The port, the scheme's own if none is named.
pub(crate) fn port(uri: &Uri) -> u16 {
    uri.port_u16().unwrap_or(if uri.scheme_str() == Some("https") { 443 } else { 80 })
}

/// The host without the brackets of an IPv6 address.
pub(crate) fn host(uri: &Uri) -> &str {
    uri.host().unwrap_or_default().trim_matches(['[', ']'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn redirects_resolve() {
        let base: Uri = "http://a.example:8080/x/y?q=1".parse().unwrap();
        for (location, target) in [
            ("https://b.example/z", "https://b.example/z"),
            ("//b.example/z?r", "http://b.example/z?r"),
            ("/z", "http://a.example:8080/z"),
            ("z?r=2#there", "http://a.example:8080/x/z?r=2"),
            ("../z/./w/..", "http://a.example:8080/z/"),
            ("../../../z", "http://a.example:8080/z"),
            ("?r=2", "http://a.example:8080/x/y?r=2"),
            ("z?u=http://c", "http://a.example:8080/x/z?u=http://c"),
        ] {
            assert_eq!(resolve(&base, location).unwrap(), target, "{location}");
        }
        assert_eq!(resolve(&base, "http://"), None);
        assert_eq!(resolve(&base, "a b"), None);
    }
}
