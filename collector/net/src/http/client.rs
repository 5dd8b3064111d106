//! An HTTP client that behaves as Go's `net/http` does under the Go collector's settings: proxies, redirects, keep-alive,
//! HTTP/2 where TLS settles on it, and errors in the same words.

mod alone;
mod body;
mod config;
mod connection;
mod cookies;
mod error;
mod location;
mod pool;
pub(crate) mod proxy;
mod redirect;
mod response;

use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

use bytes::Bytes;
use http::{
    HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode, Uri, Version,
    header::{
        ACCEPT_ENCODING, AUTHORIZATION, CONNECTION, CONTENT_ENCODING, CONTENT_LENGTH, COOKIE, HOST,
        PROXY_AUTHORIZATION, USER_AGENT,
    },
};
use slimcol_service::{
    BoxError, BoxFuture, Client, Context,
    meter::requests::{HTTP_CLIENT, Requests},
};
use tokio::time::{Instant, timeout_at};

use self::{
    config::Http2,
    connection::{Answer, Connection},
    cookies::Jar,
    pool::{Key, Pool},
    proxy::{Proxy, ProxyRules},
    redirect::Redirects,
    response::Lease,
};
pub use self::{
    config::{HttpClientConfig, HttpClientDefaults},
    error::HttpError,
    location::{labels, shown, url},
    response::HttpResponse,
};
use slimcol_compression::Compression;

use crate::{
    calls, dial, handshake,
    pieces::Pieces,
    reference::Proof,
    stream::Stream,
    tls::{ClientTls, Connector},
    user_agent,
};

/// Longer than anybody waits.
const FOREVER: Duration = Duration::from_hours(24 * 365);

/// What to send.
#[derive(Clone, Debug)]
pub struct HttpRequest {
    /// The method.
    pub method: Method,
    /// The whole URL.
    pub uri: Uri,
    /// Headers beyond those that the client sets by itself or by configuration.
    pub headers: HeaderMap,
    /// The body, not compressed yet.
    pub body: Pieces,
    /// Who sent what the body is made of, which an authenticator may want to know.
    pub client: Client,
}

/// Makes requests. Connections stay open between them.
#[derive(Debug)]
pub struct HttpClient {
    pool: Arc<Pool>,
    proxies: ProxyRules,
    tls_settings: ClientTls,
    /// Made when first needed: reading the system's roots takes time and memory that plain requests have no use for.
    tls: OnceLock<Connector>,
    proxy_tls: OnceLock<Connector>,
    http2: Http2,
    headers: HeaderMap,
    user_agent: HeaderValue,
    compression: Compression,
    compression_level: i32,
    jar: Option<Jar>,
    proof: Option<Proof>,
    timeout: Option<Duration>,
    calls: Option<Arc<Requests>>,
    follows: bool,
    rests: bool,
}

impl HttpClient {
    /// A client by `config`, which introduces itself as the collector. Does no I/O.
    ///
    /// # Errors
    /// An authenticator that does not exist, a proxy's URL that is none, headers that cannot be sent.
    pub fn new(config: &HttpClientConfig, cx: &Context) -> Result<Self, BoxError> {
        let proof = Proof::find(config.auth.as_ref(), &config.middlewares, cx, "HTTP")?;
        let mut headers = HeaderMap::new();
        for (name, value) in &config.headers.0 {
            let key = HeaderName::try_from(name)
                .map_err(|_| format!("net/http: invalid header field name {name:?}"))?;
            let mut value = HeaderValue::try_from(value.reveal())
                .map_err(|_| format!("net/http: invalid header field value for {name:?}"))?;
            value.set_sensitive(true);
            headers.insert(key, value);
        }
        let calls = Requests::new(&HTTP_CLIENT, cx);
        Ok(Self { proof, calls, ..Self::with(config, headers, user_agent::of(cx), config.proxies()?) })
    }

    /// The same with no requests in the own metrics.
    #[must_use]
    pub fn uncounted(mut self) -> Self {
        self.calls = None;
        self
    }

