//! How pages are fetched: Prometheus' keys of an HTTP client, and the client.

use std::{fs, path::Path, sync::Arc};

use base64::{Engine, prelude::BASE64_STANDARD};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Uri, header};
use slimcol_config::{Entry, Node, Place, Secret, Section, Settings};
use slimcol_net::{
    Pieces,
    http::client::{HttpClient, HttpClientConfig, HttpRequest, HttpResponse},
};
use slimcol_service::{BoxError, Client, Context, go_error};

use crate::durations::Scalar;

/// An HTTP client's settings.
#[derive(Clone, Debug)]
pub(crate) struct Web {
    config: HttpClientConfig,
    follows: bool,
    environment: bool,
    auth: Auth,
    headers: Vec<(String, Secret)>,
    /// What must be there, and what it is called when it is not.
    files: Vec<(&'static str, String)>,
}

/// How a client says who it is.
#[derive(Clone, Debug, Default)]
enum Auth {
    #[default]
    None,
    Basic {
        username: Text,
        password: Text,
    },
    Authorization {
        scheme: String,
        credentials: Text,
    },
}

/// A text that is written, or stands in a file that may change.
#[derive(Clone, Debug, Default)]
struct Text {
    text: Secret,
    file: String,
}

impl Text {
    fn read(from: &mut Section<'_>, key: &'static str, file: &'static str) -> Self {
        Self { text: from.get(key, Secret::default()), file: from.get(file, String::new()) }
    }

    fn both(&self) -> bool {
        !self.text.reveal().is_empty() && !self.file.is_empty()
    }

    fn is_empty(&self) -> bool {
        self.text.reveal().is_empty() && self.file.is_empty()
    }

    fn now(&self) -> Result<String, String> {
        if self.file.is_empty() {
            return Ok(self.text.reveal().to_owned());
        }
        let read = fs::read_to_string(&self.file);
        let text =
            read.map_err(|error| format!("unable to read file {}: {}", self.file, go_error(&error)))?;
        Ok(text.trim().to_owned())
    }
}

const TLS: [(&str, &str); 6] = [
    ("ca", "ca_pem"),
    ("ca_file", "ca_file"),
    ("cert", "cert_pem"),
    ("cert_file", "cert_file"),
    ("key", "key_pem"),
    ("key_file", "key_file"),
];

/// What no Prometheus configuration says, and how its client behaves.
const BASE: &str =
    "keepalive: {idle_conn_timeout: 5m, max_idle_conns: 20000, max_idle_conns_per_host: 1000}\n";

struct Nothing;

impl Settings for Nothing {
    fn read(_: &mut Section<'_>) -> Self {
        Self
    }
}

impl Web {
    /// Reads the keys of a client, which stand among others.
    pub(crate) fn read(from: &mut Section<'_>) -> Self {
        let mut files = Vec::new();
        let auth = auth(from, &mut files);
        if from.has("oauth2") {
            from.node("oauth2");
            from.error("oauth2", "`oauth2` is not supported by this receiver yet");
        }
        let place = from.here().map_or_else(|| Place::named("prometheus"), |node| node.place().clone());
        let mut node =
            slimcol_config::parse("prometheus", BASE).unwrap_or_else(|_| Node::empty(place.clone()));
        let mut put = |path: &[&str], value: String| node.put(path, Node::text(value, place.clone()));
        let mut skip = false;
        from.section_with("tls_config", |tls| {
            let has = |tls: &Section<'_>, one: &str| tls.has(one) || tls.has(&format!("{one}_file"));
            if has(tls, "cert") != has(tls, "key") {
                let (missing, what) = if has(tls, "cert") { ("key", "certificate") } else { ("cert", "key") };
                tls.error(
                    "",
                    format!(
                        "exactly one of {missing} or {missing}_file must be configured when a client {what} is configured"
                    ),
                );
            }
            for (key, ours) in TLS {
                let value = tls.get(key, Secret::default());
                if !value.reveal().is_empty() {
                    put(&["tls", ours], value.reveal().to_owned());
                    match key {
                        "cert_file" => files.push(("client cert", value.reveal().to_owned())),
                        "key_file" => files.push(("client key", value.reveal().to_owned())),
                        _ => {}
                    }
                }
            }
            for (one, other) in [("ca", "ca_file"), ("cert", "cert_file"), ("key", "key_file")] {
                if tls.has(one) && tls.has(other) {
                    tls.error(one, format!("at most one of {one} and {other} must be configured"));
                }
            }
            let name = tls.get("server_name", String::new());
            if !name.is_empty() {
                put(&["tls", "server_name_override"], name);
            }
            for key in ["min_version", "max_version"] {
                let version = tls.get(key, String::new());
                match version.as_str() {
                    "" => {}
                    "TLS12" => put(&["tls", key], "1.2".into()),
                    "TLS13" => put(&["tls", key], "1.3".into()),
                    // Older ones are what nobody has any more.
                    "TLS10" | "TLS11" if key == "min_version" => {}
                    _ => tls.error(key, format!("unknown TLS version: {version}")),
                }
            }
            skip = tls.get("insecure_skip_verify", false);
            Nothing
        });
        let follows = from.get("follow_redirects", true);
        let http2 = from.get("enable_http2", true);
        let proxy = from.get("proxy_url", Secret::default());
        if let Err(error) = proxy.reveal().parse::<Uri>()
            && !proxy.reveal().is_empty()
        {
            from.error("proxy_url", format!("invalid proxy URL: {error}"));
        } else if !proxy.reveal().is_empty() {
            put(&["proxy_url"], proxy.reveal().to_owned());
        }
        let environment = from.get("proxy_from_environment", false);
        if environment && !proxy.reveal().is_empty() {
            let error = "if proxy_from_environment is configured, proxy_url must not be configured";
            from.error("proxy_from_environment", error);
        }
        let truths = format!("force_attempt_http2: {http2}\ntls: {{insecure_skip_verify: {skip}}}\n");
        if let Ok(truths) = slimcol_config::parse("prometheus", &truths) {
            for entry in truths.entries() {
                for inner in entry.value().entries() {
                    node.put(&[entry.key(), inner.key()], inner.value().clone());
                }
                if !entry.value().is_map() {
                    node.insert(Entry::new(entry.key(), place.clone(), entry.value().clone()));
                }
            }
        }
        let config = match slimcol_config::read::<HttpClientConfig>(&node) {
            Ok(config) => config,
            Err(issues) => {
                for issue in issues {
                    from.error("tls_config", issue.message);
                }
                HttpClientConfig::default()
            }
        };
        let headers = headers(from);
        Self { config, follows, environment, auth, headers, files }
    }

