use bytes::Bytes;
use http::{Request, Response};
use slimcol_service::BoxFuture;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use super::*;
use crate::{
    exchange::{Inbound, Outbound},
    listen::Transport,
};

const PATIENCE: Duration = Duration::from_secs(20);

/// Answers everything with an empty body.
struct Nothing;

impl Answer for Nothing {
    fn answer(&self, _: Request<Inbound>, _: Arc<Peer>) -> BoxFuture<'static, Option<Response<Outbound>>> {
        Box::pin(async { Some(Response::new(Bytes::new().into())) })
    }
}

/// Asks and waits for the answer's first line.
async fn ask(stream: &mut TcpStream) -> String {
    stream.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    let mut answer = vec![0; 4096];
    let read = stream.read(&mut answer).await.unwrap();
    String::from_utf8_lossy(&answer[..read]).lines().next().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn connections_beyond_the_limit_wait_for_a_place() {
    let listener = Listener::open(Transport::Tcp, "127.0.0.1:0").await.unwrap();
    let addr = listener.local().to_owned();
    let manner = Manner {
        http1: true,
        max_connections: 2,
        http2: Http2::default(),
        header_timeout: Duration::ZERO,
        idle_timeout: Duration::ZERO,
        keep_alive: true,
        max_age: Duration::ZERO,
        max_age_grace: Duration::ZERO,
    };
    let (_handle, stop) = Stop::new();
    tokio::spawn(serve(listener, None, manner, Arc::new(Nothing), Log::none(), stop));

    let mut first = TcpStream::connect(&addr).await.unwrap();
    let mut second = TcpStream::connect(&addr).await.unwrap();
    for stream in [&mut first, &mut second] {
        assert_eq!(ask(stream).await, "HTTP/1.1 200 OK");
    }
    let mut third = TcpStream::connect(&addr).await.unwrap();
    let mut waiting = std::pin::pin!(ask(&mut third));
    assert!(timeout(Duration::from_millis(200), &mut waiting).await.is_err(), "a third is served");
    assert_eq!(ask(&mut second).await, "HTTP/1.1 200 OK");
    drop(first);
    assert_eq!(timeout(PATIENCE, waiting).await.unwrap(), "HTTP/1.1 200 OK");
}
