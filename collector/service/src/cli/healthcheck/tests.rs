//! Against servers that answer once what they are told to.

use std::{
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpListener},
    thread::{self, JoinHandle},
};

use super::*;
use crate::{
    cli::flags::Sources,
    fakes::{BUILD, Bed, COMPONENTS},
};

/// A server that answers once; it gives back what it was asked.
fn server(answer: &'static str) -> (SocketAddr, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let asked = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = Vec::new();
        while !request.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            stream.read_exact(&mut byte).unwrap();
            request.push(byte[0]);
        }
        stream.write_all(answer.as_bytes()).unwrap();
        String::from_utf8(request).unwrap()
    });
    (address, asked)
}

fn at(endpoint: &str) -> Result<&'static str, String> {
    check(&BUILD, Registry::new(COMPONENTS), Sources::default(), Some(endpoint.to_owned()))
}

/// Of a collector with the configuration `yaml`.
fn of(yaml: &str) -> Result<Option<String>, String> {
    let (config, findings) = Config::read(slimcol_config::parse("test", yaml).unwrap());
    assert!(findings.issues.is_empty(), "{:?}", findings.issues);
    address(&config)
}

#[test]
fn the_status_decides() {
    for (answer, verdict) in [
        ("HTTP/1.1 200 OK\r\n\r\nfine", Ok("healthy")),
        ("HTTP/1.1 204 No Content\r\n\r\n", Ok("healthy")),
        ("HTTP/1.1 503 Service Unavailable\r\n\r\n", Err("answers HTTP/1.1 503")),
        ("HTTP/1.1 404 Not Found", Err("answers HTTP/1.1 404")),
        ("", Err("does not answer: failed to fill whole buffer")),
        ("SSH-2.0-x\r\n2222", Err("answers SSH-2.0-x\\r\\n2")),
    ] {
        let (address, asked) = server(answer);
        let path = "/a/b?c";
        let expected = verdict.map_err(|what| format!("unhealthy: {address}{path} {what}"));
        assert_eq!(at(&format!("http://{address}{path}")), expected);
        let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
        assert_eq!(asked.join().unwrap(), request);
    }
}

#[test]
fn what_cannot_be_asked_says_why() {
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let closed = format!("localhost:{}", closed.port());
    let error = at(&closed).unwrap_err();
    assert!(
        error.starts_with(&format!("unhealthy: {closed} does not answer: Connection refused")),
        "{error}"
    );
    for endpoint in ["https://localhost:1/", "http://example.com:80/", "localhost"] {
        assert_eq!(
            at(endpoint).unwrap_err(),
            format!("{endpoint}: needs an IP address or localhost, a port, and no TLS")
        );
    }
}

#[test]
fn any_address_that_means_this_machine_is_asked_here() {
    let (address, asked) = server("HTTP/1.1 200 OK\r\n\r\n");
    assert_eq!(at(&format!("0.0.0.0:{}", address.port())), Ok("healthy"));
    assert!(asked.join().unwrap().starts_with("GET / HTTP/1.1\r\n"));
}

#[test]
fn the_extension_that_is_started_says_where() {
    let extensions = "extensions: {health_check: , health_check/2: {endpoint: 'x:1', path: /h}, health_check/3: {tls: {cert_file: a}}}";
    for (started, address) in [
        ("[health_check]", Some("localhost:13133/")),
        ("[health_check/2, health_check]", Some("x:1/h")),
        ("[]", None),
    ] {
        let found = of(&format!("{extensions}\nservice: {{extensions: {started}}}")).unwrap();
        assert_eq!(found.as_deref(), address);
    }
    let v2 = "healthcheckv2: {path: /old}, healthcheckv2/on: {use_v2: true, path: /old, http: {endpoint: 'x:2'}}, \
              healthcheckv2/off: {use_v2: true, http: {status: {enabled: false}}}, healthcheckv2/grpc: {use_v2: true, grpc: }";
    for (started, address) in [
        ("[healthcheckv2]", Some("localhost:13133/old")),
        ("[healthcheckv2/off, healthcheckv2/on]", Some("x:2/status")),
        ("[healthcheckv2/grpc]", None),
    ] {
        let found = of(&format!("extensions: {{{v2}}}\nservice: {{extensions: {started}}}")).unwrap();
        assert_eq!(found.as_deref(), address);
    }
    let error = of(&format!("{extensions}\nservice: {{extensions: [health_check/3]}}")).unwrap_err();
    assert_eq!(error, "health_check has tls, and healthcheck asks over plain HTTP only");
}

#[test]
fn a_configuration_can_be_named() {
    let bed = Bed::new(
        "receivers: {fake: }\nexporters: {fake: }\nservice:\n  pipelines: {traces: {receivers: [fake], exporters: [fake]}}\n",
    );
    let named = Sources { configs: vec![bed.config()], ..Sources::default() };
    let verdict = check(&BUILD, Registry::new(COMPONENTS), named, None);
    assert_eq!(verdict, Err(NOTHING.to_owned()));
    let error = check(&BUILD, Registry::new(COMPONENTS), Sources::default(), None).unwrap_err();
    assert_eq!(error, "no collector runs here: give --config or --endpoint");
}
