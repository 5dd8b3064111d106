//! Requests and answers, and trying again when that may help.

use std::{thread, time::Duration};

use slimcol_config::Secret;
use ureq::{
    Agent,
    http::{HeaderMap, Method, Request as HttpRequest, StatusCode},
};

use super::trust::Trust;
use crate::error::Error;

/// Sends requests.
#[derive(Debug)]
pub(super) struct Client {
    agent: Agent,
    /// The first pause before trying again; each next is twice as long.
    pause: Duration,
}

/// A request.
#[derive(Debug)]
pub(super) struct Request<'a> {
    pub(super) method: Method,
    pub(super) url: &'a str,
    pub(super) headers: Vec<(&'static str, &'a str)>,
    pub(super) body: Option<&'a [u8]>,
}

/// An answer that is neither the network's failure nor a server's trouble.
#[derive(Debug)]
pub(super) struct Response {
    pub(super) status: u16,
    headers: HeaderMap,
    pub(super) body: Vec<u8>,
}

/// Something that did not work.
#[derive(Debug)]
pub(super) struct Failure {
    /// What, for people.
    pub(super) message: String,
    /// Whether it may work another time.
    pub(super) again: Again,
}

/// Whether something may work another time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Again {
    /// It will not.
    Never,
    /// It may, after this time if the server says one.
    After(Option<Duration>),
    /// The other side does not speak TLS.
    WithoutTls,
    /// It was too much at once.
    Smaller,
}

impl Request<'_> {
    /// The same with a proof of who asks.
    pub(super) fn with<'r>(&'r self, authorization: Option<&'r Secret>) -> Request<'r> {
        let mut headers = self.headers.clone();
        headers.extend(authorization.map(|secret| ("Authorization", secret.reveal())));
        Request { method: self.method.clone(), headers, ..*self }
    }
}

impl Failure {
    /// A failure that stays one.
    pub(super) fn lasting(message: impl Into<String>) -> Self {
        Self { message: message.into(), again: Again::Never }
    }
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        Self::Other(failure.message)
    }
}

/// How often anything is tried.
const ATTEMPTS: u32 = 5;
/// The longest time that a server can make us wait.
const LONGEST: Duration = Duration::from_secs(30);
/// Answers are small documents; manifests may have 4 MiB.
const LARGEST: u64 = 4 << 20;

impl Client {
    /// A client that trusts whom `trust` says. Proxies are taken from the environment, but not for this machine.
    pub(super) fn new(trust: Trust, loopback: bool, pause: Duration) -> Self {
        let mut config = Agent::config_builder()
            .http_status_as_error(false)
            .user_agent(concat!("slimcol/", env!("CARGO_PKG_VERSION")))
            .tls_config(trust.into_config())
            .timeout_connect(Some(Duration::from_secs(30)))
            .timeout_per_read(Some(Duration::from_mins(2)))
            .timeout_per_write(Some(Duration::from_mins(2)))
            .timeout_recv_response(Some(Duration::from_mins(5)));
        if loopback {
            config = config.proxy(None);
        }
        Self { agent: config.build().new_agent(), pause }
    }

    /// Sends a request once.
    pub(super) fn send(&self, request: &Request<'_>) -> Result<Response, Failure> {
        let mut head = HttpRequest::builder().method(request.method.clone()).uri(request.url);
        for (name, value) in &request.headers {
            head = head.header(*name, *value);
        }
        let wrong =
            |e: ureq::http::Error| Failure::lasting(format!("`{}` cannot be asked: {e}", plain(request.url)));
        let answer = match request.body {
            Some(body) => self.agent.run(head.body(body).map_err(wrong)?),
            None => self.agent.run(head.body(()).map_err(wrong)?),
        };
        let failed = |e: ureq::Error| failure(&e, request.url);
        let mut answer = answer.map_err(failed)?;
        let body = answer.body_mut().with_config().limit(LARGEST).read_to_vec().map_err(failed)?;
        let response = Response { status: answer.status().as_u16(), headers: answer.headers().clone(), body };
        if matches!(response.status, 408 | 429 | 500 | 502 | 503 | 504) {
            let after = response
                .header("retry-after")
                .and_then(|seconds| seconds.parse().ok())
                .map(Duration::from_secs);
            let message = format!("`{}` answers {}", plain(request.url), response.said());
            return Err(Failure { message, again: Again::After(after) });
        }
        Ok(response)
    }

