//! A gRPC server with the Go collector's settings (`configgrpc.ServerConfig`), for methods that take one message, of bytes.

mod config;
mod message;
mod reply;
mod status;
mod timeout;

use std::sync::Arc;

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode, header::CONTENT_TYPE, request::Parts};
use slimcol_service::{
    BoxError, BoxFuture, Client, Code, Context, Held, Log, Memory, Stop, Tracing,
    meter::requests::{GRPC_SERVER, Requests},
};

pub use self::{
    config::GrpcServerConfig,
    reply::{Gone, Messages, Reply},
};
use crate::{
    calls,
    connections::{self, Manner},
    exchange::{self, Answer, Inbound, Outbound, Peer},
    grpc::client::GrpcStatus,
    listen::Listener,
    reference::{Denied, Guard},
    tls::Acceptor,
    traced::Traced,
};

/// The methods of a server.
pub trait GrpcService: Send + Sync + 'static {
    /// What names one of the methods.
    type Method: Send;
    /// What methods answer with: one message (`Bytes`), or a [`Reply`], which can be a stream of them.
    type Reply: Into<Reply> + Send;

    /// The method that a request asks for: `service` is `package.Service`.
    ///
    /// # Errors
    /// [`Unknown`], before any of the message is read.
    fn find(&self, service: &str, method: &str) -> Result<Self::Method, Unknown>;

    /// The encoded answer to an encoded, decompressed message.
    fn call(
        &self,
        method: Self::Method,
        message: Bytes,
        client: Client,
    ) -> impl Future<Output = Result<Self::Reply, GrpcStatus>> + Send;
}

/// What a request asks for and does not exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unknown {
    /// There is no such service.
    Service,
    /// The service has no such method.
    Method,
}

/// A server that listens.
#[derive(Debug)]
pub struct GrpcServer {
    listener: Listener,
    tls: Option<Acceptor>,
    manner: Manner,
    rules: Rules,
    guard: Option<Guard>,
    memory: Arc<Memory>,
    tracing: Arc<Tracing>,
    calls: Option<Arc<Requests>>,
    log: Log,
}

/// What holds for every request.
#[derive(Clone, Copy, Debug)]
struct Rules {
    /// Bytes, both as sent and decompressed.
    max_message: usize,
    include_metadata: bool,
}

impl GrpcServer {
    /// Listens as `config` says.
    ///
    /// # Errors
    /// The address cannot be listened on, certificates cannot be loaded, or an authenticator does not exist: the Go
    /// collector's texts.
    pub fn bind<'a>(config: &'a GrpcServerConfig, cx: &'a Context) -> BoxFuture<'a, Result<Self, BoxError>> {
        Box::pin(async move {
            // Go makes the server, which loads certificates, before it listens.
            let tls = config.tls.as_ref().map(|tls| tls.acceptor(&["h2"])).transpose()?;
            let guard = Guard::find(config.auth.as_ref(), &config.middlewares, cx)?;
            let listener = Listener::open(config.transport, &config.endpoint).await?;
            let rules =
                Rules { max_message: config.max_message(), include_metadata: config.include_metadata };
            let (memory, tracing, log) = (cx.memory().clone(), cx.tracing().clone(), cx.log().clone());
            let calls = Requests::new(&GRPC_SERVER, cx);
            Ok(Self { listener, tls, manner: config.manner(), rules, guard, memory, tracing, calls, log })
        })
    }

    /// The address that is listened on, with the port that was taken, as Go prints it (`127.0.0.1:4317`).
    pub fn endpoint(&self) -> &str {
        self.listener.local()
    }

    /// Serves until told to stop, then until what was begun is answered.
    pub fn serve(self, service: impl GrpcService, stop: Stop) -> BoxFuture<'static, ()> {
        let service = Arc::new(Shared { service, guard: self.guard, memory: self.memory });
        let answer = Arc::new(Site { service, rules: self.rules });
        let answer = Arc::new(Traced { answer, tracing: self.tracing });
        let answer = calls::measured(answer, self.calls, self.tls.is_some());
        connections::serve(self.listener, self.tls, self.manner, answer, self.log, stop)
    }
}

/// A service and the rules around it.
struct Site<S> {
    service: Arc<Shared<S>>,
    rules: Rules,
}

/// What requests share.
struct Shared<S> {
    service: S,
    guard: Option<Guard>,
    memory: Arc<Memory>,
}

