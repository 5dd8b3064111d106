use slimcol_config::from_yaml;
use slimcol_exposition::Histograms;

use super::*;

fn error(yaml: &str) -> String {
    from_yaml::<Config>(yaml).unwrap_err()
}

fn job(keys: &str) -> Result<Job, String> {
    let yaml = format!(
        "config:\n  scrape_configs:\n    - job_name: demo\n      static_configs: [{{targets: [\"a:1\"]}}]\n{keys}"
    );
    Ok(from_yaml::<Config>(&yaml)?.jobs()?.remove(0))
}

#[test]
fn defaults_are_prometheus_own() {
    let job = job("").unwrap();
    assert_eq!(job.interval.as_secs(), 60);
    assert_eq!(job.timeout.as_secs(), 10);
    assert!(
        job.terms.honor_timestamps
            && !job.terms.honor_labels
            && job.compressed
            && job.terms.histograms == Histograms::Classic
    );
    assert_eq!((&*job.metrics_path, &*job.scheme), ("/metrics", "http"));
    assert_eq!(
        job.accept,
        "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;\
         q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2"
    );
}

#[test]
fn scrapes_take_what_they_do_not_say_from_global() {
    let job = job(
        "      sample_limit: 7\n      scrape_timeout: 3s\n  global:\n    scrape_interval: 5s\n    scrape_native_histograms: true\n    \
         always_scrape_classic_histograms: true\n    \
         sample_limit: 5\n    body_size_limit: 10MB\n    external_labels: {zone: 1}\n    metric_name_validation_scheme: legacy\n",
    )
    .unwrap();
    assert_eq!((job.interval.as_secs(), job.timeout.as_secs()), (5, 3));
    assert_eq!((job.terms.limits.samples, job.body_limit), (7, 10 << 20));
    assert!(job.terms.histograms == Histograms::Both && job.terms.legacy_names);
    assert!(
        job.accept.starts_with("application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily")
    );
    assert!(job.accept.contains("escaping=underscores"));
    assert_eq!(job.terms.external.get("zone"), "1");
}

#[test]
fn all_keys_of_a_scrape_are_read() {
    let job = job(
        "      honor_labels: true\n      honor_timestamps: false\n      track_timestamps_staleness: true\n      metrics_path: /m\n      \
         scheme: https\n      params: {module: [http, 5]}\n      fallback_scrape_protocol: OpenMetricsText1.0.0\n      \
         enable_compression: false\n      scrape_protocols: [PrometheusText0.0.4]\n      extra_scrape_metrics: true\n      \
         target_limit: 3\n      relabel_configs: [{source_labels: [__address__], target_label: x, action: Replace}]\n      \
         metric_relabel_configs: [{regex: 5, action: labeldrop}]\n      basic_auth: {username: u, password: p}\n      \
         tls_config: {insecure_skip_verify: true, server_name: x, min_version: TLS12}\n      follow_redirects: false\n      \
         enable_http2: false\n      http_headers: {X-A: {values: [b], secrets: [c]}}\n      proxy_url: http://proxy:1\n      \
         file_sd_configs: [{files: [\"/a/*.json\"], refresh_interval: 1m}]\n      http_sd_configs: [{url: \"http://a/b\"}]\n      \
         dns_sd_configs: [{names: [a], type: A, port: 1}]\n",
    )
    .unwrap();
    assert_eq!(job.params, [("module".to_owned(), vec!["http".to_owned(), "5".to_owned()])]);
    assert_eq!(job.accept, "text/plain;version=0.0.4;q=0.6,*/*;q=0.5");
    assert_eq!((job.discovery.len(), job.relabel.len(), job.terms.metric_relabel.len()), (4, 1, 1));
}

