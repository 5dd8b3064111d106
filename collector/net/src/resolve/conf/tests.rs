use super::*;

fn servers(conf: &Conf) -> Vec<String> {
    conf.servers.iter().map(ToString::to_string).collect()
}

#[test]
fn nothing_said_is_gos_defaults() {
    let conf = Conf::parse("", "");
    assert_eq!(servers(&conf), ["127.0.0.1:53", "[::1]:53"]);
    assert_eq!(conf.search, [""; 0]);
    assert_eq!((conf.ndots, conf.timeout, conf.attempts), (1, Duration::from_secs(5), 2));
    assert!(!conf.rotate && !conf.single_request && !conf.use_tcp);
}

#[test]
fn a_file_as_a_cluster_writes_it_is_read() {
    let conf = Conf::parse(
        "# made by a cluster\n\
         ; and commented\n\
         search otel.svc.cluster.local svc.cluster.local. . cluster.local\n\
         nameserver 10.96.0.10\n\
         nameserver name.is.not.an.address\n\
         nameserver fe80::1%3\n\
         nameserver ::1\n\
         nameserver 10.0.0.4\n\
         nameserver\n\
         sortlist 130.155.160.0\n\
         options ndots:5 timeout:2 attempts:3 rotate use-vc single-request edns0 whatever:7\n",
        "pod.example.com",
    );
    assert_eq!(servers(&conf), ["10.96.0.10:53", "[fe80::1%3]:53", "[::1]:53"]);
    assert_eq!(conf.search, ["otel.svc.cluster.local.", "svc.cluster.local.", "cluster.local."]);
    assert_eq!((conf.ndots, conf.timeout, conf.attempts), (5, Duration::from_secs(2), 3));
    assert!(conf.rotate && conf.single_request && conf.use_tcp);
}

#[test]
fn the_last_of_domain_and_search_counts() {
    assert_eq!(Conf::parse("search a b\ndomain c d", "").search, ["c."]);
    assert_eq!(Conf::parse("domain c\nsearch a b", "").search, ["a.", "b."]);
    assert_eq!(Conf::parse("", "host.example.com").search, ["example.com."]);
    assert_eq!(Conf::parse("search .", "host.").search, [""; 0]);
}

#[test]
fn numbers_stay_within_reason() {
    let number = |options: &str| {
        let conf = Conf::parse(&format!("options {options}"), "");
        (conf.ndots, conf.timeout.as_secs(), conf.attempts)
    };
    assert_eq!(number("ndots:0 timeout:0 attempts:0"), (0, 1, 1));
    assert_eq!(number("ndots:x timeout:-1 attempts:"), (0, 1, 1));
    assert_eq!(number("ndots:99 timeout:99 attempts:99"), (15, 30, 5));
    let huge = "99999999999999999999999";
    assert_eq!(number(&format!("ndots:{huge} timeout:{huge} attempts:{huge}")), (15, 30, 5));
    assert_eq!(number("ndots:2x"), (2, 5, 2));
}

#[test]
fn servers_take_turns_only_when_told_to() {
    let ports = |conf: &Conf| conf.turns().map(|addr| addr.ip().to_string()).collect::<Vec<_>>();
    let text = "nameserver 10.0.0.1\nnameserver 10.0.0.2\noptions attempts:2";
    let conf = Conf::parse(text, "");
    for _ in 0..2 {
        assert_eq!(ports(&conf), ["10.0.0.1", "10.0.0.2", "10.0.0.1", "10.0.0.2"]);
    }
    let conf = Conf::parse(&format!("{text} rotate"), "");
    assert_eq!(ports(&conf)[0], "10.0.0.1");
    assert_eq!(ports(&conf), ["10.0.0.2", "10.0.0.1", "10.0.0.2", "10.0.0.1"]);
    assert_eq!(ports(&conf)[0], "10.0.0.1");
}
