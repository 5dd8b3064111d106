use rustix::process::Rlimit;

use super::*;

#[tokio::test]
async fn endpoints_are_opened_as_in_go() {
    for (endpoint, local) in [
        ("localhost:0", "127.0.0.1:"),
        ("127.0.0.1:0", "127.0.0.1:"),
        ("0.0.0.0:0", ":"),
        (":0", ":"),
        ("[::]:0", ":"),
    ] {
        let listener = Listener::open(Transport::Tcp, endpoint).await.unwrap();
        assert!(listener.local().contains(local), "{endpoint} {}", listener.local());
        assert!(!listener.local().ends_with(":0"), "{endpoint} {}", listener.local());
    }
}

#[tokio::test]
async fn as_many_files_may_be_open_as_the_system_allows() {
    let most = getrlimit(Resource::Nofile).maximum;
    setrlimit(Resource::Nofile, Rlimit { current: Some(512), maximum: most }).unwrap();
    Listener::open(Transport::Tcp, "localhost:0").await.unwrap();
    assert_eq!(getrlimit(Resource::Nofile).current, most);
}

#[tokio::test]
async fn errors_read_as_in_go() {
    let taken = Listener::open(Transport::Tcp, "localhost:0").await.unwrap();
    let (_, port) = taken.local().rsplit_once(':').unwrap();
    let cases = [
        (format!("localhost:{port}"), format!("listen tcp 127.0.0.1:{port}: bind: address already in use")),
        ("localhost".to_owned(), "listen tcp: address localhost: missing port in address".to_owned()),
        ("::1:1".to_owned(), "listen tcp: address ::1:1: too many colons in address".to_owned()),
        ("[::1".to_owned(), "listen tcp: address [::1: missing ']' in address".to_owned()),
        ("localhost:70000".to_owned(), "listen tcp: address 70000: invalid port".to_owned()),
        ("localhost:otlp".to_owned(), "listen tcp: lookup tcp/otlp: unknown port".to_owned()),
    ];
    for (endpoint, text) in cases {
        assert_eq!(Listener::open(Transport::Tcp, &endpoint).await.unwrap_err().to_string(), text);
    }
    let udp = Listener::open(Transport::Other("udp"), "localhost:1").await.unwrap_err();
    assert_eq!(udp.to_string(), "listen udp localhost:1: address localhost:1: unexpected address type");
}

#[tokio::test]
async fn wildcards_take_both_families() {
    let listener = Listener::open(Transport::Tcp, "0.0.0.0:0").await.unwrap();
    let (_, port) = listener.local().rsplit_once(':').unwrap();
    let connect = tokio::net::TcpStream::connect(format!("127.0.0.1:{port}"));
    let (accepted, connected) = tokio::join!(listener.accept(), connect);
    // The peer of an IPv4 connection is shown as IPv4, also on a socket for both.
    assert_eq!(accepted.unwrap().1, Some(connected.unwrap().local_addr().unwrap()));
}

#[tokio::test]
async fn unix_sockets_go_with_their_listener() {
    let path = std::env::temp_dir().join(format!("slimcol-listen-{}.sock", std::process::id()));
    let text = path.to_str().unwrap();
    let listener = Listener::open(Transport::Unix, text).await.unwrap();
    assert_eq!(listener.local(), text);
    let error = Listener::open(Transport::Unix, text).await.unwrap_err();
    assert_eq!(error.to_string(), format!("listen unix {text}: bind: address already in use"));
    let (accepted, _connected) = tokio::join!(listener.accept(), tokio::net::UnixStream::connect(&path));
    assert_eq!(accepted.unwrap().1, None);
    drop(listener);
    assert!(!path.exists());
}