#[test]
fn mistakes_are_told_in_prometheus_words() {
    for (keys, text) in [
        (
            "      scrape_interval: 5s\n      scrape_timeout: 6s\n",
            "scrape timeout greater than scrape interval for scrape config with job name \"demo\"",
        ),
        ("      scrape_interval: 5\n", "not a valid duration string: \"5\""),
        (
            "      scrape_protocols: [A]\n",
            "scrape_protocols: unknown scrape protocol A, supported: [OpenMetricsText0.0.1 OpenMetricsText1.0.0 PrometheusProto PrometheusText0.0.4 PrometheusText1.0.0] for scrape config with job name \"demo\"",
        ),
        (
            "      scrape_protocols: []\n",
            "scrape_protocols cannot be empty for scrape config with job name \"demo\"",
        ),
        (
            "      fallback_scrape_protocol: x\n",
            "invalid fallback_scrape_protocol for scrape config with job name \"demo\": unknown scrape protocol x",
        ),
        (
            "      relabel_configs: [{action: hashmod, target_label: a}]\n",
            "relabel configuration for hashmod requires non-zero modulus",
        ),
        ("      relabel_configs: [{action: x}]\n", "unknown relabel action \"x\""),
        (
            "      authorization: {type: basic}\n",
            "authorization type cannot be set to \"basic\", use \"basic_auth\" instead",
        ),
        (
            "      basic_auth: {username: a}\n      authorization: {credentials: b}\n",
            "at most one of basic_auth, oauth2 & authorization must be configured",
        ),
        (
            "      tls_config: {cert_file: /nonexistent}\n",
            "exactly one of key or key_file must be configured when a client certificate is configured",
        ),
        (
            "      authorization: {credentials_file: /nonexistent}\n",
            "error checking authorization credentials file \"/nonexistent\": stat /nonexistent: no such file or directory",
        ),
        (
            "      file_sd_configs: [{files: [a.txt]}]\n",
            "path name \"a.txt\" is not valid for file discovery",
        ),
        ("      http_sd_configs: [{url: \"ftp://a\"}]\n", "URL scheme must be 'http' or 'https'"),
        (
            "      kubernetes_sd_configs: []\n",
            "`kubernetes_sd_configs` is not supported by this receiver yet",
        ),
        ("      scrape_intervall: 1s\n", "has invalid keys: scrape_intervall"),
        ("    - job_name: demo\n", "found multiple scrape configs with job name \"demo\""),
        ("    - {}\n", "job_name is empty"),
        (
            "  global: {scrape_interval: 1s, scrape_timeout: 2s}\n",
            "global scrape timeout greater than scrape interval",
        ),
        ("  global: {metric_name_validation_scheme: x}\n", "must be either '', 'legacy' or 'utf8', got x"),
        ("target_allocator: {endpoint: a}\n", "TargetAllocator endpoint is not valid: a"),
        ("api_server: {enabled: true}\n", "`api_server` is not supported by this receiver yet"),
        ("  use_start_time_metric: true\n", "has invalid keys: use_start_time_metric"),
    ] {
        let found = job(keys).unwrap_err();
        assert!(found.contains(text), "{keys}: {found}");
    }
    let url = "config: {scrape_configs: [{job_name: a, static_configs: [{targets: [\"http://a:1\"]}]}]}";
    assert!(error(url).contains("\"http://a:1\" is not a valid hostname"));
    for nothing in ["{}", "config: {}", "config: {scrape_configs: []}"] {
        assert_eq!(error(nothing), "no Prometheus scrape_configs or target_allocator set");
    }
}

#[test]
fn what_a_receiver_cannot_do_is_refused() {
    let yaml = "config:\n  scrape_configs: [{job_name: demo}]\n  remote_write: [{url: a}]\n  remote_read: [{url: a}]\n  \
                rule_files: [a]\n  alerting: {alert_relabel_configs: [{separator: ','}], alertmanagers: [{scheme: http}]}\n";
    assert_eq!(
        error(yaml),
        "config: unsupported features:\n\talert_config.alertmanagers\n\talert_config.relabel_configs\n\tremote_read\n\t\
         remote_write\n\trule_files"
    );
}

