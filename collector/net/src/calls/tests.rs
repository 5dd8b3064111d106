use std::{net::SocketAddr, time::Duration};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header::CONTENT_ENCODING};
use slimcol_service::{
    Client, Code, Context, Log, Signals, Stop, StopHandle,
    meter::{Value, requests::MOST},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

use slimcol_compression::Compression;

use super::*;
use crate::{
    grpc::{
        client::{GrpcClient, GrpcStatus},
        server::{GrpcServer, GrpcService, Unknown},
    },
    http::{
        client::{HttpClient, HttpRequest as Sent},
        server::{HttpHandler, HttpRequest, HttpResponse, HttpServer, plain},
    },
    pieces::Pieces,
};

fn context() -> Context {
    Context::standalone("x", Signals::ALL, Log::none())
}

/// Metrics of this name, a line for each set of labels: the labels but those of `left_out`, how many there were and, of
/// sizes, their sum.
fn counted(cx: &Context, name: &str, left_out: &[&str]) -> Vec<String> {
    let all = cx.meters().snapshot();
    let Some(metric) = all.iter().find(|metric| metric.name == name) else { return Vec::new() };
    let lines = metric.points.iter().map(|point| {
        let shown = point.labels.iter().filter(|(name, _)| !left_out.contains(name));
        let labels: Vec<_> = shown.map(|(name, value)| format!("{name}={value}")).collect();
        let Value::Buckets(counts, sum) = &point.value else { panic!("{metric:?}") };
        let sum = if metric.family.unit == "s" { String::new() } else { format!(" {sum}") };
        format!("{} {}{sum}", labels.join(","), counts.iter().sum::<u64>())
    });
    lines.collect()
}

/// Serves `/there`: says how large the body is. Everything else is not found.
struct Site;

impl HttpHandler for Site {
    async fn handle(&self, mut request: HttpRequest) -> HttpResponse {
        if request.path() != "/there" {
            return plain(StatusCode::NOT_FOUND, "no");
        }
        match request.body().await {
            Ok(body) => HttpResponse::new(Bytes::from(body.len().to_string())),
            Err(error) => plain(StatusCode::BAD_REQUEST, &error.to_string()),
        }
    }

    fn route<'a>(&'a self, path: &'a str) -> Option<&'a str> {
        (path == "/there").then_some(path)
    }
}

async fn site(cx: &Context, uncounted: bool) -> (SocketAddr, StopHandle) {
    let config = slimcol_config::from_yaml("endpoint: 127.0.0.1:0").unwrap();
    let server = HttpServer::bind(&config, cx).await.unwrap();
    let server = if uncounted { server.uncounted() } else { server };
    let addr = server.endpoint().parse().unwrap();
    let (handle, stop) = Stop::new();
    tokio::spawn(server.serve(Site, stop));
    (addr, handle)
}

fn client(cx: &Context, yaml: &str) -> HttpClient {
    HttpClient::new(&slimcol_config::from_yaml(yaml).unwrap(), cx).unwrap()
}

fn post(url: &str) -> Sent {
    Sent {
        method: Method::POST,
        uri: url.parse().unwrap(),
        headers: HeaderMap::new(),
        body: vec![Bytes::from(vec![b'x'; 1000])].into(),
        client: Client::default(),
    }
}

#[tokio::test]
async fn servers_count_what_they_answer() {
    let cx = context();
    let (addr, _handle) = site(&cx, false).await;
    let client = client(&context(), "compression: none");
    let packed = Compression::Gzip.compress(1, &[&Bytes::from(vec![b'x'; 1000])]);
    let size = packed.len();
    let mut requests = vec![post(&format!("http://{addr}/there")); 3];
    requests[1].headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    requests[1].body = Bytes::from(packed).into();
    requests[2].headers.insert(CONTENT_ENCODING, HeaderValue::from_static("nix"));
    requests.push(post(&format!("http://{addr}/elsewhere?x")));
    let mut odd = post(&format!("http://{addr}/there"));
    (odd.method, odd.body) = (Method::from_bytes(b"ODD").unwrap(), Pieces::default());
    requests.push(odd);
    let mut statuses = Vec::new();
    for request in requests {
        let response = client.send(request).await.unwrap();
        statuses.push(response.status.as_u16());
        response.body(1 << 20).await.unwrap();
    }
    assert_eq!(statuses, [200, 200, 400, 404, 200]);
    let usual = ["network.protocol.name", "server.port"];
    let line = |method: &str, status: u16, route: &str, count: u32, sum: usize| {
        let route = if route.is_empty() { String::new() } else { format!("http.route={route},") };
        format!(
            "http.request.method={method},http.response.status_code={status},{route}\
             network.protocol.version=1.1,server.address=127.0.0.1,url.scheme=http {count} {sum}"
        )
    };
    assert_eq!(
        counted(&cx, "http.server.request.body.size", &usual),
        [
            line("POST", 200, "/there", 2, 1000 + size),
            line("POST", 400, "", 1, 0),
            line("POST", 404, "", 1, 0),
            line("_OTHER", 200, "/there", 1, 0),
        ]
    );
    assert_eq!(
        counted(&cx, "http.server.response.body.size", &usual),
        [
            line("POST", 200, "/there", 2, 8),
            line("POST", 400, "", 1, "unsupported Content-Encoding: nix\n".len()),
            line("POST", 404, "", 1, 3),
            line("_OTHER", 200, "/there", 1, 1),
        ]
    );
    assert_eq!(
        counted(&cx, "http.server.request.duration", &["http.response.status_code", "http.route"])[0],
        format!(
            "http.request.method=POST,network.protocol.name=http,network.protocol.version=1.1,\
             server.address=127.0.0.1,server.port={},url.scheme=http 2",
            addr.port()
        )
    );
}

#[tokio::test]
async fn senders_choose_the_hosts_name_but_not_how_much_is_kept() {
    let cx = context();
    let (addr, _handle) = site(&cx, false).await;
    let mut stream = TcpStream::connect(addr).await.unwrap();
    let mut read = [0; 4096];
    for number in 0..MOST + 3 {
        stream
            .write_all(format!("GET /{number} HTTP/1.1\r\nhost: h{number}:80\r\n\r\n").as_bytes())
            .await
            .unwrap();
        assert!(stream.read(&mut read).await.unwrap() > 0);
    }
    let all = counted(&cx, "http.server.response.body.size", &[]);
    assert_eq!(all.len(), MOST + 1);
    assert!(all.contains(&"otel.metric.overflow=true 3 9".to_owned()), "{all:?}");
    let first = "network.protocol.version=1.1,server.address=h0,url.scheme=http 1 3";
    assert!(all.iter().any(|line| line.ends_with(first)), "{all:?}");
}

#[tokio::test]
async fn who_is_not_to_be_counted_is_not() {
    let cx = context();
    let (addr, _handle) = site(&cx, true).await;
    let client = client(&cx, "compression: none").uncounted();
    assert_eq!(client.send(post(&format!("http://{addr}/there"))).await.unwrap().status, 200);
    let names: Vec<_> = cx.meters().snapshot().into_iter().map(|metric| metric.name).collect();
    assert_eq!(names, [""; 0]);
}

#[tokio::test]
async fn clients_count_what_became_of_requests() {
    let cx = context();
    let (addr, _handle) = site(&context(), false).await;
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let nobody = {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        listener.local_addr().unwrap()
    };
    let (plain, packing) = (client(&cx, "compression: none"), client(&cx, "compression: gzip"));
    for (client, url) in [
        (&plain, format!("http://user:pass@{addr}/there")),
        (&packing, format!("http://{addr}/there")),
        (&plain, format!("http://{addr}/elsewhere")),
        (&plain, format!("http://{nobody}/")),
        (&packing, format!("http://{nobody}/")),
    ] {
        assert_eq!(client.send(post(&url)).await.is_ok(), !url.contains(&nobody.to_string()), "{url}");
    }
    let hasty = self::client(&cx, "{compression: none, timeout: 50ms}");
    let late = hasty.send(post(&format!("http://{}/", silent.local_addr().unwrap()))).await;
    assert!(late.unwrap_err().is_timeout());
    let line = |first: &str, addr: SocketAddr, rest: &str| {
        format!(
            "{first},network.protocol.name=http,network.protocol.version=1.1,server.address=127.0.0.1,\
             server.port={},url.scheme=http {rest}",
            addr.port()
        )
    };
    let mut expected = [
        line("http.request.method=POST,http.response.status_code=200", addr, "2 2000"),
        line("http.request.method=POST,http.response.status_code=404", addr, "1 1000"),
        line("error.type=net.OpError,http.request.method=POST", nobody, "2 1000"),
        line(
            "error.type=context.deadlineExceededError,http.request.method=POST",
            silent.local_addr().unwrap(),
            "1 1000",
        ),
    ];
    expected.sort();
    let mut sizes = counted(&cx, "http.client.request.body.size", &[]);
    sizes.sort();
    assert_eq!(sizes, expected);
    let times = counted(&cx, "http.client.request.duration", &[]);
    assert_eq!(times.len(), expected.len(), "{times:?}");
}

/// Methods named after what they answer.
struct Methods;

impl GrpcService for Methods {
    type Method = Code;
    type Reply = Bytes;

    fn find(&self, _: &str, method: &str) -> Result<Code, Unknown> {
        Code::ALL.into_iter().find(|code| format!("{code:?}") == method).ok_or(Unknown::Method)
    }

    async fn call(&self, code: Code, _: Bytes, _: Client) -> Result<Bytes, GrpcStatus> {
        match code {
            Code::Ok => Ok(Bytes::new()),
            Code::DeadlineExceeded => std::future::pending().await,
            code => Err(GrpcStatus::new(code, "no")),
        }
    }
}

#[tokio::test]
async fn calls_are_counted_at_both_ends() {
    let (near, far) = (context(), context());
    let config = slimcol_config::from_yaml("endpoint: 127.0.0.1:0").unwrap();
    let server = GrpcServer::bind(&config, &far).await.unwrap();
    let addr: SocketAddr = server.endpoint().parse().unwrap();
    let (_handle, stop) = Stop::new();
    tokio::spawn(server.serve(Methods, stop));
    let start = |endpoint: SocketAddr| {
        let yaml = format!("{{endpoint: '{endpoint}', tls: {{insecure: true}}}}");
        GrpcClient::start(&slimcol_config::from_yaml(&yaml).unwrap(), &near).unwrap()
    };
    let client = start(addr);
    for (path, within) in [
        ("/s/Ok", 20_000),
        ("/s/Ok", 20_000),
        ("/s/Unavailable", 20_000),
        ("/s/Nix", 20_000),
        ("/s/DeadlineExceeded", 50),
    ] {
        let outcome = client.unary(path, &[], Some(Duration::from_millis(within)), &Client::default()).await;
        assert_eq!(outcome.is_ok(), path == "/s/Ok", "{path}");
    }
    let nobody = {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        listener.local_addr().unwrap()
    };
    start(nobody).unary("/s/Ok", &[], None, &Client::default()).await.unwrap_err();
    let port = addr.port();
    let line = |method: &str, code: &str, rest: &str| {
        format!("rpc.method=s/{method},rpc.response.status_code={code},rpc.system.name=grpc{rest}")
    };
    let there = |count| format!(",server.address=127.0.0.1,server.port={port} {count}");
    assert_eq!(
        counted(&near, "rpc.client.call.duration", &[]),
        [
            line("DeadlineExceeded", "DEADLINE_EXCEEDED", &there(1)),
            line("Nix", "UNIMPLEMENTED", &there(1)),
            line("Ok", "OK", &there(2)),
            line("Ok", "UNAVAILABLE", " 1"),
            line("Unavailable", "UNAVAILABLE", &there(1)),
        ]
    );
    // A method that does not exist is none. What comes too late may be answered before its sender hangs up, or not.
    let mut answered = counted(&far, "rpc.server.call.duration", &[]);
    answered.retain(|line| !line.contains("DEADLINE_EXCEEDED"));
    assert_eq!(answered, [line("Ok", "OK", " 2"), line("Unavailable", "UNAVAILABLE", " 1")]);
}

#[test]
fn places() {
    for (authority, usual, host, port) in [
        ("127.0.0.1:4318", "80", "127.0.0.1", "4318"),
        ("EXAMPLE.com:80", "80", "EXAMPLE.com", ""),
        ("example.com:80", "443", "example.com", "80"),
        ("example.com", "80", "example.com", ""),
        ("[::1]:4318", "80", "::1", "4318"),
        ("[::1]", "80", "::1", ""),
        ("x:99999", "80", "x", ""),
        ("x:0", "80", "x", ""),
        ("::1", "80", "", ""),
        ("", "80", "", ""),
    ] {
        assert_eq!(place(authority, usual), (host, port), "{authority}");
    }
}

#[test]
fn methods_that_nobody_knows_are_one() {
    for (name, label) in [("post", "POST"), ("FOO", "_OTHER"), ("", "_OTHER"), ("TRACE", "TRACE")] {
        assert_eq!(method(name), label);
    }
}

#[test]
fn every_code_has_its_name() {
    for one in Code::ALL {
        let name = code(one as usize).replace('_', "");
        let shown = format!("{one:?}").to_uppercase();
        assert!(name == shown || (&*name, &*shown) == ("CANCELLED", "CANCELED"), "{shown}");
    }
}
