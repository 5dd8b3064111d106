//! Cross-origin requests, by the rules of the library that the Go collector uses (`rs/cors`, credentials allowed).

use http::{
    HeaderMap, HeaderValue, Method,
    header::{
        ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
        ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE,
        ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, ORIGIN, VARY,
    },
    request::Parts,
};
use slimcol_config::{Section, Settings};

/// The `cors` section.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CorsConfig {
    allowed_origins: Vec<String>,
    allowed_headers: Vec<String>,
    exposed_headers: Vec<String>,
    max_age: i64,
}

/// The rules, ready to be applied.
#[derive(Debug)]
pub(super) struct Cors {
    /// Lower case, each with at most one `*`; nothing for "all".
    origins: Option<Vec<String>>,
    /// Lower case; nothing for "all".
    headers: Option<Vec<String>>,
    exposed: Option<HeaderValue>,
    max_age: Option<HeaderValue>,
}

/// What becomes of a request.
#[derive(Debug)]
pub(super) enum Verdict {
    /// It only asks what is allowed: these headers are the whole answer.
    Preflight(HeaderMap),
    /// It is answered as ever, and these headers go with the answer.
    Actual(HeaderMap),
}

impl Settings for CorsConfig {
    fn read(from: &mut Section<'_>) -> Self {
        Self {
            allowed_origins: from.get("allowed_origins", Vec::new()),
            allowed_headers: from.get("allowed_headers", Vec::new()),
            exposed_headers: from.get("exposed_headers", Vec::new()),
            max_age: from.get("max_age", 0),
        }
    }
}

impl CorsConfig {
    /// Whether headers are allowed to nobody.
    pub(super) fn is_pointless(&self) -> bool {
        self.allowed_origins.is_empty() && !self.allowed_headers.is_empty()
    }
}

impl Cors {
    /// The rules of `config`; none if it allows no origin.
    pub(super) fn new(config: &CorsConfig) -> Option<Self> {
        if config.allowed_origins.is_empty() {
            return None;
        }
        let lower = |texts: &[String]| texts.iter().map(|text| text.to_lowercase()).collect::<Vec<_>>();
        let unless_all = |texts: Vec<String>| (!texts.iter().any(|text| text == "*")).then_some(texts);
        let headers = if config.allowed_headers.is_empty() {
            ["accept", "content-type", "x-requested-with"].map(str::to_owned).to_vec()
        } else {
            lower(&config.allowed_headers)
        };
        let max_age = match config.max_age {
            0 => None,
            ..0 => Some("0".to_owned()),
            seconds => Some(seconds.to_string()),
        };
        let exposed = Some(config.exposed_headers.join(", ")).filter(|names| !names.is_empty());
        Some(Self {
            origins: unless_all(lower(&config.allowed_origins)),
            headers: unless_all(headers),
            exposed: exposed.and_then(|names| names.try_into().ok()),
            max_age: max_age.and_then(|seconds| seconds.try_into().ok()),
        })
    }

    pub(super) fn judge(&self, request: &Parts) -> Verdict {
        let asked = request.headers.get(ACCESS_CONTROL_REQUEST_METHOD).filter(|method| !method.is_empty());
        match asked {
            Some(method) if request.method == Method::OPTIONS => {
                Verdict::Preflight(self.preflight(&request.headers, method))
            }
            _ => Verdict::Actual(self.actual(request)),
        }
    }

    fn preflight(&self, request: &HeaderMap, method: &HeaderValue) -> HeaderMap {
        let mut answer = HeaderMap::new();
        let vary = "Origin, Access-Control-Request-Method, Access-Control-Request-Headers";
        answer.insert(VARY, HeaderValue::from_static(vary));
        let Some(origin) = self.origin(request) else { return answer };
        let headers: Vec<_> = request.get_all(ACCESS_CONTROL_REQUEST_HEADERS).iter().collect();
        if !is_allowed_method(method.as_bytes()) || !headers.iter().all(|names| self.allows_headers(names)) {
            return answer;
        }
        answer.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        answer.insert(ACCESS_CONTROL_ALLOW_METHODS, method.clone());
        for names in headers.into_iter().filter(|names| !names.is_empty()) {
            answer.append(ACCESS_CONTROL_ALLOW_HEADERS, names.clone());
        }
        answer.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
        if let Some(max_age) = &self.max_age {
            answer.insert(ACCESS_CONTROL_MAX_AGE, max_age.clone());
        }
        answer
    }

    fn actual(&self, request: &Parts) -> HeaderMap {
        let mut answer = HeaderMap::new();
        answer.insert(VARY, HeaderValue::from_static("Origin"));
        let Some(origin) = self.origin(&request.headers) else { return answer };
        if !is_allowed_method(request.method.as_str().as_bytes()) {
            return answer;
        }
        answer.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        if let Some(exposed) = &self.exposed {
            answer.insert(ACCESS_CONTROL_EXPOSE_HEADERS, exposed.clone());
        }
        answer.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
        answer
    }

    /// What to allow to the request's origin; nothing if it has none or may not.
    fn origin(&self, request: &HeaderMap) -> Option<HeaderValue> {
        let origin = request.get(ORIGIN).filter(|origin| !origin.is_empty())?;
        let Some(allowed) = &self.origins else { return Some(HeaderValue::from_static("*")) };
        let name = origin.to_str().ok()?.to_lowercase();
        let fits = |pattern: &String| match pattern.split_once('*') {
            None => *pattern == name,
            Some((start, end)) => {
                name.len() >= start.len() + end.len() && name.starts_with(start) && name.ends_with(end)
            }
        };
        allowed.iter().any(fits).then(|| origin.clone())
    }

    fn allows_headers(&self, names: &HeaderValue) -> bool {
        let Some(allowed) = &self.headers else { return true };
        names.to_str().is_ok_and(|names| {
            let mut names =
                names.split(',').map(|name| name.trim().to_lowercase()).filter(|name| !name.is_empty());
            names.all(|name| allowed.contains(&name))
        })
    }
}

fn is_allowed_method(method: &[u8]) -> bool {
    matches!(method, b"GET" | b"POST" | b"HEAD" | b"OPTIONS")
}