/// Keys of a scrape, and what is said of them.
const WRONG: &[(&str, &str)] = &[
    ("static_configs: 5", "source data must be an array or slice, got int"),
    (
        "static_configs: [{targets: a}]",
        "'config.scrape_configs[0].static_configs[0].targets' source data must be an array or slice, got string",
    ),
    ("static_configs: [{target: [a]}]", "has invalid keys: target"),
    (
        "static_configs: [{targets: [a], labels: [b]}]",
        "static_configs[0].labels' expected type 'map[string]interface {}'",
    ),
    (
        "metrics_path: 5",
        "'config.scrape_configs[0].metrics_path' expected type 'string', got unconvertible type 'int'",
    ),
    (
        "params: [a]",
        "params' expected type 'map[string]interface {}', got unconvertible type '[]interface {}'",
    ),
    (
        "sample_limit: -1",
        "'config.scrape_configs[0].sample_limit' cannot parse value as 'int': -1 overflows uint",
    ),
    ("target_limit: x", "target_limit' expected type"),
    ("label_limit: x", "label_limit' expected type"),
    ("label_name_length_limit: x", "label_name_length_limit' expected type"),
    ("label_value_length_limit: x", "label_value_length_limit' expected type"),
    ("body_size_limit: 1ZB", "body_size_limit' units: invalid 1ZB"),
    ("scrape_interval: -1s", "not a valid duration string: \"-1s\""),
    ("scrape_interval: 999999999999y", "scrape_interval' duration out of range"),
    (
        "metric_name_validation_scheme: x",
        "unknown scrape config name validation method specified, must be either '', 'legacy' or 'utf8', got x",
    ),
    (
        "metric_name_escaping_scheme: x",
        "unknown scrape config name escaping method specified, must be one of 'allow-utf-8', 'underscores', 'dots', or 'values', got \"x\"",
    ),
    (
        "scrape_protocols: [PrometheusProto, PrometheusProto]",
        "duplicated protocol in scrape_protocols, got [PrometheusProto PrometheusProto] for scrape config with job name \"a\"",
    ),
    (
        "always_scrape_classic_histograms: x",
        "always_scrape_classic_histograms' expected type 'bool', got unconvertible type 'string'",
    ),
    ("honor_labels: x", "honor_labels' expected type 'bool', got unconvertible type 'string'"),
    ("honor_timestamps: x", "honor_timestamps' expected type 'bool', got unconvertible type 'string'"),
    (
        "track_timestamps_staleness: x",
        "track_timestamps_staleness' expected type 'bool', got unconvertible type 'string'",
    ),
    ("enable_compression: x", "enable_compression' expected type 'bool', got unconvertible type 'string'"),
    (
        "extra_scrape_metrics: x",
        "extra_scrape_metrics' expected type 'bool', got unconvertible type 'string'",
    ),
    (
        "scrape_native_histograms: x",
        "scrape_native_histograms' expected type 'bool', got unconvertible type 'string'",
    ),
    ("follow_redirects: x", "follow_redirects' expected type 'bool', got unconvertible type 'string'"),
    ("enable_http2: x", "enable_http2' expected type 'bool', got unconvertible type 'string'"),
    ("file_sd_configs: [{}]", "file service discovery config must contain at least one path name"),
    (
        "file_sd_configs: [{files: [a.json], refresh_interval: x}]",
        "refresh_interval' not a valid duration string: \"x\"",
    ),
    ("file_sd_configs: [{files: ['*/a.json']}]", "path name \"*/a.json\" is not valid for file discovery"),
    ("http_sd_configs: [{}]", "'config.scrape_configs[0].http_sd_configs[0].url' URL is missing"),
    ("http_sd_configs: [{url: 'http://'}]", "url' host is missing in URL"),
    ("http_sd_configs: [{url: 'http:///x'}]", "url' host is missing in URL"),
    ("http_sd_configs: [{url: 'http://[::1'}]", "url' \"http://[::1\" is no URL: invalid authority"),
    ("oauth2: {}", "'config.scrape_configs[0].oauth2.client_id' oauth2 client_id must be configured"),
    (
        "oauth2: {client_id: b}",
        "'config.scrape_configs[0].oauth2.token_url' oauth2 token_url must be configured",
    ),
    (
        "oauth2: {client_id: b, token_url: 'ftp://a'}",
        "invalid token_url: it must be an http:// or https:// URL",
    ),
    (
        "oauth2: {client_id: b, token_url: 'http://a', client_secret: hush, client_secret_file: c}",
        "at most one of oauth2 client_secret, client_secret_file & client_secret_ref must be configured using \
         grant-type=client_credentials",
    ),
    (
        "oauth2: {client_id: b, token_url: 'http://a', scopes: [c], endpoint_params: {scope: d}}",
        "oauth2: cannot overwrite parameter \"scope\"",
    ),
    (
        "oauth2: {client_id: b, token_url: 'http://a', grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer'}",
        "`urn:ietf:params:oauth:grant-type:jwt-bearer` is not supported by this receiver yet",
    ),
    (
        "oauth2: {client_id: b, token_url: 'http://a', tls_config: {min_version: x}}",
        "oauth2.tls_config.min_version' unknown TLS version: x",
    ),
    (
        "oauth2: {client_id: b, token_url: 'http://a', proxy_url: 'http://b', proxy_from_environment: true}",
        "if proxy_from_environment is configured, proxy_url must not be configured",
    ),
    (
        "oauth2: {client_id: b, token_url: 'http://a', endpoint_params: [c]}",
        "oauth2.endpoint_params' expected type 'map[string]interface {}'",
    ),
    ("oauth2: {client_id: b, token_url: 'http://a', audiences: c}", "has invalid keys: audiences"),
    (
        "oauth2: {client_id: b, token_url: 'http://a'}, basic_auth: {username: c}",
        "at most one of basic_auth, oauth2 & authorization must be configured",
    ),
    (
        "oauth2: {client_id: b, token_url: 'http://a'}, bearer_token: c",
        "at most one of basic_auth, oauth2, bearer_token & bearer_token_file must be configured",
    ),
    (
        "basic_auth: {username: a, username_file: b}",
        "at most one of basic_auth username, username_file & username_ref must be configured",
    ),
    (
        "basic_auth: {password: a, password_file: b}",
        "at most one of basic_auth password, password_file & password_ref must be configured",
    ),
    (
        "authorization: {credentials: a, credentials_file: b}",
        "at most one of authorization credentials & credentials_file must be configured",
    ),
    (
        "bearer_token: a, bearer_token_file: b",
        "at most one of bearer_token & bearer_token_file must be configured",
    ),
    (
        "bearer_token: a, basic_auth: {username: b}",
        "at most one of basic_auth, oauth2, bearer_token & bearer_token_file must be configured",
    ),
    ("tls_config: {ca: a, ca_file: b}", "at most one of ca and ca_file must be configured"),
    ("tls_config: {min_version: x}", "tls_config.min_version' unknown TLS version: x"),
    ("tls_config: {max_version: TLS11}", "tls_config.max_version' unknown TLS version: TLS11"),
    (
        "tls_config: {key_file: /nonexistent, cert_file: /nonexistent}",
        "error checking client cert file \"/nonexistent\": stat /nonexistent: no such file or directory",
    ),
    ("proxy_url: 'a b'", "'config.scrape_configs[0].proxy_url' invalid proxy URL: invalid uri character"),
    (
        "proxy_url: 'http://a', proxy_from_environment: true",
        "if proxy_from_environment is configured, proxy_url must not be configured",
    ),
    ("http_headers: {'a b': {values: [c]}}", "http_headers' \"a b\" is no name of a header"),
    (
        "http_headers: {authorization: {values: [c]}}",
        "http_headers' setting header \"authorization\" is not allowed",
    ),
    (
        "http_headers: {X: {values: [\"a\\nb\"]}}",
        "http_headers' a value of header \"X\" has characters that headers cannot have",
    ),
    ("http_headers: {X: {files: [a]}}", "has invalid keys: files"),
    (
        "relabel_configs: [{regex: '(', target_label: a}]",
        "error parsing regexp: missing closing ): `^(?s:()$`",
    ),
    (
        "relabel_configs: [{modulus: -1, target_label: x, action: hashmod}]",
        "relabel_configs[0].modulus' cannot parse value as 'uint64': -1 overflows uint",
    ),
    ("relabel_configs: [{target_label: a, nope: x}]", "relabel_configs[0]' has invalid keys: nope"),
    (
        "metric_relabel_configs: [{regex: a}]",
        "relabel configuration for replace action requires 'target_label' value",
    ),
];

