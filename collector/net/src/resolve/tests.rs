mod server;

use std::net::Ipv4Addr;

use self::server::{Say, Server};
use super::*;

const ONE: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 11);

/// Asks `servers`, quickly.
fn conf(servers: &[&Server], options: &str) -> Conf {
    let mut conf = Conf::parse(options, "");
    conf.servers = servers.iter().map(|server| server.addr).collect();
    conf
}

async fn found(name: &str, conf: &Conf) -> Result<Vec<String>, String> {
    match lookup(name, 80, "10.9.9.9 listed", conf).await {
        Ok(found) => Ok(found.iter().map(ToString::to_string).collect()),
        Err(error) => Err(error.to_string()),
    }
}

#[tokio::test]
async fn names_are_found_as_the_server_says() {
    let server = Server::start(&[
        ("four.example", Say::Has(ONE, None)),
        ("both.example", Say::Has(ONE, Some(Ipv6Addr::LOCALHOST))),
        ("alias.example", Say::Alias("far.away", ONE)),
        ("long.example", Say::Long(ONE)),
        ("forged.example", Say::Forged(ONE)),
    ])
    .await;
    for options in ["", "options single-request", "options use-vc", "options rotate"] {
        let conf = conf(&[&server], options);
        for name in ["four.example", "four.example.", "alias.example", "long.example"] {
            assert_eq!(found(name, &conf).await.unwrap(), ["127.0.0.11:80"], "{name} {options}");
        }
        let mut both = found("both.example", &conf).await.unwrap();
        both.sort();
        assert_eq!(both, ["127.0.0.11:80", "[::1]:80"], "{options}");
        assert_eq!(found("listed", &conf).await.unwrap(), ["10.9.9.9:80"]);
    }
    let asked = server.asked();
    assert!(asked.contains(&"udp AAAA four.example".to_owned()), "{asked:?}");
    assert!(asked.contains(&"tcp A long.example".to_owned()), "{asked:?}");
    assert!(!asked.iter().any(|one| one.ends_with("listed")), "{asked:?}");
    assert_eq!(found("forged.example", &conf(&[&server], "")).await.unwrap(), ["127.0.0.11:80"]);
}

#[tokio::test]
async fn servers_that_fail_are_passed_over() {
    let names = &[("web.example", Say::Has(ONE, None))];
    let (failing, silent) = (&[("web.example", Say::Code(2))], &[("web.example", Say::Nothing)]);
    let good = Server::start(names).await;
    for bad in [Server::start(failing).await, Server::start(silent).await] {
        let mut conf = conf(&[&bad, &good], "");
        conf.timeout = Duration::from_millis(50);
        assert_eq!(found("web.example", &conf).await.unwrap(), ["127.0.0.11:80"]);
        assert_eq!(bad.asked(), ["udp A web.example", "udp AAAA web.example"]);
    }
    // That there is no such name is believed at once.
    let (first, second) = (Server::start(&[]).await, Server::start(names).await);
    let error = found("web.example", &conf(&[&first, &second], "")).await.unwrap_err();
    assert_eq!(error, format!("lookup web.example on {}: no such host", first.addr));
    assert_eq!(second.asked(), [""; 0]);
}

#[tokio::test]
async fn errors_read_as_in_go() {
    let server = Server::start(&[("broken.example", Say::Code(2)), ("silent.example", Say::Nothing)]).await;
    let addr = server.addr;
    let mut conf = conf(&[&server], "");
    conf.timeout = Duration::from_millis(50);
    for (name, end) in [
        ("nope.invalid", format!("on {addr}: no such host")),
        ("broken.example", format!("on {addr}: server misbehaving")),
        ("silent.example", format!("->{addr}: i/o timeout")),
    ] {
        let error = found(name, &conf).await.unwrap_err();
        assert!(error.starts_with(&format!("lookup {name} on {addr}: ")), "{error}");
        assert!(error.ends_with(&end), "{error}");
    }
    assert_eq!(found("not a name", &conf).await.unwrap_err(), "lookup not a name: no such host");
    // Nobody listens: the kernel says so, long before the time is up.
    conf.timeout = Duration::from_hours(1);
    drop(server);
    let free = tokio::net::UdpSocket::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).await.unwrap();
    conf.servers = vec![free.local_addr().unwrap()];
    drop(free);
    let error = found("web.example", &conf).await.unwrap_err();
    assert!(
        error.contains("read udp 127.0.0.1:") && error.ends_with(": read: connection refused"),
        "{error}"
    );
}

#[tokio::test]
async fn domains_are_searched() {
    let server = Server::start(&[
        ("web.b.example", Say::Has(ONE, None)),
        ("full.name", Say::Has(ONE, None)),
        ("broken", Say::Code(2)),
    ])
    .await;
    let conf = conf(&[&server], "search a.example b.example\noptions ndots:2");
    assert_eq!(found("web", &conf).await.unwrap(), ["127.0.0.11:80"]);
    assert_eq!(
        server.asked(),
        ["udp A web.a.example", "udp A web.b.example", "udp AAAA web.a.example", "udp AAAA web.b.example"]
    );
    assert_eq!(found("full.name", &conf).await.unwrap(), ["127.0.0.11:80"]);
    // The error is the one of the name itself, and shows the name itself.
    let error = found("broken", &conf).await.unwrap_err();
    assert_eq!(error, format!("lookup broken on {}: server misbehaving", server.addr));
}

