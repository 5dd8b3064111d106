//! An HTTP server with the Go collector's settings (`confighttp.ServerConfig`).

mod body;
mod config;
mod cors;

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use http::{
    HeaderMap, HeaderName, HeaderValue, Request, Response, StatusCode,
    header::{CONTENT_ENCODING, CONTENT_TYPE, HOST, X_CONTENT_TYPE_OPTIONS},
    request::Parts,
};
use slimcol_service::{
    BoxError, BoxFuture, Client, Context, Held, Log, Memory, Stop, Tracing,
    meter::requests::{HTTP_SERVER, Requests},
};
use tokio::time::Instant;

pub use self::{
    body::BodyError,
    config::{HttpServerConfig, Keepalive},
    cors::CorsConfig,
};
use self::{
    body::Limits,
    cors::{Cors, Verdict},
};
use slimcol_compression::Compression;

use crate::{
    admission::MAX_CONNECTIONS,
    calls,
    connections::{self, Http2, Manner},
    exchange::{self, Answer, Counted, Inbound, Outbound, Peer},
    listen::Listener,
    reference::{self, Denied, Guard},
    tls::Acceptor,
    traced::Traced,
};

/// What a server answers.
pub type HttpResponse = Response<Bytes>;

/// Answers a server's requests.
pub trait HttpHandler: Send + Sync + 'static {
    /// The answer to `request`.
    fn handle(&self, request: HttpRequest) -> impl Future<Output = HttpResponse> + Send;

    /// The answer to a request that does not reach [`Self::handle`], because its sender is not let in (401) or it is
    /// compressed in a way that is not accepted (400). `headers` are the request's.
    fn refuse(&self, status: StatusCode, headers: &HeaderMap, message: &str) -> HttpResponse {
        let _ = headers;
        plain(status, message)
    }

    /// Which of the things that are served `path` names: own metrics show it, so there must be few.
    fn route<'a>(&'a self, path: &'a str) -> Option<&'a str> {
        let _ = path;
        None
    }
}

/// Any [`HttpHandler`], so that what is around handlers is compiled once.
trait Handler: Send + Sync {
    fn handle(&self, request: HttpRequest) -> BoxFuture<'_, HttpResponse>;
    fn refuse(&self, status: StatusCode, headers: &HeaderMap, message: &str) -> HttpResponse;
    fn route<'a>(&'a self, path: &'a str) -> Option<&'a str>;
}

impl<H: HttpHandler> Handler for H {
    fn handle(&self, request: HttpRequest) -> BoxFuture<'_, HttpResponse> {
        Box::pin(HttpHandler::handle(self, request))
    }

    fn refuse(&self, status: StatusCode, headers: &HeaderMap, message: &str) -> HttpResponse {
        HttpHandler::refuse(self, status, headers, message)
    }

    fn route<'a>(&'a self, path: &'a str) -> Option<&'a str> {
        HttpHandler::route(self, path)
    }
}

/// A request whose body has not been read yet.
#[derive(Debug)]
pub struct HttpRequest {
    head: Parts,
    body: Inbound,
    compression: Compression,
    include_metadata: bool,
    /// What the authenticator learned of who sent it.
    attributes: Vec<(String, String)>,
    limits: Limits,
    memory: Arc<Memory>,
    peer: Arc<Peer>,
    answering: Option<Counted>,
}

/// A server that listens.
#[derive(Debug)]
pub struct HttpServer {
    listener: Listener,
    tls: Option<Acceptor>,
    manner: Manner,
    rules: Rules,
    tracing: Arc<Tracing>,
    calls: Option<Arc<Requests>>,
    log: Log,
}

/// What is done with every request, whoever handles it.
#[derive(Debug)]
struct Rules {
    limits: Limits,
    memory: Arc<Memory>,
    compressions: Vec<String>,
    include_metadata: bool,
    headers: Vec<(HeaderName, HeaderValue)>,
    cors: Option<Cors>,
    guard: Option<Guard>,
    auth_params: Vec<String>,
    write_timeout: Duration,
}