#[test]
fn every_key_of_a_scrape_says_what_is_wrong_with_it() {
    for (keys, message) in WRONG.iter().copied() {
        let found = error(&format!("config: {{scrape_configs: [{{job_name: a, {keys}}}]}}"));
        assert!(found.contains(message), "{keys}: {found}");
    }
}

#[test]
fn every_other_key_says_what_is_wrong_with_it() {
    for (keys, message) in [
        ("config: 5", "'config' expected a map or struct, got \"int\""),
        (
            "config: {scrape_configs: 5}",
            "'config.scrape_configs' source data must be an array or slice, got int",
        ),
        (
            "config: {scrape_configs: [{job_name: 5}, {job_name: 5}]}",
            "found multiple scrape configs with job name \"5\"",
        ),
        (
            "config: {scrape_configs: [{job_name: a}], global: {external_labels: {'': b}}}",
            "\"\" is not a valid label name",
        ),
        (
            "config: {scrape_configs: [{job_name: a}], global: {external_labels: [a]}}",
            "'config.global.external_labels' expected type 'map[string]interface {}'",
        ),
        (
            "config: {scrape_config_files: ['a*/b']}",
            "'config.scrape_config_files' invalid scrape config file path \"a*/b\"",
        ),
        (
            "config: {scrape_config_files: [/dev/fd]}",
            "'config.scrape_config_files' failed to get scrape configs: \"/dev/fd\": is a directory",
        ),
        ("api_server: {enabled: true}", "`api_server` is not supported by this receiver yet"),
        (
            "trim_metric_suffixes: x",
            "'trim_metric_suffixes' expected type 'bool', got unconvertible type 'string'",
        ),
        (
            "scrape_on_shutdown: x",
            "'scrape_on_shutdown' expected type 'bool', got unconvertible type 'string'",
        ),
        ("initial_scrape_offset: x", "'initial_scrape_offset' time: invalid duration"),
    ] {
        let found = error(keys);
        assert!(found.contains(message), "{keys}: {found}");
    }
}