    /// The same, whose connections of HTTP/1.1 are little more than sockets while they wait: for who asks many servers, each seldom.
    #[must_use]
    pub fn resting(mut self) -> Self {
        self.rests = true;
        self
    }

    /// The same, to which a redirect is a response like any other.
    #[must_use]
    pub fn without_redirects(mut self) -> Self {
        self.follows = false;
        self
    }

    /// The same without the proxies that the environment names; one that is configured stays.
    #[must_use]
    pub fn past_environment(mut self, config: &HttpClientConfig) -> Self {
        if config.proxy_url.0.is_empty() {
            self.proxies = ProxyRules::none();
        }
        self
    }

    /// A client for what is done before there is a collector to introduce: fetching its configuration. Headers and
    /// references in `config` do not count.
    pub(crate) fn plain(config: &HttpClientConfig) -> Self {
        let agent = HeaderValue::from_static(concat!("slimcol/", env!("CARGO_PKG_VERSION")));
        Self::with(config, HeaderMap::new(), agent, ProxyRules::from_env())
    }

    fn with(
        config: &HttpClientConfig,
        headers: HeaderMap,
        user_agent: HeaderValue,
        proxies: ProxyRules,
    ) -> Self {
        Self {
            pool: Pool::new(config.keep_alive, config.max_conns_per_host),
            proxies,
            tls_settings: config.tls.clone(),
            tls: OnceLock::new(),
            proxy_tls: OnceLock::new(),
            http2: config.http2,
            headers,
            user_agent,
            compression: config.compression,
            compression_level: config.compression_level,
            jar: config.cookies.then(Jar::default),
            proof: None,
            timeout: Some(config.timeout.std()).filter(|timeout| !timeout.is_zero()),
            calls: None,
            follows: true,
            rests: false,
        }
    }

    /// Loads what requests to `uri` will need, so that what is missing shows at start.
    ///
    /// # Errors
    /// Certificates that cannot be loaded, in the Go collector's words.
    pub fn prepare(&self, uri: &Uri) -> Result<(), BoxError> {
        if uri.scheme_str() == Some("https") {
            self.tls()?;
        }
        Ok(())
    }