impl HttpServer {
    /// Listens as `config` says. Warns of deprecated settings.
    ///
    /// # Errors
    /// The address cannot be listened on, certificates cannot be loaded, or an authenticator does not exist: the Go
    /// collector's texts.
    pub fn bind<'a>(config: &'a HttpServerConfig, cx: &'a Context) -> BoxFuture<'a, Result<Self, BoxError>> {
        Box::pin(async move {
            let log = cx.log();
            for warning in &config.keepalive.deprecations {
                log.warn(warning, &[]);
            }
            if config.cors.as_ref().is_some_and(CorsConfig::is_pointless) {
                log.warn(
                "The CORS configuration specifies allowed headers but no allowed origins, and is therefore ignored.",
                &[],
            );
            }
            let guard = Guard::find(config.auth.as_ref(), &config.middlewares, cx)?;
            let mut headers = Vec::new();
            for (name, value) in &config.response_headers.0 {
                let header =
                    HeaderName::try_from(name.as_str()).ok().zip(HeaderValue::try_from(value.reveal()).ok());
                headers.push(header.ok_or_else(|| format!("invalid response header {name:?}"))?);
            }
            let rules = Rules {
                limits: Limits { size: config.body_limit(), time: config.read_timeout.std() },
                memory: cx.memory().clone(),
                compressions: config.compression_algorithms.clone(),
                include_metadata: config.include_metadata,
                headers,
                cors: config.cors.as_ref().and_then(Cors::new),
                guard,
                auth_params: config.auth_params.clone(),
                write_timeout: config.write_timeout.std(),
            };
            let listener = Listener::open(config.transport, &config.endpoint).await?;
            let tls = config.tls.as_ref().map(|tls| tls.acceptor(&["h2", "http/1.1"])).transpose()?;
            let manner = Manner {
                http1: true,
                max_connections: MAX_CONNECTIONS,
                http2: Http2::default(),
                header_timeout: config.read_header_timeout.std(),
                idle_timeout: config.keepalive.idle_timeout.std(),
                write_timeout: config.write_timeout.std(),
                keep_alive: config.keepalive.enabled,
                max_age: Duration::ZERO,
                max_age_grace: Duration::ZERO,
            };
            let (tracing, log) = (cx.tracing().clone(), log.clone());
            let calls = Requests::new(&HTTP_SERVER, cx);
            Ok(Self { listener, tls, manner, rules, tracing, calls, log })
        })
    }

    /// The address that is listened on, with the port that was taken, as Go prints it (`127.0.0.1:4318`).
    pub fn endpoint(&self) -> &str {
        self.listener.local()
    }

    /// The same without spans of its own, whoever watches those of others.
    #[must_use]
    pub fn untraced(mut self) -> Self {
        self.tracing = Arc::default();
        self
    }

    /// The same with no requests in the own metrics.
    #[must_use]
    pub fn uncounted(mut self) -> Self {
        self.calls = None;
        self
    }

    /// Serves until told to stop, then until what was begun is answered.
    pub fn serve(self, handler: impl HttpHandler, stop: Stop) -> BoxFuture<'static, ()> {
        let answer = Arc::new(Site { handler: Arc::new(handler), rules: Arc::new(self.rules) });
        let answer = Arc::new(Traced { answer, tracing: self.tracing });
        let answer = calls::measured(answer, self.calls, self.tls.is_some());
        connections::serve(self.listener, self.tls, self.manner, answer, self.log, stop)
    }
}

/// A handler and the rules around it.
struct Site {
    handler: Arc<dyn Handler>,
    rules: Arc<Rules>,
}

impl Answer for Site {
    fn answer(
        &self,
        request: Request<Inbound>,
        peer: Arc<Peer>,
    ) -> BoxFuture<'static, Option<Response<Outbound>>> {
        let (handler, rules) = (self.handler.clone(), self.rules.clone());
        Box::pin(async move {
            let began = (!rules.write_timeout.is_zero()).then(Instant::now);
            let mut response = rules.apply(&*handler, request, peer).await;
            for (name, value) in &rules.headers {
                response.headers_mut().entry(name).or_insert_with(|| value.clone());
            }
            // Go writes into a connection whose time is up, which fails.
            let late = began.is_some_and(|began| began.elapsed() > rules.write_timeout);
            (!late).then(|| response.map(Outbound::from))
        })
    }
}

