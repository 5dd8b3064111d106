use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use slimcol_service::{Log, Span, Stop, Watch};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use super::*;
use crate::{
    connections::{self, Http2, Manner},
    listen::{Listener, Transport},
};

#[derive(Default)]
struct All(Mutex<Vec<Span>>);

impl Watch for All {
    fn ended(&self, span: &Span) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(span.clone());
    }
}

/// Answers what a path asks for: `/503`, or `/grpc/14`.
struct AsAsked;

impl Answer for AsAsked {
    fn answer(
        &self,
        request: Request<Inbound>,
        _: Arc<Peer>,
    ) -> BoxFuture<'static, Option<Response<Outbound>>> {
        let path = request.uri().path().to_owned();
        Box::pin(async move {
            let mut response = Response::new(Outbound::from(Bytes::new()));
            if let Some(code) = path.strip_prefix("/grpc/") {
                response.headers_mut().insert("grpc-status", code.parse().unwrap());
            } else {
                *response.status_mut() = path.trim_start_matches('/').parse().unwrap();
            }
            Some(response)
        })
    }
}

#[tokio::test]
async fn requests_are_spans_of_their_senders_where_anybody_watches() {
    let tracing = Arc::<Tracing>::default();
    let all = Arc::<All>::default();
    let listener = Listener::open(Transport::Tcp, "127.0.0.1:0").await.unwrap();
    let addr = listener.local().to_owned();
    let manner = Manner {
        http1: true,
        max_connections: 9,
        http2: Http2::default(),
        header_timeout: Duration::ZERO,
        idle_timeout: Duration::ZERO,
        write_timeout: Duration::ZERO,
        keep_alive: true,
        max_age: Duration::ZERO,
        max_age_grace: Duration::ZERO,
    };
    let (_handle, stop) = Stop::new();
    let answer = Arc::new(Traced { answer: Arc::new(AsAsked), tracing: tracing.clone() });
    tokio::spawn(connections::serve(listener, None, manner, answer, Log::none(), stop));
    let mut stream = TcpStream::connect(&addr).await.unwrap();
    let mut ask = async |head: &str| {
        stream
            .write_all(format!("POST {head}host: x\r\ncontent-length: 0\r\n\r\n").as_bytes())
            .await
            .unwrap();
        let mut answer = vec![0; 4096];
        let read = stream.read(&mut answer).await.unwrap();
        assert!(read > 0, "no answer to {head}");
    };
    ask("/200 HTTP/1.1\r\n").await;
    tracing.add(all.clone());
    for head in ["/200 HTTP/1.1\r\n", "/400?q HTTP/1.1\r\n", "/503 HTTP/1.1\r\n"] {
        ask(head).await;
    }
    for code in [0, 3, 14] {
        ask(&format!("/grpc/{code} HTTP/1.1\r\ncontent-type: application/grpc+proto\r\n")).await;
    }
    let spans = all.0.lock().unwrap();
    let seen: Vec<_> =
        spans.iter().map(|span| (span.scope, span.name.as_str(), span.error.as_deref())).collect();
    let expected = [
        (HTTP_SCOPE, "POST /200", None),
        (HTTP_SCOPE, "POST /400", None),
        (HTTP_SCOPE, "POST /503", Some("503 Service Unavailable")),
        (GRPC_SCOPE, "grpc/0", None),
        (GRPC_SCOPE, "grpc/3", None),
        (GRPC_SCOPE, "grpc/14", Some("code = 14")),
    ];
    assert_eq!(seen, expected);
    assert!(spans.iter().all(|span| span.server && span.parent.is_none()));
}
