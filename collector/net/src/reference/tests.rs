//! Servers and clients with authenticators of a test's own, over real sockets.

use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use http::Method;
use slimcol_service::{Code, Log, RequestHeaders, Signals, Stop};

use super::*;
use crate::{
    grpc::{
        client::{GrpcClient, GrpcClientConfig, GrpcStatus},
        server::{GrpcServer, GrpcServerConfig, GrpcService, Unknown},
    },
    http::{
        client::{HttpClient, HttpClientConfig, HttpRequest},
        server::{self, HttpHandler, HttpServer, HttpServerConfig},
    },
};

/// Wants the header `key` to be `open` and says what else the sender is called.
struct Door;

impl ServerAuth for Door {
    fn authenticate<'a>(
        &'a self,
        headers: &'a RequestHeaders,
    ) -> BoxFuture<'a, Result<Vec<(String, String)>, BoxError>> {
        Box::pin(async move {
            let key = headers.iter().find(|(name, _)| name == "key").map(|(_, value)| value.as_str());
            match key {
                Some("open") => Ok(vec![("who".to_owned(), "me".to_owned())]),
                Some(_) => Err("wrong key".into()),
                None => Err("no key".into()),
            }
        })
    }
}

/// Sends one key and counts how often it was refused.
#[derive(Default)]
struct Keys {
    changes: Vec<HeaderChange>,
    fail: bool,
    secure: bool,
    refused: AtomicUsize,
}

impl ClientAuth for Keys {
    fn headers<'a>(&'a self, client: &'a Client) -> BoxFuture<'a, Result<Vec<HeaderChange>, BoxError>> {
        Box::pin(async move {
            if self.fail {
                return Err("no token yet".into());
            }
            let mut changes = self.changes.clone();
            if let Some(who) = client.attribute("who") {
                changes.push(HeaderChange::Set("key".to_owned(), who.to_owned()));
            }
            Ok(changes)
        })
    }

    fn refused(&self) {
        self.refused.fetch_add(1, Ordering::Relaxed);
    }

    fn wants_tls(&self) -> bool {
        self.secure
    }
}

fn key(value: &str) -> Keys {
    Keys { changes: vec![HeaderChange::Set("key".to_owned(), value.to_owned())], ..Keys::default() }
}

fn context(auth: &Arc<Keys>) -> Context {
    Context::standalone("x", Signals::ALL, Log::none())
        .with_extension("door", Offers::default().with_server_auth(Arc::new(Door)))
        .with_extension("keys", Offers::default().with_client_auth(auth.clone()))
}

/// Answers who the sender is, for HTTP and for gRPC.
struct Who;

fn who(client: &Client) -> Bytes {
    client.attribute("who").unwrap_or("nobody").to_owned().into()
}

impl HttpHandler for Who {
    async fn handle(&self, request: server::HttpRequest) -> server::HttpResponse {
        server::HttpResponse::new(who(&request.client()))
    }
}

impl GrpcService for Who {
    type Method = ();
    type Reply = Bytes;

    fn find(&self, service: &str, _: &str) -> Result<(), Unknown> {
        if service == "test.Service" { Ok(()) } else { Err(Unknown::Service) }
    }

    async fn call(&self, (): (), _: Bytes, client: Client) -> Result<Bytes, GrpcStatus> {
        Ok(who(&client))
    }
}

async fn http(more: &str, cx: &Context) -> String {
    let config: HttpServerConfig =
        slimcol_config::from_yaml(&format!("endpoint: 'localhost:0'\n{more}")).unwrap();
    let server = HttpServer::bind(&config, cx).await.unwrap();
    let endpoint = format!("http://{}/", server.endpoint());
    let (handle, stop) = Stop::new();
    tokio::spawn(async move {
        server.serve(Who, stop).await;
        drop(handle);
    });
    endpoint
}

async fn grpc(cx: &Context) -> String {
    let yaml = "endpoint: 'localhost:0'\nauth: {authenticator: door}";
    let config: GrpcServerConfig = slimcol_config::from_yaml(yaml).unwrap();
    let server = GrpcServer::bind(&config, cx).await.unwrap();
    let endpoint = server.endpoint().to_owned();
    let (handle, stop) = Stop::new();
    tokio::spawn(async move {
        server.serve(Who, stop).await;
        drop(handle);
    });
    endpoint
}