    /// Does something until it works, or will not, or has been tried often enough.
    pub(super) fn persevere<T>(&self, mut work: impl FnMut() -> Result<T, Failure>) -> Result<T, Failure> {
        let mut pause = self.pause;
        for _ in 1..ATTEMPTS {
            match work() {
                Err(Failure { again: Again::After(asked), .. }) => {
                    thread::sleep(asked.unwrap_or(pause).min(LONGEST));
                    pause *= 2;
                }
                done => return done,
            }
        }
        work().map_err(|failure| match failure.again {
            Again::After(_) => Failure::lasting(format!("{} (tried {ATTEMPTS} times)", failure.message)),
            _ => failure,
        })
    }
}

impl Response {
    /// A header, if it is there once and is text.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// Every header of a name that is text.
    pub(super) fn headers(&self, name: &str) -> impl Iterator<Item = &str> {
        self.headers.get_all(name).iter().filter_map(|value| value.to_str().ok())
    }

    /// The status, and what the server says besides (`404 Not Found (NAME_UNKNOWN: repository name not known)`).
    pub(super) fn said(&self) -> String {
        let reason = StatusCode::from_u16(self.status).ok().and_then(|status| status.canonical_reason());
        let status = format!("{} {}", self.status, reason.unwrap_or_default());
        let document: Option<serde_json::Value> = serde_json::from_slice(&self.body).ok();
        let first = document.as_ref().and_then(|document| document["errors"].get(0));
        let text = |key: &str| first.and_then(|error| error[key].as_str()).unwrap_or_default();
        let is_plain = self.header("content-type").is_some_and(|kind| kind.starts_with("text/plain"));
        let line = str::from_utf8(&self.body).ok().filter(|_| is_plain).and_then(|text| text.lines().next());
        match (text("code"), text("message"), line) {
            ("", "", Some(line)) if !line.is_empty() => format!("{status} ({})", tame(line)),
            ("", "", _) => status.trim_end().to_owned(),
            (code, message, _) => format!("{status} ({}: {})", tame(code), tame(message)),
        }
    }
}

/// What a server says, as far as a terminal should show it.
fn tame(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(200).collect()
}

/// A URL without what may be secret in it.
fn plain(url: &str) -> &str {
    url.split('?').next().unwrap_or_default()
}

/// What the failure of a connection means.
fn failure(error: &ureq::Error, url: &str) -> Failure {
    let server = plain(url);
    let tls = match error {
        ureq::Error::Rustls(e) => Some(e),
        ureq::Error::Io(e) => e.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()),
        _ => None,
    };
    if let Some(tls) = tls {
        return match tls {
            rustls::Error::InvalidMessage(_) => Failure {
                message: format!(
                    "`{server}` does not speak TLS: if it is meant to, mend that; else use --insecure"
                ),
                again: Again::WithoutTls,
            },
            rustls::Error::InvalidCertificate(e) => {
                let what = format!(
                    "the certificate of `{server}` is not trusted ({e}): name its authority with --ca-file"
                );
                Failure::lasting(what)
            }
            other => Failure::lasting(format!("`{server}`: TLS failed: {other}")),
        };
    }
    let message = match error {
        ureq::Error::Io(e) => format!("cannot reach `{server}`: {e}"),
        ureq::Error::HostNotFound => format!("cannot reach `{server}`: there is no such host"),
        other => format!("cannot reach `{server}`: {other}"),
    };
    let again = match error {
        ureq::Error::Io(e) if e.kind() == std::io::ErrorKind::ConnectionRefused => Again::Never,
        ureq::Error::Io(_) | ureq::Error::Timeout(_) | ureq::Error::ConnectionFailed => Again::After(None),
        _ => Again::Never,
    };
    Failure { message, again }
}
