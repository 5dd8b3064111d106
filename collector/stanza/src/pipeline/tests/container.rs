use super::*;

const PATH: &str =
    "/var/log/pods/some_kube-scheduler-kind_49cc7c1fd3702c40b2686ea7486091d3/kube-scheduler/1.log";
/// What that path says.
const POD: &str = r#""resource":{"k8s.container.name":"kube-scheduler","k8s.namespace.name":"some","k8s.pod.name":"kube-scheduler-kind","k8s.container.restart_count":"1","k8s.pod.uid":"49cc7c1fd3702c40b2686ea7486091d3"}"#;

fn line(body: &str) -> String {
    let body = json::text(&Value::Text(body.into()));
    format!(r#"{{"body":{body},"attributes":{{"log.file.path":"{PATH}"}}}}"#)
}

/// An entry that came of a line: its text, its other attributes and its time.
fn read(body: &str, attributes: &str, time: i64) -> String {
    format!(
        r#"{{"body":"{body}","attributes":{{"log.file.path":"{PATH}",{attributes}}},{POD},"timestamp":{time}}}"#
    )
}

fn all(operator: &str, bodies: &[&str]) -> String {
    let lines: Vec<_> = bodies.iter().map(|body| line(body)).collect();
    let lines: Vec<_> = lines.iter().map(String::as_str).collect();
    outcome(operator, &lines)
}

#[test]
fn dockers_lines_are_json() {
    let body = r#"{"log":"INFO: log line here\n","stream":"stdout","time":"2029-03-30T08:31:20.545192187Z","attrs":{"a":1}}"#;
    let found = all("{type: container}", &[body]);
    let attributes = r#""attrs":{"a":1},"log.iostream":"stdout""#;
    assert_eq!(found, read(r"INFO: log line here\n", attributes, 1_869_553_880_545_192_187));
    assert_eq!(all("{type: container, format: docker}", &[body]), found);
}

#[test]
fn lines_of_cri_are_words() {
    for (format, time) in
        [("crio", "2024-04-13T07:59:37.505201169-05:00"), ("containerd", "2024-04-13T12:59:37.505201169Z")]
    {
        let body = format!("{time} stdout F standalone crio line which is awesome!");
        let wanted = read(
            "standalone crio line which is awesome!",
            r#""logtag":"F","log.iostream":"stdout""#,
            1_713_013_177_505_201_169,
        );
        for operator in ["{type: container}".to_owned(), format!("{{type: container, format: {format}}}")] {
            assert_eq!(all(&operator, &[&body]), wanted, "{operator}");
        }
    }
    let empty = read("", r#""logtag":"F","log.iostream":"stderr""#, 1_713_013_177_000_000_000);
    let empty = empty.replace(r#""body":"","#, "");
    assert_eq!(all("{type: container}", &["2024-04-13T12:59:37Z stderr F"]), empty);
}

#[test]
fn lines_that_were_cut_are_joined() {
    let parts = [
        "2024-04-13T07:59:37Z stdout P a",
        "2024-04-13T07:59:38Z stdout P b",
        r#"{"log":"between","stream":"stdout","time":"2024-04-13T07:59:37Z"}"#,
        "2024-04-13T07:59:39Z stdout F c",
    ];
    let between = read("between", r#""log.iostream":"stdout""#, 1_712_995_177_000_000_000);
    let joined = read("abc", r#""logtag":"P","log.iostream":"stdout""#, 1_712_995_177_000_000_000);
    assert_eq!(all("{type: container}", &parts), format!("{between}\n{joined}"));
}

#[test]
fn what_is_too_long_or_old_is_let_go() {
    let body = "2024-04-13T07:59:37Z stdout P abcdef";
    let part = read("abcdef", r#""logtag":"P","log.iostream":"stdout""#, 1_712_995_177_000_000_000);
    assert_eq!(all("{type: container}", &[body]), "");
    assert_eq!(all("{type: container, max_log_size: 5}", &[body]), part);
    let pipeline = built("{type: container}", &Log::none()).unwrap();
    let second = std::time::Duration::from_secs(1);
    assert_eq!(pipeline.period(), Some(second));
    assert!(pipeline.process(vec![entry(&line(body))]).entries.is_empty());
    assert!(pipeline.flush(4_999_999_999).entries.is_empty());
    assert_eq!(shown(&pipeline.flush(5_000_000_000).entries[0]), part);
}

#[test]
fn paths_tell_the_pod() {
    for (path, pod) in [
        ("/var/log/pods/ns_p-0_ab-1/c/12.log.20240413-075937", "c ns p-0 12 ab-1"),
        (r"C:\\var\\ns_p_ab\\c\\0.log", "c ns p 0 ab"),
        ("/var/log/pods/ns_p_xyz/c/0.log", ""),
        ("/var/log/pods/ns_p_ab/c.d/0.log", ""),
        ("/var/log/pods/ns_p_ab/c/0.log.gz", ""),
        ("ns_p_ab/c/0.log", ""),
    ] {
        let text = r#"{"log":"x","stream":"stdout","time":"2024-04-13T07:59:37Z"}"#;
        let text = json::text(&Value::Text(text.into()));
        let entry =
            format!(r#"{{"body":{text},"attributes":{{"log.file.path":"{path}"}},"resource":{{"a":"b"}}}}"#);
        let pipeline = built("{type: container}", &Log::none()).unwrap();
        let done = pipeline.process(vec![super::entry(&entry)]);
        let found: Vec<_> = done.entries[0].resource.iter().skip(1).map(|(_, v)| v.to_string()).collect();
        assert_eq!(found.join(" "), pod, "{path}");
        let errors = if pod.is_empty() { "failed to detect a valid log path" } else { "" };
        assert_eq!(done.errors.join("; "), errors, "{path}");
    }
}

#[test]
fn what_is_wrong_is_said() {
    let time = "2024-04-13T07:59:37Z";
    for (operator, entry, error) in [
        (
            "{type: container}",
            r#"{"body":"x"}"#,
            "failed to detect a valid container log format: entry cannot be parsed as container logs: x",
        ),
        (
            "{type: container}",
            r#"{"body":1}"#,
            "failed to detect a valid container log format: type 'int64' cannot be parsed as container logs",
        ),
        ("{type: container, format: crio}", r#"{"body":"x"}"#, "regex pattern does not match"),
        (
            "{type: container, format: docker}",
            r#"{"body":"x"}"#,
            "invalid character 'x' looking for beginning of value",
        ),
        ("{type: container}", r#"{"body":"{}"}"#, "failed to parse time: failed to get the time from {}"),
        (
            "{type: container}",
            &format!(r#"{{"body":"{{\"time\":\"{time}\"}}"}}"#),
            "move: field log does not exist",
        ),
        (
            "{type: container, id: mine}",
            &format!(r#"{{"body":"{time} stdout F x"}}"#),
            "operator 'mine' has 'add_metadata_from_filepath' enabled, but the log record attribute 'log.file.path' is \
             missing. Perhaps enable the 'include_file_path' option?",
        ),
    ] {
        let found = outcome(operator, &[entry]);
        assert_eq!(found.lines().last().unwrap(), format!("! {error}"), "{operator} {entry}");
    }
    let error = outcome("{type: container, format: podman}", &[]);
    assert_eq!(
        error,
        r#"refused: 'operators[0]' operator config has an invalid `format` field.: {"format":"podman"}"#
    );
    let found = outcome(
        "{type: container, add_metadata_from_filepath: false}",
        &[&format!(r#"{{"body":"{time} stdout F x"}}"#)],
    );
    assert!(
        found.starts_with(r#"{"body":"x","attributes":{"logtag":"F","log.iostream":"stdout"},"timestamp":"#),
        "{found}"
    );
}
