use super::*;
use crate::{Duration, Error, from_yaml, parse};

#[derive(Debug)]
struct Queue {
    size: i64,
    batch: Optional<Batch>,
}

impl Settings for Queue {
    fn read(from: &mut Section<'_>) -> Self {
        Self { size: from.get("queue_size", 1000), batch: from.optional("batch", false) }
    }
    fn validate(&self, problems: &mut Problems<'_>) {
        if self.size <= 0 {
            problems.add("queue_size", "`queue_size` must be positive");
        }
        problems.within_optional("batch", &self.batch);
    }
}

#[derive(Debug)]
struct Batch {
    timeout: Duration,
}

impl Settings for Batch {
    fn read(from: &mut Section<'_>) -> Self {
        Self { timeout: from.get("flush_timeout", Duration::millis(200)) }
    }
    fn validate(&self, problems: &mut Problems<'_>) {
        if self.timeout.is_negative() {
            problems.add("flush_timeout", "`flush_timeout` must be positive");
        }
    }
}

#[derive(Debug)]
struct Client {
    endpoint: String,
}

impl Settings for Client {
    fn read(from: &mut Section<'_>) -> Self {
        Self { endpoint: from.get("endpoint", String::new()) }
    }
    fn validate(&self, problems: &mut Problems<'_>) {
        if self.endpoint.contains(' ') {
            problems.add("endpoint", "invalid port");
        }
    }
}

#[derive(Debug)]
struct Exporter {
    client: Client,
    queue: Optional<Queue>,
    tls: Optional<NoSettings>,
    kind: u8,
    rules: Vec<Batch>,
    named: Vec<(String, Batch)>,
}

impl Settings for Exporter {
    fn read(from: &mut Section<'_>) -> Self {
        Self {
            client: from.squash(),
            queue: from.optional("sending_queue", true),
            tls: from.nullable("tls"),
            kind: from.choice("kind", 1, &[("first", 1), ("second", 2)]),
            rules: from.list("rules"),
            named: from.map("named"),
        }
    }
    fn validate(&self, problems: &mut Problems<'_>) {
        problems.within("clientconfig", &self.client);
        problems.within_optional("sending_queue", &self.queue);
    }
}

fn queue(text: &str) -> Optional<Queue> {
    from_yaml::<Exporter>(text).unwrap().queue
}

#[test]
fn optional_sections_have_three_states() {
    assert_eq!(queue("").into_option().unwrap().size, 1000);
    assert_eq!(queue("sending_queue:").into_option().unwrap().size, 1000);
    assert_eq!(queue("sending_queue: {}").into_option().unwrap().size, 1000);
    assert_eq!(queue("sending_queue: {queue_size: 5, enabled: true}").into_option().unwrap().size, 5);
    assert!(!queue("sending_queue: {enabled: false}").is_on());
    // Decoded, but not validated.
    assert!(!queue("sending_queue: {enabled: false, queue_size: 0}").is_on());

    let batch = |text| queue(text).into_option().unwrap().batch;
    assert!(!batch("").is_on());
    assert!(batch("sending_queue: {batch: }").is_on());
    assert!(batch("sending_queue: {batch: {}}").is_on());
    assert!(!batch("sending_queue: {batch: {enabled: false}}").is_on());

    let tls = |text| from_yaml::<Exporter>(text).unwrap().tls.is_on();
    assert_eq!(
        [tls(""), tls("tls:"), tls("tls: {}"), tls("tls: {enabled: false}")],
        [false, false, true, false]
    );
}

