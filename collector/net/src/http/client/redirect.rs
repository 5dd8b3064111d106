//! Redirects, by the rules of Go's `net/http`.

use http::{
    HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri,
    header::{
        AUTHORIZATION, CONTENT_ENCODING, CONTENT_LANGUAGE, CONTENT_LOCATION, CONTENT_TYPE, COOKIE, LOCATION,
        REFERER, WWW_AUTHENTICATE,
    },
};

use crate::{
    http::client::{HttpRequest, location},
    pieces::Pieces,
};

/// How many redirects are followed.
const MAX_REDIRECTS: usize = 10;
/// What describes a body, and goes with it.
const OF_BODY: [HeaderName; 4] = [CONTENT_ENCODING, CONTENT_LANGUAGE, CONTENT_LOCATION, CONTENT_TYPE];
/// What only the first host and those below it may see.
const OF_HOST: [HeaderName; 3] = [AUTHORIZATION, COOKIE, WWW_AUTHENTICATE];

/// The redirects of one request so far.
#[derive(Debug)]
pub(crate) struct Redirects {
    /// The host that the request was for at first.
    home: String,
    followed: usize,
}

impl Redirects {
    pub(crate) fn new(uri: &Uri) -> Self {
        Self { home: location::host(uri).to_ascii_lowercase(), followed: 0 }
    }

    /// Whether `uri` is on the first host or one below it. Others see no configured header: a redirect must not carry
    /// an API key away. (Go sends them all the same.)
    pub(crate) fn is_home(&self, uri: &Uri) -> bool {
        let host = location::host(uri).to_ascii_lowercase();
        host == self.home || host.strip_suffix(&self.home).is_some_and(|rest| rest.ends_with('.'))
    }

    /// The request to follow a response with, if it is a redirect.
    pub(crate) fn next(
        &mut self,
        request: &HttpRequest,
        status: StatusCode,
        headers: &HeaderMap,
    ) -> Result<Option<HttpRequest>, String> {
        let keeps_body = match status.as_u16() {
            301..=303 => false,
            307 | 308 => true,
            _ => return Ok(None),
        };
        let Some(to) = headers.get(LOCATION).filter(|to| !to.is_empty()) else { return Ok(None) };
        let to = String::from_utf8_lossy(to.as_bytes());
        let uri = location::resolve(&request.uri, &to)
            .ok_or_else(|| format!("failed to parse Location header {to:?}: invalid URL"))?;
        if self.followed == MAX_REDIRECTS {
            return Err(format!("stopped after {MAX_REDIRECTS} redirects"));
        }
        self.followed += 1;
        let mut next = request.clone();
        if !keeps_body {
            if next.method != Method::HEAD {
                next.method = Method::GET;
            }
            next.body = Pieces::default();
            for name in OF_BODY {
                next.headers.remove(name);
            }
        }
        if !self.is_home(&uri) {
            for name in OF_HOST {
                next.headers.remove(name);
            }
        }
        let downgrade = request.uri.scheme_str() == Some("https") && uri.scheme_str() == Some("http");
        match HeaderValue::try_from(without_user(&request.uri)) {
            Ok(referer) if !downgrade => {
                next.headers.insert(REFERER, referer);
            }
            _ => {
                next.headers.remove(REFERER);
            }
        }
        next.uri = uri;
        Ok(Some(next))
    }
}

fn without_user(uri: &Uri) -> String {
    let text = uri.to_string();
    match uri.authority().and_then(|a| a.as_str().rsplit_once('@')) {
        Some((user, _)) => text.replacen(&format!("{user}@"), "", 1),
        None => text,
    }
}
