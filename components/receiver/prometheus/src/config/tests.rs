use slimcol_config::from_yaml;

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
    assert!(job.honor_timestamps && !job.honor_labels && job.compressed && !job.native_histograms);
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
         sample_limit: 5\n    body_size_limit: 10MB\n    external_labels: {zone: 1}\n    metric_name_validation_scheme: legacy\n",
    )
    .unwrap();
    assert_eq!((job.interval.as_secs(), job.timeout.as_secs()), (5, 3));
    assert_eq!((job.limits.samples, job.limits.body), (7, 10 << 20));
    assert!(job.native_histograms && job.legacy_names);
    assert!(
        job.accept.starts_with("application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily")
    );
    assert!(job.accept.contains("escaping=underscores"));
    assert_eq!(job.external.get("zone"), "1");
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
    assert_eq!((job.discovery.len(), job.relabel.len(), job.metric_relabel.len()), (4, 1, 1));
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
        ("target_allocator: {endpoint: a}\n", "`target_allocator` is not supported by this receiver yet"),
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
