use slimcol_config::from_yaml;

use super::*;

#[test]
fn keepalive_by_section_or_by_deprecated_keys() {
    // What is written, whether keep-alives are on, the idle timeout in seconds, the number of warnings.
    let cases = [
        ("", true, 60, 0),
        ("keepalive:", true, 60, 0),
        ("keepalive: {idle_timeout: 7s}", true, 7, 0),
        ("keepalive: {enabled: false}", false, 60, 0),
        ("idle_timeout: 5s", true, 5, 1),
        ("idle_timeout: 0s", true, 60, 0),
        ("keep_alives_enabled: false", false, 60, 1),
        ("keep_alives_enabled: true", true, 60, 0),
        ("{idle_timeout: 5s, keep_alives_enabled: false}", false, 5, 2),
    ];
    for (yaml, enabled, idle, warnings) in cases {
        let keepalive = from_yaml::<HttpServerConfig>(yaml).unwrap().keepalive;
        assert_eq!(
            (keepalive.enabled, keepalive.idle_timeout, keepalive.deprecations.len()),
            (enabled, Duration::secs(idle), warnings),
            "{yaml}"
        );
    }
    let error = from_yaml::<HttpServerConfig>("{idle_timeout: 5s, keepalive: {}}").unwrap_err();
    assert!(error.contains("cannot use deprecated keepalive fields"), "{error}");
}

#[test]
fn a_server_needs_a_certificate() {
    let error = from_yaml::<HttpServerConfig>("tls: {}").unwrap_err();
    assert!(
        error.contains("tls: TLS configuration must include both certificate and key for server connections"),
        "{error}"
    );
    assert!(!from_yaml::<HttpServerConfig>("tls:").unwrap().tls.is_on(), "null leaves it off");
}

#[test]
fn sizes() {
    for (yaml, size) in
        [("", 20 << 20), ("max_request_body_size: -1", 20 << 20), ("max_request_body_size: 5", 5)]
    {
        assert_eq!(from_yaml::<HttpServerConfig>(yaml).unwrap().body_limit(), size);
    }
}