#[test]
fn what_is_wrong_is_told_all_at_once_in_gos_words() {
    for (text, expected) in [
        ("bar: 1\nfoo: 2\nendpoint: x", "has invalid keys: bar, foo"),
        ("foo: 2\nbar: 1", "has invalid keys: bar, foo"),
        (
            "endpoint: 5\nsending_queue: {queue_size: x, a: 1, queue_sze: 2}",
            "'endpoint' expected type 'string', got unconvertible type 'int'\n\
             'sending_queue.queue_size' expected type 'int64', got unconvertible type 'string'\n\
             'sending_queue' has invalid keys: a, queue_sze",
        ),
        ("sending_queue: [1]", "'sending_queue' expected a map or struct, got \"slice\""),
        ("sending_queue: true", "'sending_queue' expected a map or struct, got \"bool\""),
        ("sending_queue: {enabled: 5}", "'sending_queue' unexpected type int for 'enabled'"),
        ("sending_queue: {batch: {x: 1}}", "'sending_queue.batch' has invalid keys: x"),
        ("kind: frist", "'kind' unknown value \"frist\" (valid values: [first second])"),
        ("Endpoint: x", "has invalid keys: Endpoint"),
        ("rules: x", "'rules' source data must be an array or slice, got string"),
        ("rules: [{flush_timeout: 1x}]", "'rules[0].flush_timeout' time: unknown unit"),
        (
            "rules: [{a: 1}, 5]",
            "'rules[0]' has invalid keys: a\n'rules[1]' expected a map or struct, got \"int\"",
        ),
        ("named: {x: {flush_timeout: '5'}}", "'named[x].flush_timeout' time: missing unit in duration"),
        ("named: 5", "'named' expected a map or struct, got \"int\""),
        ("5", "expected a map or struct, got \"int\""),
        (
            "sending_queue: {enabled: false, queue_size: x}",
            "'sending_queue.queue_size' expected type 'int64', got unconvertible type 'string'",
        ),
    ] {
        assert_eq!(from_yaml::<Exporter>(text).unwrap_err(), expected, "{text}");
    }
}

#[test]
fn defaults_stand_where_nothing_is_written() {
    let exporter = from_yaml::<Exporter>(
        "endpoint:\nkind: second\nrules: [{flush_timeout: 1s}, null]\nnamed: {b: , a: {}}",
    )
    .unwrap();
    assert_eq!((exporter.client.endpoint.as_str(), exporter.kind), ("", 2));
    let timeouts = |b: &Batch| b.timeout.to_string();
    assert_eq!(exporter.rules.iter().map(timeouts).collect::<Vec<_>>(), ["1s", "200ms"]);
    assert_eq!(exporter.named.iter().map(|(k, _)| k.as_str()).collect::<Vec<_>>(), ["b", "a"]);
}

#[test]
fn validation_names_paths_as_go_does() {
    let text = "endpoint: a b\nsending_queue:\n  queue_size: 0\n  batch: {flush_timeout: -1s}\n";
    let node = parse("f.yaml", text).unwrap();
    let exporter = crate::read::<Exporter>(&parse("f.yaml", "").unwrap());
    assert!(exporter.is_ok());
    let mut section = Section::new(Some(&node), "");
    let exporter = Exporter::read(&mut section);
    assert!(section.finish().issues.is_empty());
    let mut problems = Problems::new(Some(&node), None, "exporters::otlp");
    exporter.validate(&mut problems);
    let found: Vec<_> =
        problems.finish().into_iter().map(|i| (i.message, i.place.unwrap().to_string())).collect();
    let expected = [
        ("exporters::otlp::clientconfig: invalid port", "f.yaml:1:11"),
        ("exporters::otlp::sending_queue: `queue_size` must be positive", "f.yaml:3:15"),
        ("exporters::otlp::sending_queue: batch: `flush_timeout` must be positive", "f.yaml:4:26"),
    ];
    assert_eq!(found, expected.map(|(m, p)| (m.to_owned(), p.to_owned())));
}

#[test]
fn items_of_lists_have_places_too() {
    let node = parse("f.yaml", "rules:\n  - a: 1\n  - b: [2,\n      3]\n").unwrap();
    let mut problems = Problems::new(Some(&node), None, "");
    for path in ["rules[1]", "rules[1].b[1]", "rules[2]", "rules[x]", "rules[0].b", "rule[0]"] {
        problems.add(path, path);
    }
    let places: Vec<_> = problems.finish().into_iter().map(|i| i.place.unwrap().to_string()).collect();
    assert_eq!(places, ["f.yaml:3:5", "f.yaml:4:7", "f.yaml:1:1", "f.yaml:1:1", "f.yaml:2:5", "f.yaml:1:1"]);
}