/// What users are shown of a configuration in a file.
fn shown(yaml: &str) -> String {
    let node = slimcol_config::parse("config.yaml", yaml).unwrap();
    slimcol_config::Error::invalid(slimcol_config::read::<Config>(&node).unwrap_err()).to_string()
}

#[test]
fn mistakes_are_shown_where_they_stand() {
    let scrape = |keys: &str| format!("config:\n  scrape_configs:\n    - job_name: a\n      {keys}\n");
    for (yaml, place, message) in [
        (scrape("always_scrape_classic_histograms: x"), "config.yaml:4:41", "expected type 'bool'"),
        (
            scrape("oauth2: {token_url: 'http://a/'}"),
            "config.yaml:4:15",
            "oauth2 client_id must be configured",
        ),
        (scrape("oauth2: {client_id: b}"), "config.yaml:4:15", "oauth2 token_url must be configured"),
        (scrape("oauth2: {client_id: b, token_url: x}"), "config.yaml:4:41", "invalid token_url"),
        (
            scrape("oauth2: {client_id: b, token_url: 'http://a/', client_secret: c, client_secret_file: d}"),
            "config.yaml:4:69",
            "at most one of oauth2 client_secret",
        ),
    ] {
        let found = shown(&yaml);
        assert!(found.contains(place) && found.contains(message), "{place}: {found}");
    }
}