impl Rules {
    async fn apply(&self, handler: &dyn Handler, request: Request<Inbound>, peer: Arc<Peer>) -> HttpResponse {
        let (head, body) = request.into_parts();
        let verdict = self.cors.as_ref().map(|cors| cors.judge(&head));
        if let Some(Verdict::Preflight(headers)) = verdict {
            let mut response = HttpResponse::default();
            *response.status_mut() = StatusCode::NO_CONTENT;
            *response.headers_mut() = headers;
            return response;
        }
        let mut response = match self.admit(&head).await {
            Err((status, message)) => handler.refuse(status, &head.headers, &message),
            Ok((compression, attributes)) => {
                if let Some(tally) = body.tally()
                    && let Some(route) = handler.route(head.uri.path())
                {
                    tally.found(route);
                }
                let request = HttpRequest {
                    head,
                    body,
                    compression,
                    include_metadata: self.include_metadata,
                    attributes,
                    limits: self.limits,
                    memory: self.memory.clone(),
                    peer,
                    answering: None,
                };
                handler.handle(request).await
            }
        };
        if let Some(Verdict::Actual(headers)) = verdict {
            response.headers_mut().extend(headers);
        }
        response
    }

    /// How the request is compressed, and what the authenticator learned of who sent it.
    async fn admit(
        &self,
        head: &Parts,
    ) -> Result<(Compression, Vec<(String, String)>), (StatusCode, String)> {
        let mut attributes = Vec::new();
        if let Some(guard) = &self.guard {
            attributes =
                guard.admit(head, &self.auth_params).await.map_err(|Denied { message, later }| {
                    let status =
                        if later { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::UNAUTHORIZED };
                    (status, message)
                })?;
        }
        let compression =
            self.compression(&head.headers).map_err(|message| (StatusCode::BAD_REQUEST, message))?;
        Ok((compression, attributes))
    }

    fn compression(&self, headers: &HeaderMap) -> Result<Compression, String> {
        let name = headers.get(CONTENT_ENCODING).map(|value| String::from_utf8_lossy(value.as_bytes()));
        let name = name.as_deref().unwrap_or_default();
        let listed = self.compressions.iter().any(|listed| listed == name);
        match Compression::from_name(name) {
            Some(compression) if listed && name != "none" => Ok(compression),
            _ => Err(format!("unsupported Content-Encoding: {name}")),
        }
    }
}

impl HttpRequest {
    /// The request's method.
    pub fn method(&self) -> &http::Method {
        &self.head.method
    }

    /// The path that is asked for, without the query.
    pub fn path(&self) -> &str {
        self.head.uri.path()
    }

    /// The first value of `name` in the query, decoded; empty if it has none.
    pub fn query(&self, name: &str) -> Option<String> {
        reference::query(self.head.uri.query().unwrap_or_default(), name).next()
    }

    /// The request's headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.head.headers
    }

    /// Who sent it. Made when it is asked for, which should be after the body has come: headers are small as HTTP/2 packs
    /// them, and what has been unpacked for requests that never end would fill the memory.
    pub fn client(&self) -> Client {
        let auth = self.attributes.clone();
        if !self.include_metadata {
            return self.peer.known_by(auth);
        }
        let mut metadata = exchange::metadata(&self.head.headers);
        if !self.head.headers.contains_key(HOST)
            && let Some(authority) = self.head.uri.authority()
        {
            metadata.push(("host".to_owned(), vec![authority.to_string()]));
        }
        self.peer.with(metadata, auth)
    }

    /// The body, decompressed. From then until the request is dropped, a server that stops waits for the answer.
    ///
    /// # Errors
    /// [`BodyError`], whose text is for the sender.
    pub fn body(&mut self) -> BoxFuture<'_, Result<Bytes, BodyError>> {
        Box::pin(async move {
            let held = Held::new(&self.memory);
            let body = self.limits.read(&mut self.body, &self.head.headers, self.compression, held).await?;
            self.answering = Some(self.peer.answering());
            Ok(body)
        })
    }
}

/// A plain-text answer, as Go's `http.Error` writes it.
pub fn plain(status: StatusCode, message: &str) -> HttpResponse {
    let mut response = HttpResponse::new(Bytes::from(format!("{message}\n")));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}