/// Asks as one who was learned to be `me`, if so said.
async fn ask(client: &HttpClient, method: Method, url: &str, me: Option<&str>) -> (u16, String, HeaderMap) {
    let auth = me.map(|me| ("who".to_owned(), me.to_owned())).into_iter().collect();
    let preflight = method == Method::OPTIONS;
    let mut headers = HeaderMap::new();
    if preflight {
        headers.insert("origin", HeaderValue::from_static("http://a.example"));
        headers.insert("access-control-request-method", HeaderValue::from_static("POST"));
    }
    let request = HttpRequest {
        method,
        uri: url.parse().unwrap(),
        headers,
        body: Bytes::new().into(),
        client: Client::new(slimcol_service::ClientInfo { auth, ..Default::default() }),
    };
    let response = client.send(request).await.unwrap();
    let (status, headers) = (response.status.as_u16(), response.headers.clone());
    let body = response.body(1000).await.unwrap();
    (status, String::from_utf8(body.to_vec()).unwrap(), headers)
}

fn http_client(auth: Option<&str>, cx: &Context) -> Result<HttpClient, String> {
    let yaml = auth.map_or_else(String::new, |id| format!("auth: {{authenticator: {id}}}"));
    let config: HttpClientConfig = slimcol_config::from_yaml(&yaml).unwrap();
    HttpClient::new(&config, cx).map_err(|error| error.to_string())
}

fn grpc_client(endpoint: &str, auth: &str, cx: &Context) -> Result<GrpcClient, String> {
    let yaml = format!("endpoint: '{endpoint}'\ntls: {{insecure: true}}\nauth: {{authenticator: {auth}}}");
    let config: GrpcClientConfig = slimcol_config::from_yaml(&yaml).unwrap();
    GrpcClient::start(&config, cx).map_err(|error| error.to_string())
}

#[tokio::test]
async fn http_lets_in_who_has_the_key() {
    let keys = Arc::new(key("open"));
    let cx = context(&keys);
    let url = http(
        "auth: {authenticator: door, request_params: [Key]}\ncors: {allowed_origins: ['*']}\n\
         compression_algorithms: [gzip]",
        &cx,
    )
    .await;
    let open = http("", &cx).await;
    let client = http_client(Some("keys"), &cx).unwrap();
    let anonymous = http_client(None, &cx).unwrap();

    let (status, body, _) = ask(&anonymous, Method::POST, &open, None).await;
    assert_eq!((status, body.as_str()), (200, "nobody"));
    // Before what it is compressed with is looked at: plain is not among what is accepted.
    let (status, body, _) = ask(&anonymous, Method::POST, &url, None).await;
    assert_eq!((status, body.as_str()), (401, "no key\n"));
    let (status, body, _) = ask(&client, Method::POST, &url, None).await;
    assert_eq!((status, body.as_str()), (400, "unsupported Content-Encoding: \n"));
    assert_eq!(keys.refused.load(Ordering::Relaxed), 0);

    let (status, body, _) = ask(&client, Method::POST, &url, Some("other")).await;
    assert_eq!((status, body.as_str()), (401, "wrong key\n"));
    assert_eq!(keys.refused.load(Ordering::Relaxed), 1);

    // A preflight carries no credentials.
    let (status, _, headers) = ask(&anonymous, Method::OPTIONS, &url, None).await;
    assert_eq!(status, 204);
    assert_eq!(headers.get("access-control-allow-origin").unwrap(), "*");
}

#[tokio::test]
async fn a_query_is_as_good_as_a_header_and_comes_first() {
    let keys = Arc::new(key("closed"));
    let cx = context(&keys);
    let url = http("auth: {authenticator: door, request_params: [Key]}", &cx).await;
    let client = http_client(Some("keys"), &cx).unwrap();
    for (query, expected) in [
        ("", (401, "wrong key\n")),
        ("?Key=open", (200, "me")),
        ("?x=1&Key=%6Fpen", (200, "me")),
        ("?key=open", (401, "wrong key\n")),
        ("?Key", (401, "wrong key\n")),
    ] {
        let (status, body, _) = ask(&client, Method::POST, &format!("{url}{query}"), None).await;
        assert_eq!((status, body.as_str()), expected, "{query}");
    }
}