#[test]
fn files_have_scrapes_of_their_own() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let written = |name: &str, text: &str| std::fs::write(path(name), text).unwrap();
    written("secret", "hush");
    written(
        "b.yml",
        "scrape_configs:\n  - job_name: b\n    authorization: {credentials_file: secret}\n    file_sd_configs: [{files: [t.yml, /t.yml]}]\n",
    );
    written("c.yml", "scrape_configs: [{job_name: c, scrape_interval: 5s}]\n");
    written("d.yml", "");
    let yaml = |more: &str| {
        format!(
            "config:\n  global: {{scrape_timeout: 7s}}\n  scrape_configs: [{{job_name: a}}]\n  scrape_config_files: ['{}'{more}]\n",
            path("*.yml")
        )
    };
    let jobs = from_yaml::<Config>(&yaml(", /nonexistent")).unwrap().jobs().unwrap();
    let told: Vec<_> =
        jobs.iter().map(|job| (&*job.name, job.interval.as_secs(), job.timeout.as_secs())).collect();
    assert_eq!(told, [("a", 60, 7), ("b", 60, 7), ("c", 5, 5)]);
    let found = format!("{:?}", jobs[1].discovery);
    assert!(found.contains(&path("t.yml")) && found.contains("\"/t.yml\""), "{found}");
    assert_eq!(jobs[1].web.missing(), None);
    // Without any others they are enough, also if there are none yet.
    assert!(
        from_yaml::<Config>("config: {scrape_config_files: [/nonexistent]}")
            .unwrap()
            .jobs()
            .unwrap()
            .is_empty()
    );
    for (text, message) in [
        (
            "scrape_configs:\n  - job_name: e\n    scheme: [x]\n",
            "e.yml:3:5\": 'scrape_configs[0].scheme' expected type 'string'",
        ),
        (
            "scrape_configs: [{job_name: e, sheme: x}]",
            "e.yml:1:32\": 'scrape_configs[0]' has invalid keys: sheme",
        ),
        ("scrape_config: []", "e.yml:1:1\": has invalid keys: scrape_config"),
        ("a: [", "e.yml:"),
        (
            "scrape_configs: [{job_name: a}]",
            "e.yml\": found multiple scrape configs with job name \"a\", first found in main config file",
        ),
        ("scrape_configs: [{job_name: c}]", "c.yml\""),
        (
            "scrape_configs: [{job_name: e, scrape_timeout: 2m}]",
            "scrape timeout greater than scrape interval",
        ),
        (
            "scrape_configs: [{job_name: e, authorization: {credentials_file: gone}}]",
            "error checking authorization credentials file",
        ),
    ] {
        written("e.yml", text);
        let found = shown(&yaml(""));
        assert!(found.contains(message) && found.contains("config.yaml:4:"), "{text}: {found}");
        assert!(found.contains("failed to get scrape configs: \"") || text.contains("gone"), "{found}");
    }
}

#[test]
fn an_allocator_is_enough() {
    let yaml = "target_allocator: {endpoint: 'http://ta:80', collector_id: c, interval: 30s}";
    assert!(from_yaml::<Config>(yaml).unwrap().allocator().is_some());
    for (keys, column, message) in [
        (
            "endpoint: 'ta:80', collector_id: c, interval: 1s",
            30,
            "TargetAllocator endpoint is not valid: ta:80",
        ),
        ("collector_id: c, interval: 1s", 1, "TargetAllocator endpoint is not valid: "),
        ("endpoint: 'http://ta', interval: 1s", 1, "CollectorID is not a valid ID"),
        ("endpoint: 'http://ta', collector_id: '${c}', interval: 1s", 57, "CollectorID is not a valid ID"),
        ("endpoint: 'http://ta', collector_id: c", 1, "interval must be a positive duration, got 0s"),
        (
            "endpoint: 'http://ta', collector_id: c, interval: -1s",
            70,
            "interval must be a positive duration, got -1s",
        ),
        ("endpoint: 'http://ta', collector: c", 43, "'target_allocator' has invalid keys: collector"),
        (
            "http_sd_config: {refresh_interval: x}",
            55,
            "'target_allocator.http_sd_config.refresh_interval' not a valid duration string: \"x\"",
        ),
        ("http_scrape_config: {oauth2: {}}", 49, "oauth2 client_id must be configured"),
        (
            "endpoint: 'http://ta', collector_id: c, interval: 1s, http_scrape_config: {authorization: {credentials_file: /gone}}",
            74,
            "error checking authorization credentials file \"/gone\"",
        ),
        ("tls: {cert_file: a}, endpoint: 'http://ta', collector_id: c, interval: 1s", 20, "both"),
    ] {
        let found = shown(&format!("target_allocator: {{{keys}}}\n"));
        assert!(
            found.contains(message) && found.contains(&format!("config.yaml:1:{column}\n")),
            "{keys}: {found}"
        );
    }
}