    /// Sends `request`, compressed if so configured, follows redirects, and returns the response's head.
    ///
    /// # Errors
    /// No response, or not in time. A response of whatever status is no error.
    pub fn send(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpResponse, HttpError>> {
        // In a box it is compiled here, and not again in each crate that waits for it.
        Box::pin(self.sent(request))
    }

    async fn sent(&self, mut request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let deadline = self.timeout.map(|timeout| Instant::now() + timeout);
        let size = request.body.len();
        if self.compression.is_on()
            && !request.body.is_empty()
            && !request.headers.contains_key(CONTENT_ENCODING)
        {
            let pieces: Vec<&Bytes> = request.body.iter().collect();
            let packed = self.compression.compress(self.compression_level, &pieces);
            request.body = Bytes::from(packed).into();
            request.headers.insert(CONTENT_ENCODING, HeaderValue::from_static(self.compression.name()));
        }
        let mut redirects = Redirects::new(&request.uri);
        loop {
            let begun = Instant::now();
            let going = self.round_trip(&request, redirects.is_home(&request.uri), deadline);
            // A deadline in any case: what is waited for in one place is compiled once.
            let outcome = timeout_at(deadline.unwrap_or(begun + FOREVER), going).await;
            if self.calls.is_some() {
                self.count(&request, begun, size, outcome.as_ref().ok());
            }
            let failed = |reason: String| HttpError::new(&request.method, &request.uri, reason);
            let Ok(outcome) = outcome else {
                let during = "Client.Timeout exceeded while awaiting headers";
                return Err(HttpError::timeout(&request.method, &request.uri, during));
            };
            let response = outcome.map_err(failed)?;
            if let Some(jar) = &self.jar {
                jar.keep(&request.uri, &response.headers);
            }
            if !self.follows {
                return Ok(response);
            }
            match redirects.next(&request, response.status, &response.headers).map_err(failed)? {
                Some(next) => request = next,
                None => return Ok(response),
            }
        }
    }

    /// Counts a request with a body of `size` bytes before it was compressed; without an `outcome` it took too long.
    #[cold]
    #[inline(never)]
    fn count(
        &self,
        request: &HttpRequest,
        begun: Instant,
        size: usize,
        outcome: Option<&Result<HttpResponse, String>>,
    ) {
        let Some(calls) = &self.calls else { return };
        let (outcome, unsent) = match outcome {
            None => (Err(calls::LATE), false),
            Some(Ok(response)) => (Ok((response.status, response.lease.connection.version())), false),
            // Compressing reads the body whatever comes of the request.
            Some(Err(error)) => (Err(error.as_str()), calls::is_unsent(error) && !self.compression.is_on()),
        };
        let size = if unsent || request.body.is_empty() { 0 } else { size };
        calls::asked(calls, (&request.method, &request.uri), begun, size, outcome);
    }

    /// One request and its response. `home`: the host is the one that the configured headers are meant for.
    async fn round_trip(
        &self,
        request: &HttpRequest,
        home: bool,
        deadline: Option<Instant>,
    ) -> Result<HttpResponse, String> {
        let https = match request.uri.scheme_str() {
            Some("https") => true,
            Some("http") => false,
            other => return Err(format!("unsupported protocol scheme {:?}", other.unwrap_or_default())),
        };
        if request.uri.host().is_none_or(str::is_empty) {
            return Err("http: no Host in request URL".to_owned());
        }
        let proxy = self.proxies.proxy(https, location::host(&request.uri), location::port(&request.uri))?;
        let key = key(&request.uri, proxy.as_ref());
        let place = self.pool.place(&key).await;
        let (mut headers, inflate) = self.headers(request, home);
        let proof = self.proof.as_ref().filter(|_| home);
        if let Some(proof) = proof {
            proof.apply(&mut headers, &request.client).await?;
        }
        loop {
            let (mut connection, reused) = match self.pool.take(&key) {
                Some(connection) => match connection.awake().await {
                    Some(connection) => (connection, true),
                    None => continue,
                },
                None => (self.connect(&request.uri, https, proxy.as_ref()).await?, false),
            };
            if let (false, Some(shared)) = (reused, connection.share()) {
                self.pool.put(&key, shared);
            }
            let through = proxy.as_ref().filter(|_| !https);
            let message = message(request, headers.clone(), &connection, through, self.pool.keeps());
            match connection.send(message, request.body.clone()).await {
                Ok(Answer { status, headers, body }) => {
                    if let (StatusCode::UNAUTHORIZED, Some(proof)) = (status, proof) {
                        proof.refused();
                    }
                    return Ok(HttpResponse {
                        status,
                        headers,
                        body,
                        lease: Lease { pool: Arc::clone(&self.pool), key, connection, _place: place },
                        request: (request.method.clone(), request.uri.clone()),
                        deadline,
                        inflate,
                    });
                }
                // The server closed it while it was idle.
                Err(error) if reused && error.unsent => {}
                Err(error) => return Err(error.reason),
            }
        }
    }

    /// The request's headers with those of the client, and whether a gzip response is the client's to undo.
    fn headers(&self, request: &HttpRequest, home: bool) -> (HeaderMap, bool) {
        let mut headers = request.headers.clone();
        headers.entry(USER_AGENT).or_insert_with(|| self.user_agent.clone());
        if home {
            for (name, value) in &self.headers {
                headers.insert(name, value.clone());
            }
        }
        if let Some(basic) = proxy::basic_authorization(&request.uri) {
            headers.entry(AUTHORIZATION).or_insert(basic);
        }
        if let Some(cookies) = self.jar.as_ref().and_then(|jar| jar.header(&request.uri)) {
            headers.entry(COOKIE).or_insert(cookies);
        }
        let inflate = !headers.contains_key(ACCEPT_ENCODING);
        headers.entry(ACCEPT_ENCODING).or_insert(HeaderValue::from_static("gzip"));
        (headers, inflate)
    }

    async fn connect(&self, uri: &Uri, https: bool, proxy: Option<&Proxy>) -> Result<Connection, String> {
        let (host, port) = (location::host(uri), location::port(uri));
        let proxy_tls = if proxy.is_some_and(Proxy::is_https) { Some(self.proxy_tls()?) } else { None };
        let stream = match proxy {
            None => dial::tcp(host, port).await.map(Stream::Tcp),
            Some(proxy) if https => proxy.tunnel(host, port, proxy_tls).await,
            Some(proxy) => proxy.connect(proxy_tls).await,
        };
        let mut stream = stream.map_err(|error| error.to_string())?;
        if https {
            let tls = self.tls()?;
            let name = tls.server_name().unwrap_or(host);
            stream = handshake::connect(stream, name, tls).await.map_err(|error| error.to_string())?;
        }
        Connection::open(stream, self.http2, self.rests).await
    }

    fn tls(&self) -> Result<&Connector, String> {
        let protocols: &[&str] = if self.http2.attempt { &["h2", "http/1.1"] } else { &["http/1.1"] };
        self.connector(&self.tls, protocols)
    }

    fn proxy_tls(&self) -> Result<&Connector, String> {
        self.connector(&self.proxy_tls, &["http/1.1"])
    }

    fn connector<'a>(
        &self,
        at: &'a OnceLock<Connector>,
        protocols: &[&str],
    ) -> Result<&'a Connector, String> {
        if let Some(connector) = at.get() {
            return Ok(connector);
        }
        let made = self.tls_settings.connector_over_tls(protocols).map_err(|error| error.to_string())?;
        // Another request may have been quicker.
        Ok(at.get_or_init(|| made))
    }
}