#[tokio::test]
async fn a_family_that_fails_does_not_hide_the_other_nor_its_reason() {
    let server = Server::start(&[("web.example", Say::Has(ONE, None))]).await;
    let conf = conf(&[&server], "");
    let failure = query::ask("web.example.", Kind::Aaaa, &conf).await.unwrap_err();
    assert_eq!((failure.server, failure.why), (Some(server.addr), Why::NoSuchHost));
    assert_eq!(query::ask("web.example.", Kind::A, &conf).await.unwrap(), [IpAddr::from(ONE)]);
}

#[tokio::test]
async fn the_local_host_needs_no_server_and_is_ipv4_first() {
    let server = Server::start(&[]).await;
    let conf = conf(&[&server], "");
    for (name, hosts, addresses) in [
        ("localhost", "", ["127.0.0.1:80", "[::1]:80"]),
        ("Localhost.", "", ["127.0.0.1:80", "[::1]:80"]),
        ("any.thing.localhost", "", ["127.0.0.1:80", "[::1]:80"]),
        ("localhost", "::1 localhost\n127.0.0.2 localhost", ["127.0.0.2:80", "[::1]:80"]),
    ] {
        let found = lookup(name, 80, hosts, &conf).await.unwrap();
        assert_eq!(found.iter().map(ToString::to_string).collect::<Vec<_>>(), addresses, "{name}");
    }
    assert_eq!(server.asked(), [""; 0]);
}

#[tokio::test]
async fn an_empty_host_is_the_local_one() {
    assert!(resolve("", 80).await.unwrap().iter().all(|a| a.ip().is_loopback() && a.port() == 80));
    assert_eq!(resolve("10.0.0.1", 80).await.unwrap(), [SocketAddr::from(([10, 0, 0, 1], 80))]);
}

const SERVICE: &[u8] = b"\0\x01\0\x02\x23\x82\x03Web\xc0\x0c";
const MAIL: &[u8] = b"\0\x0a\x02mx\x01b\0";
const NAMES: &[u8] = b"\x05n.s 1\x01\xff\0";

#[tokio::test]
async fn records_of_any_kind_are_found_as_prometheus_finds_them() {
    let all: &[(u8, &[u8])] = &[
        (33, SERVICE),
        (15, MAIL),
        (2, NAMES),
        (1, &[10, 0, 0, 1]),
        (28, &[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]),
    ];
    let server = Server::start(Vec::leak(vec![
        ("all.example", Say::Records(all)),
        ("none.example", Say::Records(&[])),
        ("cut.example", Say::Records(&[(33, &[0, 1])])),
        ("broken.example", Say::Code(2)),
    ]))
    .await;
    let resolver = Resolver::of(&[server.addr]);
    let host = |name: &str| Record::Host(name.to_owned());
    for (kind, record) in [
        (Kind::Srv, Record::Service { host: "Web.all.example.".into(), port: 9090 }),
        (Kind::Mx, host("mx.b.")),
        (Kind::Ns, host("n\\.s\\ 1.\\255.")),
        (Kind::A, Record::Address(Ipv4Addr::new(10, 0, 0, 1).into())),
        (Kind::Aaaa, Record::Address(Ipv6Addr::LOCALHOST.into())),
    ] {
        assert_eq!(resolver.records("all.example", kind).await.unwrap(), [record]);
        for name in ["none.example", "nope.example", "not a name"] {
            assert_eq!(resolver.records(name, kind).await.unwrap(), [], "{name}");
        }
    }
    for (name, why) in
        [("cut.example", "cannot unmarshal DNS message"), ("broken.example", "server misbehaving")]
    {
        let error = resolver.records(name, Kind::Srv).await.unwrap_err();
        let text = "all servers responded with errors to at least one search domain";
        assert_eq!(
            error,
            format!("could not resolve {name:?}: {text}: lookup {name} on {}: {why}", server.addr)
        );
    }
}

#[tokio::test]
async fn records_are_of_the_first_completion_that_exists() {
    let names: &[(u8, &[u8])] = &[(33, SERVICE)];
    let server = Server::start(Vec::leak(vec![
        ("web.b.example", Say::Records(names)),
        ("far.a.example", Say::Code(2)),
    ]))
    .await;
    let resolver = Resolver(Some(conf(&[&server], "search a.example b.example").into()));
    assert_eq!(resolver.records("web", Kind::Srv).await.unwrap().len(), 1);
    assert_eq!(server.asked(), ["udp SRV web.a.example", "udp SRV web.b.example"]);
    // One did not say that there is no such name.
    assert!(resolver.records("far", Kind::Srv).await.is_err());
}
