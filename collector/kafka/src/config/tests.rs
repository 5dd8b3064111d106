//! Keys, defaults and messages.

use super::*;

#[derive(Debug)]
struct All {
    client: ClientConfig,
    producer: ProducerConfig,
    consumer: ConsumerConfig,
}

impl Settings for All {
    fn read(from: &mut Section<'_>) -> Self {
        Self { client: from.squash(), producer: from.section("producer"), consumer: from.squash() }
    }

    fn validate(&self, problems: &mut Problems<'_>) {
        self.client.validate(problems);
        problems.within("producer", &self.producer);
        self.consumer.validate(problems);
    }
}

fn read(yaml: &str) -> Result<All, String> {
    slimcol_config::from_yaml(yaml)
}

#[test]
fn says_what_is_wrong_as_go_does() {
    for (yaml, message) in [
        ("brokers: []", "brokers must be specified"),
        ("brokers: ['a:b']", "invalid broker address \"a:b\", want host:port"),
        ("protocol_version: none", "invalid protocol version: \"none\""),
        ("conn_idle_timeout: 0s", "conn_idle_timeout (0s) must be positive"),
        (
            "initial_offset: middle",
            "initial_offset should be one of 'latest' or 'earliest'. configured value middle",
        ),
        ("min_fetch_size: -1", "min_fetch_size (-1) must be non-negative"),
        (
            "{min_fetch_size: 9, max_fetch_size: 8}",
            "max_fetch_size (8) cannot be less than min_fetch_size (9)",
        ),
        (
            "{group_rebalance_strategy: range, group_rebalance_strategies: [range]}",
            "group_rebalance_strategy and group_rebalance_strategies are mutually exclusive",
        ),
        (
            "group_rebalance_strategies: [fair]",
            "group rebalance strategy \"fair\" is not a built-in strategy",
        ),
        (
            "producer: {compression: brotli}",
            "compression should be one of 'none', 'gzip', 'snappy', 'lz4', or 'zstd'. configured value is \"brotli\"",
        ),
        (
            "producer: {compression: gzip, compression_params: {level: 12}}",
            "unsupported parameters {Level:12}",
        ),
        ("producer: {required_acks: 2}", "expected 'all' (-1), 0, or 1; configured value is 2"),
        ("producer: {max_message_bytes: -1}", "max_message_bytes (-1) must be non-negative"),
        (
            "producer: {max_broker_write_bytes: 1000}",
            "max_broker_write_bytes (1000) must be at least 104857600 (100 MiB, franz-go minimum)",
        ),
        (
            "producer: {max_message_bytes: 104857601}",
            "max_message_bytes (104857601) cannot be greater than max_broker_write_bytes (104857600)",
        ),
        ("producer: {flush_max_messages: 0}", "flush_max_messages (0) must be at least 1"),
        ("auth: {sasl: {mechanism: PLAIN, password: x}}", "username is required"),
        ("auth: {sasl: {mechanism: PLAIN, username: x}}", "password is required"),
        ("auth: {sasl: {mechanism: NONE}}", "mechanism should be one of 'PLAIN', "),
        ("auth: {sasl: {mechanism: OAUTHBEARER}}", "oauth2authclient extension is required"),
        (
            "auth: {sasl: {mechanism: PLAIN, username: x, password: y, version: 2}}",
            "version has to be either 0 or 1. configured value 2",
        ),
    ] {
        let error = read(yaml).unwrap_err();
        assert!(error.contains(message), "{yaml}: {error}");
    }
}

#[test]
fn defaults_are_gos() {
    let all = read("{}").unwrap();
    assert_eq!(all.client.brokers, ["localhost:9092"]);
    assert_eq!(all.client.client_id, "otel-collector");
    assert_eq!(all.client.metadata.refresh_interval, Duration::secs(600));
    assert_eq!((all.client.metadata.max, all.client.metadata.backoff), (3, Duration::millis(250)));
    assert_eq!(all.producer.max_message_bytes(), 1_000_000);
    assert_eq!(all.producer.required_acks, Acks(1));
    assert_eq!(all.consumer.group_id, "otel-collector");
    assert_eq!(all.consumer.strategies(), [Strategy::CooperativeSticky]);
    assert!(!all.consumer.begins_early());
    assert!(all.consumer.autocommit && all.producer.allow_auto_topic_creation);
}

#[test]
fn words_and_secrets() {
    let yaml = "
protocol_version: 2.1.0
auth: {sasl: {mechanism: SCRAM-SHA-512, username: me, password: hush}}
group_rebalance_strategies: [range, cooperative-sticky]
producer: {required_acks: all, compression: zstd}
";
    let all = read(yaml).unwrap();
    assert!(!format!("{all:?}").contains("hush"));
    assert_eq!(all.producer.required_acks, Acks(-1));
    assert_eq!(all.consumer.strategies(), [Strategy::Range, Strategy::CooperativeSticky]);
    let plain = read("auth: {plain_text: {username: a, password: b}}").unwrap().client.auth.sasl.unwrap();
    assert_eq!(
        (plain.mechanism.as_str(), plain.username.as_str(), plain.token_source()),
        ("PLAIN", "a", None)
    );
    let shown = read("auth: {sasl: {mechanism: OAUTHBEARER, oauthbearer_token_source: oauth2client/x}}");
    assert_eq!(shown.unwrap().client.auth.sasl.unwrap().token_source(), Some("oauth2client/x"));
}

#[test]
fn addresses_and_versions() {
    assert_eq!(address("kafka"), Some(("kafka", 9092)));
    assert_eq!(address("kafka:1"), Some(("kafka", 1)));
    assert_eq!(address("[::1]:1"), Some(("::1", 1)));
    assert_eq!(address("::1"), Some(("::1", 9092)));
    assert_eq!((address(":1"), address("a:x"), address("")), (None, None, None));
    for good in ["0.11.0.2", "1.0.0", "2.1.0", "v3.9", "4.1.0"] {
        assert!(is_version(good), "{good}");
    }
    for bad in ["", "2", "2.9.0", "0.7", "x.y", "5.0"] {
        assert!(!is_version(bad), "{bad}");
    }
}