    /// What is missing of the files that it takes, in Go's words.
    pub(crate) fn missing(&self) -> Option<String> {
        self.files.iter().find_map(|(what, file)| {
            let error = Path::new(file).metadata().err()?;
            Some(format!("error checking {what} file {file:?}: stat {file}: {}", go_error(&error)))
        })
    }

    /// The client. Does no I/O.
    pub(crate) fn client(&self, cx: &Context) -> Result<Arc<WebClient>, BoxError> {
        let mut http = HttpClient::new(&self.config, cx)?.uncounted();
        if !self.follows {
            http = http.without_redirects();
        }
        if !self.environment {
            http = http.past_environment(&self.config);
        }
        let mut headers = HeaderMap::new();
        let build = cx.build();
        if let Ok(agent) = HeaderValue::try_from(format!("{}/{}", build.name, build.version)) {
            headers.insert(header::USER_AGENT, agent);
        }
        for (name, value) in &self.headers {
            let name = HeaderName::try_from(name)?;
            let mut value = HeaderValue::try_from(value.reveal())?;
            value.set_sensitive(true);
            headers.append(name, value);
        }
        Ok(Arc::new(WebClient { http, auth: self.auth.clone(), headers }))
    }
}

/// Fetches pages.
#[derive(Debug)]
pub(crate) struct WebClient {
    http: HttpClient,
    auth: Auth,
    headers: HeaderMap,
}

impl WebClient {
    /// The head of the answer.
    pub(crate) async fn get(&self, uri: &Uri, headers: &HeaderMap) -> Result<HttpResponse, String> {
        let mut all = self.headers.clone();
        all.extend(headers.iter().map(|(name, value)| (name.clone(), value.clone())));
        if let Some(mut value) = self.authorization()? {
            value.set_sensitive(true);
            all.insert(header::AUTHORIZATION, value);
        }
        let request = HttpRequest {
            method: Method::GET,
            uri: uri.clone(),
            headers: all,
            body: Pieces::default(),
            client: Client::default(),
        };
        self.http.send(request).await.map_err(|error| error.to_string())
    }