impl<S: GrpcService> Answer for Site<S> {
    fn answer(
        &self,
        request: Request<Inbound>,
        peer: Arc<Peer>,
    ) -> BoxFuture<'static, Option<Response<Outbound>>> {
        let (shared, rules) = (self.service.clone(), self.rules);
        Box::pin(async move {
            let (head, body) = request.into_parts();
            Some(match foreign(&head) {
                Some(refusal) => refusal,
                None => match rules.run(&shared, head, body, peer).await {
                    Ok(reply) => reply.into().0,
                    Err(status) => failure(StatusCode::OK, &status),
                },
            })
        })
    }
}

impl Rules {
    async fn run<S: GrpcService>(
        self,
        shared: &Shared<S>,
        head: Parts,
        mut body: Inbound,
        peer: Arc<Peer>,
    ) -> Result<S::Reply, GrpcStatus> {
        let Shared { service, guard, memory } = shared;
        let method = find(service, head.uri.path())?;
        let time = timeout::of(&head.headers)?;
        if let Some(tally) = body.tally() {
            tally.found(head.uri.path().trim_start_matches('/'));
        }
        let encoding = message::Encoding::of(&head.headers)?;
        let work = async {
            let mut auth = Vec::new();
            if let Some(guard) = guard {
                auth = guard.admit(&head, &[]).await.map_err(|Denied { message, later }| {
                    let code = if later { Code::Unavailable } else { Code::Unauthenticated };
                    GrpcStatus::new(code, message)
                })?;
            }
            let message = message::read(&mut body, encoding, self.max_message, Held::new(memory)).await?;
            // Not before: headers are small as HTTP/2 packs them, and what has been unpacked for requests that never end
            // would fill the memory.
            let client = self.client(&head, &peer, auth);
            let _answering = peer.answering();
            service.call(method, message, client).await
        };
        match time {
            None => work.await,
            Some(time) => tokio::time::timeout(time, work)
                .await
                .unwrap_or_else(|_| Err(GrpcStatus::deadline_exceeded())),
        }
    }

    fn client(self, head: &Parts, peer: &Peer, auth: Vec<(String, String)>) -> Client {
        if !self.include_metadata {
            return peer.known_by(auth);
        }
        let mut metadata = exchange::metadata(&head.headers);
        if let Some(authority) = head.uri.authority() {
            let authority = vec![authority.to_string()];
            if !head.headers.contains_key("host") {
                metadata.push(("host".to_owned(), authority.clone()));
            }
            metadata.push((":authority".to_owned(), authority));
        }
        peer.with(metadata, auth)
    }
}

/// The answer of Go's gRPC to what is not gRPC at all.
fn foreign(head: &Parts) -> Option<Response<Outbound>> {
    let content_type = head.headers.get(CONTENT_TYPE).map_or(&b""[..], |value| value.as_bytes());
    let rest = content_type.strip_prefix(b"application/grpc");
    if !rest.is_some_and(|rest| matches!(rest.first(), None | Some(b'+' | b';'))) {
        let shown = String::from_utf8_lossy(content_type);
        let status =
            GrpcStatus::new(Code::InvalidArgument, format!("invalid gRPC request content-type {shown:?}"));
        return Some(failure(StatusCode::UNSUPPORTED_MEDIA_TYPE, &status));
    }
    if head.method != Method::POST {
        let message =
            format!("Received a HEADERS frame with :method {:?} which should be POST", head.method.as_str());
        return Some(failure(StatusCode::METHOD_NOT_ALLOWED, &GrpcStatus::new(Code::Internal, message)));
    }
    None
}

fn find<S: GrpcService>(service: &S, path: &str) -> Result<S::Method, GrpcStatus> {
    let unimplemented = |message| GrpcStatus::new(Code::Unimplemented, message);
    let (name, method) = path
        .strip_prefix('/')
        .and_then(|path| path.rsplit_once('/'))
        .ok_or_else(|| unimplemented(format!("malformed method name: {path:?}")))?;
    service.find(name, method).map_err(|unknown| {
        unimplemented(match unknown {
            Unknown::Service => format!("unknown service {name}"),
            Unknown::Method => format!("unknown method {method} for service {name}"),
        })
    })
}

fn failure(http: StatusCode, status: &GrpcStatus) -> Response<Outbound> {
    let mut response = reply::head(Outbound::default());
    *response.status_mut() = http;
    status.write_headers(response.headers_mut());
    response
}
