use std::io::Write;

use bytes::Bytes;
use http::{Request, Response};
use slimcol_service::BoxFuture;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use super::*;
use crate::{
    exchange::{Inbound, Outbound},
    listen::Transport,
};

const PATIENCE: Duration = Duration::from_secs(20);
const WRITE_TIMEOUT: Duration = Duration::from_secs(1);

/// Answers everything with an empty body.
struct Nothing;

impl Answer for Nothing {
    fn answer(&self, _: Request<Inbound>, _: Arc<Peer>) -> BoxFuture<'static, Option<Response<Outbound>>> {
        Box::pin(async { Some(Response::new(Bytes::new().into())) })
    }
}

/// Serves HTTP to so many connections at a time until the test ends; where.
async fn serve_http(answer: Arc<dyn Answer>, max_connections: usize) -> String {
    let listener = Listener::open(Transport::Tcp, "127.0.0.1:0").await.unwrap();
    let addr = listener.local().to_owned();
    let manner = Manner {
        http1: true,
        max_connections,
        http2: Http2::default(),
        header_timeout: Duration::ZERO,
        idle_timeout: Duration::ZERO,
        write_timeout: WRITE_TIMEOUT,
        keep_alive: true,
        max_age: Duration::ZERO,
        max_age_grace: Duration::ZERO,
    };
    let (handle, stop) = Stop::new();
    tokio::spawn(async move {
        let _handle = handle;
        serve(listener, None, manner, answer, Log::none(), stop).await;
    });
    addr
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
    let addr = serve_http(Arc::new(Nothing), 2).await;
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

/// Answers so long after the whole request.
struct After(Duration);

impl Answer for After {
    fn answer(
        &self,
        request: Request<Inbound>,
        _: Arc<Peer>,
    ) -> BoxFuture<'static, Option<Response<Outbound>>> {
        let time = self.0;
        Box::pin(async move {
            let mut body = request.into_body();
            while body.next().await.ok()?.is_some() {}
            after(time).await;
            Some(Response::new(Bytes::new().into()))
        })
    }
}

#[tokio::test]
async fn who_sends_no_more_still_gets_the_answer() {
    for time in [1, 100] {
        asks_and_closes(&serve_http(Arc::new(After(Duration::from_millis(time))), 2).await).await;
    }
    let addr = serve_http(Arc::new(Nothing), 2).await;
    asks_and_closes(&addr).await;
}

async fn asks_and_closes(addr: &str) {
    // Everything has come, the end as well, before the server looks at it.
    let mut stream = std::net::TcpStream::connect(addr).unwrap();
    stream.write_all(b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 4\r\n\r\nbody").unwrap();
    stream.shutdown(std::net::Shutdown::Write).unwrap();
    stream.set_nonblocking(true).unwrap();
    let mut stream = TcpStream::from_std(stream).unwrap();
    let mut answer = String::new();
    timeout(PATIENCE, stream.read_to_string(&mut answer)).await.unwrap().unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer:?}");
}

/// Never answers, and holds what it has while somebody waits for it.
struct Never(Arc<()>);

impl Answer for Never {
    fn answer(&self, _: Request<Inbound>, _: Arc<Peer>) -> BoxFuture<'static, Option<Response<Outbound>>> {
        let held = self.0.clone();
        Box::pin(async move {
            std::future::pending::<()>().await;
            drop(held);
            None
        })
    }
}

#[tokio::test]
async fn who_has_gone_is_not_worked_for_for_ever() {
    let held = Arc::new(());
    let addr = serve_http(Arc::new(Never(held.clone())), 2).await;
    let mut stream = TcpStream::connect(&addr).await.unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    // The server's, the test's, the answer's.
    while Arc::strong_count(&held) < 3 {
        tokio::task::yield_now().await;
    }
    drop(stream);
    let gone = async {
        while Arc::strong_count(&held) == 3 {
            sleep(Duration::from_millis(10)).await;
        }
    };
    timeout(PATIENCE, gone).await.unwrap();
}

/// Answers with more than any socket holds.
struct Large(Arc<[u8]>);

impl Answer for Large {
    fn answer(&self, _: Request<Inbound>, _: Arc<Peer>) -> BoxFuture<'static, Option<Response<Outbound>>> {
        let body = Bytes::from_owner(self.0.clone());
        Box::pin(async { Some(Response::new(body.into())) })
    }
}

#[tokio::test]
async fn who_does_not_take_the_answer_is_not_waited_for_for_ever() {
    let held: Arc<[u8]> = vec![0; 16 << 20].into();
    let addr = serve_http(Arc::new(Large(held.clone())), 2).await;
    let mut stream = TcpStream::connect(&addr).await.unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    // A byte now and then is not enough.
    let mut taken = 0;
    let cut = async {
        // The server's, the test's, the answer's.
        while Arc::strong_count(&held) < 3 {
            tokio::task::yield_now().await;
        }
        while Arc::strong_count(&held) == 3 {
            taken += stream.read(&mut [0; 1]).await.unwrap_or_default();
            sleep(Duration::from_millis(10)).await;
        }
    };
    timeout(PATIENCE, cut).await.unwrap();
    assert!(taken < 1000, "{taken}");
    // Who takes it gets it, also on a connection that is older than that.
    let mut stream = TcpStream::connect(&addr).await.unwrap();
    for _ in 0..2 {
        sleep(WRITE_TIMEOUT).await;
        stream.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
        let mut part = vec![0; 1 << 20];
        let first = timeout(PATIENCE, stream.read(&mut part)).await.unwrap().unwrap();
        let start = part[..first].windows(4).position(|four| four == b"\r\n\r\n").unwrap() + 4;
        let mut left = held.len() - (first - start);
        while left > 0 {
            let read = timeout(PATIENCE, stream.read(&mut part)).await.unwrap().unwrap();
            assert!(read > 0, "{left} bytes have not come");
            left -= read;
        }
    }
}