    fn authorization(&self) -> Result<Option<HeaderValue>, String> {
        let text = match &self.auth {
            Auth::None => return Ok(None),
            Auth::Basic { username, password } => {
                let name =
                    username.now().map_err(|why| format!("unable to read basic auth username: {why}"))?;
                let word =
                    password.now().map_err(|why| format!("unable to read basic auth password: {why}"))?;
                format!("Basic {}", BASE64_STANDARD.encode(format!("{name}:{word}")))
            }
            Auth::Authorization { scheme, credentials } => {
                let read = credentials.now();
                let text = read.map_err(|why| format!("unable to read authorization credentials: {why}"))?;
                format!("{scheme} {text}")
            }
        };
        HeaderValue::try_from(text).map(Some).map_err(|_| "net/http: invalid header field value".to_owned())
    }
}

fn auth(from: &mut Section<'_>, files: &mut Vec<(&'static str, String)>) -> Auth {
    let mut all = Vec::new();
    if from.has("basic_auth") {
        let mut both = (Text::default(), Text::default());
        from.section_with("basic_auth", |basic| {
            both.0 = Text {
                text: Secret::new(basic.get("username", Scalar::default()).0),
                file: basic.get("username_file", String::new()),
            };
            both.1 = Text::read(basic, "password", "password_file");
            for (text, what) in [(&both.0, "username"), (&both.1, "password")] {
                if text.both() {
                    let error = format!(
                        "at most one of basic_auth {what}, {what}_file & {what}_ref must be configured"
                    );
                    basic.error(what, error);
                }
            }
            Nothing
        });
        all.push(Auth::Basic { username: both.0, password: both.1 });
    }
    if from.has("authorization") {
        let mut both = (String::new(), Text::default());
        from.section_with("authorization", |section| {
            section.get("type", "Bearer".to_owned()).trim().clone_into(&mut both.0);
            if both.0.eq_ignore_ascii_case("basic") {
                section.error(
                    "type",
                    "authorization type cannot be set to \"basic\", use \"basic_auth\" instead",
                );
            }
            both.1 = Text::read(section, "credentials", "credentials_file");
            if both.1.both() {
                let error = "at most one of authorization credentials & credentials_file must be configured";
                section.error("credentials", error);
            }
            Nothing
        });
        if !both.1.file.is_empty() {
            files.push(("authorization credentials", both.1.file.clone()));
        }
        all.push(Auth::Authorization { scheme: both.0, credentials: both.1 });
    }
    let bearer = Text::read(from, "bearer_token", "bearer_token_file");
    if bearer.both() {
        from.error("bearer_token", "at most one of bearer_token & bearer_token_file must be configured");
    }
    if !bearer.is_empty() {
        if !all.is_empty() {
            let error =
                "at most one of basic_auth, oauth2, bearer_token & bearer_token_file must be configured";
            from.error("bearer_token", error);
        }
        all.push(Auth::Authorization { scheme: "Bearer".into(), credentials: bearer });
    } else if all.len() > 1 {
        from.error("authorization", "at most one of basic_auth, oauth2 & authorization must be configured");
    }
    all.pop().unwrap_or_default()
}

/// Headers that Prometheus sets itself, or that are set by other keys.
const RESERVED: [&str; 18] = [
    "Authorization",
    "Host",
    "Content-Encoding",
    "Content-Length",
    "Content-Type",
    "User-Agent",
    "Connection",
    "Keep-Alive",
    "Proxy-Authenticate",
    "Proxy-Authorization",
    "Www-Authenticate",
    "Accept-Encoding",
    "X-Prometheus-Remote-Write-Version",
    "X-Prometheus-Remote-Read-Version",
    "X-Prometheus-Scrape-Timeout-Seconds",
    "X-Amz-Date",
    "X-Amz-Security-Token",
    "X-Amz-Content-Sha256",
];

struct Header {
    values: Vec<Secret>,
}

impl Settings for Header {
    fn read(from: &mut Section<'_>) -> Self {
        let mut values: Vec<Secret> = from.get("values", Vec::new());
        values.extend(from.get("secrets", Vec::<Secret>::new()));
        Self { values }
    }
}

fn headers(from: &mut Section<'_>) -> Vec<(String, Secret)> {
    let all = from.map::<Header>("http_headers");
    for (name, header) in &all {
        if RESERVED.iter().any(|reserved| name.eq_ignore_ascii_case(reserved)) {
            from.error("http_headers", format!("setting header {name:?} is not allowed"));
        } else if HeaderName::try_from(name).is_err() {
            from.error("http_headers", format!("{name:?} is no name of a header"));
        } else if header.values.iter().any(|value| HeaderValue::try_from(value.reveal()).is_err()) {
            from.error(
                "http_headers",
                format!("a value of header {name:?} has characters that headers cannot have"),
            );
        }
    }
    all.into_iter()
        .flat_map(|(name, header)| header.values.into_iter().map(move |value| (name.clone(), value)))
        .collect()
}