fn key(uri: &Uri, proxy: Option<&Proxy>) -> Key {
    let scheme = uri.scheme_str().unwrap_or_default();
    match proxy {
        // Plain requests to any host go through one and the same connection to the proxy.
        Some(proxy) if scheme == "http" => format!("{proxy:?}").into(),
        Some(proxy) => format!("{proxy:?} {scheme}://{}:{}", location::host(uri), location::port(uri)).into(),
        None => format!("{scheme}://{}:{}", location::host(uri), location::port(uri)).into(),
    }
}

/// The head of the request as `connection` wants it; `through`: the proxy that is to forward it.
fn message(
    request: &HttpRequest,
    mut headers: HeaderMap,
    connection: &Connection,
    through: Option<&Proxy>,
    keep: bool,
) -> Request<()> {
    let uri = &request.uri;
    let mut message = Request::new(());
    message.method_mut().clone_from(&request.method);
    // The user in a URL is for `Authorization` only.
    let host = uri.authority().map_or("", |a| a.as_str().rsplit('@').next().unwrap_or_default());
    let shown = headers.remove(HOST);
    let host = shown.as_ref().and_then(|host| host.to_str().ok()).filter(|h| !h.is_empty()).unwrap_or(host);
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    let absolute = format!("{}://{host}{path}", uri.scheme_str().unwrap_or("http"));
    match connection {
        Connection::Http2(_) => {
            *message.version_mut() = Version::HTTP_2;
            *message.uri_mut() = absolute.parse().unwrap_or_else(|_| uri.clone());
            if !request.body.is_empty() || request.method == Method::POST {
                headers.insert(CONTENT_LENGTH, HeaderValue::from(request.body.len()));
            }
        }
        Connection::Http1(_) | Connection::Alone(_) | Connection::Resting(_) => {
            let target = if through.is_some() { absolute } else { path.to_owned() };
            *message.uri_mut() = target.parse().unwrap_or_else(|_| uri.clone());
            if let Ok(host) = HeaderValue::from_str(host) {
                headers.insert(HOST, host);
            }
            if !keep {
                headers.insert(CONNECTION, HeaderValue::from_static("close"));
            }
            if let Some(authorization) = through.and_then(Proxy::authorization) {
                headers.insert(PROXY_AUTHORIZATION, authorization.clone());
            }
        }
    }
    *message.headers_mut() = headers;
    message
}

#[cfg(test)]
pub(crate) mod tests;