#[tokio::test]
async fn grpc_lets_in_who_has_the_key() {
    for (keys, expected) in [
        (key("open"), Ok("me")),
        (key("other"), Err("rpc error: code = Unauthenticated desc = wrong key")),
        (Keys::default(), Err("rpc error: code = Unauthenticated desc = no key")),
        (
            Keys { fail: true, ..Keys::default() },
            Err(
                "rpc error: code = Unavailable desc = transport: per-RPC creds failed due to error: no token yet",
            ),
        ),
    ] {
        let keys = Arc::new(keys);
        let cx = context(&keys);
        let client = grpc_client(&grpc(&cx).await, "keys", &cx).unwrap();
        let answer = client.unary("/test.Service/Call", &[], None, &Client::default()).await;
        let answer = answer.map_err(|status| {
            assert_eq!(
                keys.refused.load(Ordering::Relaxed),
                usize::from(status.code == Code::Unauthenticated)
            );
            status.to_string()
        });
        assert_eq!(
            answer.map(|bytes| String::from_utf8(bytes.to_vec()).unwrap()),
            expected.map(str::to_owned).map_err(str::to_owned)
        );
        // What is not served is not there for anyone, as in Go.
        if !keys.fail {
            let status =
                client.unary("/other.Service/Call", &[], None, &Client::default()).await.unwrap_err();
            assert_eq!(status.code, Code::Unimplemented);
        }
    }
}

#[tokio::test]
async fn changes_do_as_they_are_called() {
    let keys = Arc::new(Keys {
        changes: vec![
            HeaderChange::Insert("old".to_owned(), "new".to_owned()),
            HeaderChange::Insert("Added".to_owned(), "new".to_owned()),
            HeaderChange::Update("absent".to_owned(), "new".to_owned()),
            HeaderChange::Update("known".to_owned(), "new".to_owned()),
            HeaderChange::Remove("gone".to_owned()),
        ],
        ..Keys::default()
    });
    let mut headers = HeaderMap::new();
    for name in ["old", "known", "gone"] {
        headers.insert(name, HeaderValue::from_static("old"));
    }
    Proof(keys).apply(&mut headers, &Client::default()).await.unwrap();
    let text: Vec<String> =
        headers.iter().map(|(name, value)| format!("{name}={}", value.to_str().unwrap())).collect();
    assert_eq!(
        text.iter().map(String::as_str).collect::<std::collections::BTreeSet<_>>(),
        ["added=new", "known=new", "old=old"].into()
    );
    assert!(headers["known"].is_sensitive());
    let bad = Proof(Arc::new(key("se\ncret"))).apply(&mut headers, &Client::default()).await.unwrap_err();
    assert_eq!(bad, "net/http: invalid header field value for \"key\"");
}

#[tokio::test]
async fn references_must_lead_somewhere() {
    let keys = Arc::new(Keys { secure: true, ..Keys::default() });
    let cx = context(&keys);
    assert_eq!(
        http_client(Some("nobody/1"), &cx).unwrap_err(),
        "failed to resolve authenticator \"nobody/1\": authenticator not found"
    );
    assert_eq!(
        http_client(Some("door"), &cx).unwrap_err(),
        "requested authenticator is not a HTTP client authenticator"
    );
    assert_eq!(
        grpc_client("localhost:1", "door", &cx).unwrap_err(),
        "requested authenticator is not a gRPC client authenticator"
    );
    assert_eq!(
        grpc_client("localhost:1", "keys", &cx).unwrap_err(),
        "grpc: the credentials require transport level security (use grpc.WithTransportCredentials() to set)"
    );
    let config = "endpoint: 'localhost:0'\nauth: {authenticator: keys}";
    let text = "requested authenticator is not a server authenticator";
    let http: HttpServerConfig = slimcol_config::from_yaml(config).unwrap();
    assert_eq!(HttpServer::bind(&http, &cx).await.unwrap_err().to_string(), text);
    let grpc: GrpcServerConfig = slimcol_config::from_yaml(config).unwrap();
    assert_eq!(GrpcServer::bind(&grpc, &cx).await.unwrap_err().to_string(), text);
}
