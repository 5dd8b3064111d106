//! The cookies that servers set, for clients that are to keep them: enough for the session cookies of load balancers.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, SystemTime},
};

use http::{HeaderMap, HeaderValue, Uri, header::SET_COOKIE};

use crate::http::client::location;

/// How many cookies are kept; the oldest go first.
const MAX_COOKIES: usize = 300;
/// The longest cookie that is kept, bytes.
const MAX_LENGTH: usize = 4096;

/// A client's cookies.
#[derive(Debug, Default)]
pub(crate) struct Jar(Mutex<Vec<Cookie>>);

#[derive(Clone)]
struct Cookie {
    name: String,
    value: String,
    domain: String,
    /// Whether hosts below the domain get it too.
    below_too: bool,
    path: String,
    secure: bool,
    expires: Option<SystemTime>,
}

impl std::fmt::Debug for Cookie {
    /// Without the value, which is often a session's key.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Cookie({} for {}{})", self.name, self.domain, self.path)
    }
}

impl Jar {
    /// Keeps what a response from `uri` sets.
    pub(crate) fn keep(&self, uri: &Uri, headers: &HeaderMap) {
        let mut cookies = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for header in headers.get_all(SET_COOKIE) {
            let Some(cookie) = header.to_str().ok().and_then(|text| Cookie::parse(text, uri)) else {
                continue;
            };
            cookies
                .retain(|c| !(c.name == cookie.name && c.domain == cookie.domain && c.path == cookie.path));
            if !cookie.is_expired() {
                if cookies.len() == MAX_COOKIES {
                    cookies.remove(0);
                }
                cookies.push(cookie);
            }
        }
    }

    /// The `Cookie` header for a request to `uri`, if any cookie is for it.
    pub(crate) fn header(&self, uri: &Uri) -> Option<HeaderValue> {
        let mut cookies = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        cookies.retain(|cookie| !cookie.is_expired());
        let pairs: Vec<String> =
            cookies.iter().filter(|c| c.is_for(uri)).map(|c| format!("{}={}", c.name, c.value)).collect();
        let mut value = HeaderValue::try_from(pairs.join("; ")).ok().filter(|value| !value.is_empty())?;
        value.set_sensitive(true);
        Some(value)
    }
}

impl Cookie {
    /// A `Set-Cookie` header by RFC 6265; `None` if it is malformed or not for the server to set.
    fn parse(text: &str, uri: &Uri) -> Option<Self> {
        if text.len() > MAX_LENGTH {
            return None;
        }
        let mut parts = text.split(';').map(str::trim);
        let (name, value) = parts.next()?.split_once('=')?;
        let host = location::host(uri).to_ascii_lowercase();
        let folder = uri.path().rfind('/').map_or("", |end| &uri.path()[..end]);
        let mut cookie = Self {
            name: Some(name.trim()).filter(|name| !name.is_empty())?.to_owned(),
            value: value.trim().to_owned(),
            domain: host.clone(),
            below_too: false,
            path: if folder.is_empty() { "/".to_owned() } else { folder.to_owned() },
            secure: false,
            expires: None,
        };
        let mut max_age = None;
        for part in parts {
            let (key, value) = part.split_once('=').unwrap_or((part, ""));
            match key.to_ascii_lowercase().as_str() {
                "domain" => {
                    let domain = value.trim_start_matches('.').to_ascii_lowercase();
                    if domain.is_empty() || domain == host {
                        cookie.below_too = !domain.is_empty() && host.parse::<std::net::IpAddr>().is_err();
                        continue;
                    }
                    // Whole top-level domains are nobody's to set cookies for.
                    let above = host.strip_suffix(&domain).is_some_and(|rest| rest.ends_with('.'));
                    if !above || !domain.contains('.') {
                        return None;
                    }
                    cookie.domain = domain;
                    cookie.below_too = true;
                }
                "path" if value.starts_with('/') => value.clone_into(&mut cookie.path),
                "secure" => cookie.secure = true,
                "max-age" => max_age = value.parse::<i64>().ok(),
                "expires" => cookie.expires = httpdate::parse_http_date(value).ok(),
                _ => {}
            }
        }
        if let Some(seconds) = max_age {
            let seconds = Duration::from_secs(u64::try_from(seconds).unwrap_or(0));
            cookie.expires = SystemTime::now().checked_add(seconds);
        }
        Some(cookie)
    }

    fn is_expired(&self) -> bool {
        self.expires.is_some_and(|at| at <= SystemTime::now())
    }

    fn is_for(&self, uri: &Uri) -> bool {
        let host = location::host(uri).to_ascii_lowercase();
        let below = host.strip_suffix(&self.domain).is_some_and(|rest| rest.ends_with('.'));
        let path = uri.path().strip_prefix(&self.path);
        (host == self.domain || (self.below_too && below))
            && path.is_some_and(|rest| rest.is_empty() || rest.starts_with('/') || self.path.ends_with('/'))
            && (!self.secure || uri.scheme_str() == Some("https"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_go_where_they_belong() {
        let jar = Jar::default();
        let set = |url: &str, text: &str| {
            let headers = HeaderMap::from_iter([(SET_COOKIE, text.parse().unwrap())]);
            jar.keep(&url.parse().unwrap(), &headers);
        };
        let given = |url: &str| jar.header(&url.parse().unwrap()).map(|v| v.to_str().unwrap().to_owned());
        set("http://a.example.com/x/y", "one=1");
        set("http://a.example.com/x/y", "two=2; Path=/; Domain=example.com");
        set("http://a.example.com/", "three=3; Secure");
        set("http://a.example.com/", "four=4; Domain=com");
        set("http://a.example.com/", "five=5; Domain=other.com");
        set("http://a.example.com/", "six=6; Max-Age=0");
        set("http://a.example.com/", "seven=7; Expires=Thu, 01 Jan 1970 00:00:00 GMT");
        assert_eq!(given("http://a.example.com/x/z").as_deref(), Some("one=1; two=2"));
        assert_eq!(given("http://a.example.com/xy").as_deref(), Some("two=2"));
        assert_eq!(given("http://b.example.com/x/").as_deref(), Some("two=2"));
        assert_eq!(given("https://a.example.com/").as_deref(), Some("two=2; three=3"));
        assert_eq!(given("http://badexample.com/"), None);
        set("http://a.example.com/x/y", "one=; Max-Age=-1");
        assert_eq!(given("http://a.example.com/x/z").as_deref(), Some("two=2"));
        assert!(!format!("{jar:?}").contains('2'));
    }

    #[test]
    fn the_jar_does_not_grow_without_bound() {
        let jar = Jar::default();
        for n in 0..=MAX_COOKIES {
            let headers = HeaderMap::from_iter([(SET_COOKIE, format!("c{n}=1").parse().unwrap())]);
            jar.keep(&"http://a/".parse().unwrap(), &headers);
        }
        assert_eq!(jar.0.lock().unwrap().len(), MAX_COOKIES);
    }
}