#[test]
fn texts_are_scalars() {
    let texts = |yaml: &str| {
        let node = parse("f.yaml", yaml).unwrap();
        let mut section = Section::new(Some(&node), "");
        let texts: Vec<_> =
            section.texts("labels").iter().map(|(name, text)| format!("{name}={text}")).collect();
        let issues = section.finish().issues;
        let issues = issues.into_iter().map(|i| format!("{} at {}", i.message, i.place.unwrap()));
        (texts.join(" "), issues.collect::<Vec<_>>().join("\n"))
    };
    let fine = |text: &str| (text.to_owned(), String::new());
    assert_eq!(texts("labels: {b: x, a: 1.5, c: true, d: }"), fine("b=x a=1.5 c=true d="));
    assert_eq!(texts("labels:"), fine(""));
    let wrong = "expected type 'map[string]string', got unconvertible type";
    for (yaml, error) in [
        ("labels: [a]", format!("'labels' {wrong} '[]interface {{}}' at f.yaml:1:1")),
        ("labels: 3", format!("'labels' {wrong} 'int' at f.yaml:1:9")),
        (
            "labels: {a: [b]}",
            "'labels[a]' expected type 'string', got unconvertible type '[]interface {}' at f.yaml:1:13"
                .into(),
        ),
    ] {
        assert_eq!(texts(yaml), (String::new(), error));
    }
}

#[test]
fn lines_with_secrets_are_not_shown() {
    let node = parse("f.yaml", "password: hunter2\nuser: me\n").unwrap();
    let mut section = Section::new(Some(&node), "");
    section.get("password", crate::Secret::default());
    section.get("user", String::new());
    section.error("password", "too short");
    section.error("user", "too short");
    let shown = Error::decoding(section.finish().issues).to_string();
    assert!(
        shown.contains("f.yaml:1:11") && shown.contains("user: me") && !shown.contains("hunter2"),
        "{shown}"
    );
}

#[test]
fn unknown_keys_are_shown_with_the_nearest_free_one() {
    let text = "exporters:\n  otlp:\n    sending_queue:\n      queue_sze: 5\n      bath: {}\n";
    let node = parse("config.yaml", text).unwrap();
    let label = "'exporters' error reading configuration for \"otlp\": ";
    let mut section = Section::new(node.get("exporters").unwrap().get("otlp"), label);
    Exporter::read(&mut section);
    let shown = Error::decoding(section.finish().issues).to_string();
    let expected = "failed to get config: cannot unmarshal the configuration: decoding failed due to the following error(s):

'exporters' error reading configuration for \"otlp\": 'sending_queue' has invalid keys: bath, queue_sze
 --> config.yaml:5:7
  |
5 |       bath: {}
  |       ^^^^ did you mean `batch`?
 --> config.yaml:4:7
  |
4 |       queue_sze: 5
  |       ^^^^^^^^^ did you mean `queue_size`?";
    assert_eq!(shown, expected);
}

#[test]
fn a_key_that_is_written_is_proposed_if_no_other_is_near() {
    let node = parse("f", "queue_size: 1\nqueue_sze: 2\n").unwrap();
    let issue = &crate::read::<Queue>(&node).unwrap_err()[0];
    assert_eq!(issue.help.as_deref(), Some("did you mean `queue_size`?"));
}

#[test]
fn keys_can_be_without_effect() {
    let node = parse("f", "{a: {sise: 1, size: 2}, nope: 3}").unwrap();
    let mut section = Section::new(Some(&node), "");
    section.warn_of_unknown_keys();
    section.section_with("a", |inner| {
        inner.warn_of_unknown_keys();
        inner.get("size", 0_u64);
        NoSettings
    });
    let findings = section.finish();
    assert!(findings.issues.is_empty());
    let said = findings.warnings.iter().map(|it| format!("{}: {}", it.place.as_ref().unwrap(), it.message));
    let expected = [
        "f:1:6: 'a' has no key \"sise\": it has no effect, did you mean `size`?",
        "f:1:25: has no key \"nope\": it has no effect",
    ];
    assert_eq!(said.collect::<Vec<_>>(), expected);
}

#[test]
fn warnings_do_not_fail_a_reading() {
    let node = parse("f", "old: 1").unwrap();
    let mut section = Section::new(Some(&node), "");
    assert!(section.has("old") && section.node("old").is_some());
    section.warn("old", "`old` is deprecated");
    let findings = section.finish();
    assert!(findings.issues.is_empty());
    assert_eq!(findings.warnings[0].message, "`old` is deprecated");
}
