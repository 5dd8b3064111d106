//! How pages are fetched: Prometheus' keys of an HTTP client, and the client.

mod auth;
mod headers;
mod oauth2;
mod tls;

use std::{path::Path, sync::Arc};

use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use slimcol_config::{Node, Place, Secret, Section};
use slimcol_net::{
    Pieces,
    http::client::{HttpClient, HttpClientConfig, HttpRequest, HttpResponse},
};
use slimcol_oauth2::{Endpoint, Tokens};
use slimcol_service::{BoxError, Client, Context, go_error};

use self::{auth::Auth, tls::Tls};

/// Files, and what they are called when they are missing.
type Files = Vec<(&'static str, String)>;

/// An HTTP client's settings.
#[derive(Clone, Debug)]
pub(crate) struct Web {
    config: HttpClientConfig,
    follows: bool,
    environment: bool,
    auth: Auth,
    headers: Vec<(String, Secret)>,
    /// What must be there.
    files: Files,
}

/// What no Prometheus configuration says, and how its client behaves.
const BASE: &str =
    "keepalive: {idle_conn_timeout: 5m, max_idle_conns: 20000, max_idle_conns_per_host: 1000}\n";

impl Web {
    /// Reads the keys of a client, which stand among others.
    pub(crate) fn read(from: &mut Section<'_>) -> Self {
        let mut files = Vec::new();
        let auth = Auth::read(from, &mut files);
        let tls = Tls::read(from, &mut files);
        let follows = from.get("follow_redirects", true);
        let http2 = from.get("enable_http2", true);
        let (proxy, environment) = proxy(from);
        let config = client_config(from, tls, http2, proxy);
        Self { config, follows, environment, auth, headers: headers::read(from), files }
    }

    /// A client of which nothing is written.
    pub(crate) fn plain() -> Self {
        Self::read(&mut Section::new(None, ""))
    }

    /// The same towards a server that another client asks too. It follows no redirects.
    pub(crate) fn towards(mut self, other: &HttpClientConfig) -> Self {
        self.config = self.config.towards(other);
        self.follows = false;
        self
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
        let mut http = HttpClient::new(&self.config, cx)?.uncounted().resting();
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
        let tokens = match &self.auth {
            Auth::OAuth2(server) => Some(Arc::new(server.tokens(cx)?)),
            _ => None,
        };
        Ok(Arc::new(WebClient { http, auth: self.auth.clone(), tokens, headers }))
    }
}

/// Our settings of such a client.
fn client_config(from: &mut Section<'_>, tls: Tls, http2: bool, proxy: Option<String>) -> HttpClientConfig {
    let place = from.here().map_or_else(|| Place::named("prometheus"), |node| node.place().clone());
    let base =
        format!("{BASE}force_attempt_http2: {http2}\ntls: {{insecure_skip_verify: {}}}\n", tls.skip_verify);
    let mut node = slimcol_config::parse("prometheus", &base).unwrap_or_else(|_| Node::empty(place.clone()));
    for (key, value) in tls.keys {
        node.put(&["tls", key], Node::text(value, place.clone()));
    }
    if let Some(proxy) = proxy {
        node.put(&["proxy_url"], Node::text(proxy, place));
    }
    slimcol_config::read::<HttpClientConfig>(&node).unwrap_or_else(|issues| {
        for issue in issues {
            from.error("tls_config", issue.message);
        }
        HttpClientConfig::default()
    })
}

/// The proxy that is written, and whether the environment may name one.
fn proxy(from: &mut Section<'_>) -> (Option<String>, bool) {
    let proxy = Some(from.get("proxy_url", Secret::default()).reveal().to_owned());
    let proxy = proxy.filter(|proxy| !proxy.is_empty());
    let environment = from.get("proxy_from_environment", false);
    if environment && proxy.is_some() {
        let error = "if proxy_from_environment is configured, proxy_url must not be configured";
        from.error("proxy_from_environment", error);
    }
    let valid = proxy.filter(|proxy| match proxy.parse::<Uri>() {
        Ok(_) => true,
        Err(error) => {
            from.error("proxy_url", format!("invalid proxy URL: {error}"));
            false
        }
    });
    (valid, environment)
}

/// Fetches pages.
#[derive(Debug)]
pub(crate) struct WebClient {
    http: HttpClient,
    auth: Auth,
    tokens: Option<Arc<Tokens<Endpoint>>>,
    headers: HeaderMap,
}

impl WebClient {
    /// The head of the answer.
    pub(crate) async fn get(&self, uri: &Uri, headers: &HeaderMap) -> Result<HttpResponse, String> {
        let mut all = self.headers.clone();
        all.extend(headers.iter().map(|(name, value)| (name.clone(), value.clone())));
        if let Some(value) = self.auth.header()? {
            all.insert(header::AUTHORIZATION, value);
        }
        if let Some(tokens) = &self.tokens {
            let token = tokens.current().await.map_err(|why| format!("Get \"{uri}\": {why}"))?;
            let mut value = HeaderValue::try_from(&*token)
                .map_err(|_| "net/http: invalid header field value".to_owned())?;
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
        let answer = self.http.send(request).await.map_err(|error| error.to_string())?;
        if let Some(tokens) = self.tokens.as_ref().filter(|_| answer.status == StatusCode::UNAUTHORIZED) {
            tokens.refused();
        }
        Ok(answer)
    }
}
