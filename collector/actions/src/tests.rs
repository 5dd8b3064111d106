use slimcol_config::{Section, Settings, from_yaml};
use slimcol_pdata::view::Index;
use slimcol_service::{Client, ClientInfo, Log};

use crate::{ActionConfig, Actions, Logs as LogMatch, MatchConfig, Spans};

/// What is read in these tests.
#[derive(Debug)]
struct Written {
    actions: Vec<ActionConfig>,
    include: Option<MatchConfig>,
}

impl Settings for Written {
    fn read(from: &mut Section<'_>) -> Self {
        Self { actions: from.list("actions"), include: from.when_written("include") }
    }
}

fn client() -> Client {
    Client::new(ClientInfo {
        addr: Some("[2001:db8::1]:4317".parse().unwrap()),
        metadata: vec![("origin".into(), vec!["a".into(), "b".into()])],
        auth: vec![("subject".into(), "me".into())],
        ..ClientInfo::default()
    })
}

/// The attributes (their part of OTLP/JSON) after the actions were done.
fn done(actions: &str, attributes: &str) -> String {
    let written: Written = from_yaml(&format!("actions: {actions}")).unwrap();
    let actions = Actions::new(&written.actions).unwrap();
    let start = r#"{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"attributes":["#;
    let mut logs =
        slimcol_pdata::Logs::from_json(format!("{start}{attributes}]}}]}}]}}]}}").as_bytes()).unwrap();
    let (client, mut index) = (client(), Index::new(0));
    logs.edit(|tree| {
        for mut entry in tree.entries_mut() {
            for mut scope in entry.scopes_mut() {
                for mut record in scope.log_records_mut() {
                    let before = record.view().encoded().to_vec();
                    let changes = actions.change(record.view().attributes(), &client);
                    actions.apply(&mut record.attributes_mut(), &mut index, &client, &Log::none());
                    assert!(changes || before == record.view().encoded(), "it was not to change");
                }
            }
        }
    });
    let resource = logs.resource_logs().next().unwrap();
    let record = resource.scope_logs().next().unwrap().log_records().next().unwrap();
    let shown = record.attributes().iter().map(|(key, value)| format!("{key}={value:?}"));
    let shown = shown.map(|text| text.replace("Str(\"", "\"").replace("\")", "\""));
    shown.collect::<Vec<_>>().join(", ")
}

const ATTRIBUTES: &str = r#"{"key":"a","value":{"stringValue":"x"}},{"key":"n","value":{"intValue":"7"}},
    {"key":"d","value":{"doubleValue":1.5}},{"key":"t","value":{"boolValue":true}}"#;

#[test]
fn actions_do_what_gos_do() {
    let cases = [
        ("[{key: b, value: 1, action: insert}]", r#"a="x", n=Int(7), d=Double(1.5), t=Bool(true), b=Int(1)"#),
        ("[{key: a, value: 1, action: insert}]", r#"a="x", n=Int(7), d=Double(1.5), t=Bool(true)"#),
        ("[{key: a, value: '1', action: UPDATE}]", r#"a="1", n=Int(7), d=Double(1.5), t=Bool(true)"#),
        ("[{key: b, value: 1, action: update}]", r#"a="x", n=Int(7), d=Double(1.5), t=Bool(true)"#),
        ("[{key: a, value: 2.5, action: upsert}]", "a=Double(2.5), n=Int(7), d=Double(1.5), t=Bool(true)"),
        ("[{key: a, from_attribute: n, action: upsert}]", "a=Int(7), n=Int(7), d=Double(1.5), t=Bool(true)"),
        (
            "[{key: a, from_attribute: none, action: upsert}]",
            r#"a="x", n=Int(7), d=Double(1.5), t=Bool(true)"#,
        ),
        (
            "[{key: a, from_attribute: none, default_value: z, action: upsert}]",
            r#"a="z", n=Int(7), d=Double(1.5), t=Bool(true)"#,
        ),
        (
            "[{key: a, from_context: metadata.Origin, action: upsert}, {key: n, from_context: origin, action: upsert}, \
             {key: d, from_context: auth.subject, action: upsert}, {key: t, from_context: client.address, action: upsert}]",
            r#"a="a;b", n="a;b", d="me", t="2001:db8::1""#,
        ),
        (
            "[{key: a, from_context: metadata.none, action: upsert}]",
            r#"a="x", n=Int(7), d=Double(1.5), t=Bool(true)"#,
        ),
        ("[{key: a, action: delete}]", "n=Int(7), d=Double(1.5), t=Bool(true)"),
        ("[{pattern: '^[nd]$', action: delete}]", r#"a="x", t=Bool(true)"#),
        ("[{key: a, pattern: n, action: delete}]", "d=Double(1.5), t=Bool(true)"),
        (
            "[{key: a, action: hash}, {pattern: '[nd]', action: delete}]",
            r#"a="2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881", t=Bool(true)"#,
        ),
        (
            "[{pattern: '^t$', action: hash}, {pattern: '[and]', action: delete}]",
            r#"t="4bf5122f344554c53bde2ebb8cd2b7e3d1600ad631c385a5d7cce23c7785459a""#,
        ),
        (
            "[{key: n, action: hash}, {pattern: '[adt]', action: delete}]",
            r#"n="aae89fc0f03e2959ae4d701a80cc3915918c950b159f6abb6c92c1433b1a8534""#,
        ),
        (
            "[{key: a, pattern: '^(?P<first>.)(?P<rest>y)?', action: extract}]",
            r#"a="x", n=Int(7), d=Double(1.5), t=Bool(true), first="x", rest="""#,
        ),
        (
            "[{key: n, pattern: '(?P<a>.)', action: extract}]",
            r#"a="x", n=Int(7), d=Double(1.5), t=Bool(true)"#,
        ),
        (
            "[{key: n, action: convert, converted_type: string}, {key: d, action: convert, converted_type: int}, \
             {key: t, action: convert, converted_type: double}, {key: a, action: convert, converted_type: int}]",
            r#"a="x", n="7", d=Int(1), t=Double(1.0)"#,
        ),
    ];
    for (actions, expected) in cases {
        assert_eq!(done(actions, ATTRIBUTES), expected, "{actions}");
    }
    let nested = done(
        "[{key: m, value: {x: [1, 'y'], z: {}}, action: insert}, {key: c, from_attribute: m, action: insert}]",
        "",
    );
    let (one, other) = nested.split_once(", c=").unwrap();
    assert_eq!(one.strip_prefix("m="), Some(other));
    assert!(one.starts_with("m=Map("), "{one}");
}

#[test]
fn what_is_wrong_with_actions_is_said_in_gos_words() {
    let cases = [
        (
            "{action: insert, value: 1}",
            "error creating AttrProc due to missing required field \"key\" at the 0-th actions",
        ),
        (
            "{action: delete}",
            "error creating AttrProc due to missing required field (at least one of \"key\" and \"pattern\" have to be \
             used) at the 0-th actions",
        ),
        (
            "{key: a, action: invalid}",
            "error creating AttrProc due to unsupported action \"invalid\" at the 0-th actions",
        ),
        (
            "{key: a, action: insert}",
            "error creating AttrProc. Either field \"value\", \"from_attribute\" or \"from_context\" setting must be \
             specified for 0-th action",
        ),
        (
            "{key: a, action: insert, value: 1, from_attribute: b}",
            "error creating AttrProc due to multiple value sources being set at the 0-th actions",
        ),
        (
            "{key: a, action: insert, value: 1, pattern: b}",
            "error creating AttrProc. Action \"insert\" does not use the \"pattern\" field. This must not be specified \
             for 0-th action",
        ),
        (
            "{key: a, action: delete, converted_type: int}",
            "error creating AttrProc. Action \"delete\" does not use the \"converted_type\" field. This must not be specified for 0-th action",
        ),
        (
            "{key: a, action: extract, value: 1, pattern: '(?P<b>b)'}",
            "error creating AttrProc. Action \"extract\" does not use a value source field. These must not be specified for 0-th action",
        ),
        (
            "{key: a, action: extract, pattern: '(?P<b>b)', converted_type: int}",
            "error creating AttrProc. Action \"extract\" does not use the \"converted_type\" field. This must not be specified for 0-th action",
        ),
        (
            "{key: a, action: convert, pattern: b, converted_type: int}",
            "error creating AttrProc. Action \"convert\" does not use value sources or \"pattern\" field. These must not be specified for 0-th action",
        ),
        (
            "{key: a, action: insert, value: 1, converted_type: int}",
            "error creating AttrProc. Action \"insert\" does not use the \"converted_type\" field. This must not be specified for 0-th action",
        ),
        (
            "{key: a, action: hash, value: 1}",
            "error creating AttrProc. Action \"hash\" does not use \"value\" or \"from_attribute\" field. These must not \
             be specified for 0-th action",
        ),
        (
            "{key: a, action: extract}",
            "error creating AttrProc due to missing required field \"pattern\" for action \"extract\" at the 0-th action",
        ),
        (
            "{key: a, action: extract, pattern: '('}",
            "error creating AttrProc. Field \"pattern\" has invalid pattern: \"(\" to be set at the 0-th actions",
        ),
        (
            "{key: a, action: extract, pattern: 'a'}",
            "error creating AttrProc. Field \"pattern\" contains no named matcher groups at the 0-th actions",
        ),
        (
            "{key: a, action: extract, pattern: '(a)(?P<b>b)'}",
            "error creating AttrProc. Field \"pattern\" contains at least one unnamed matcher group at the 0-th actions",
        ),
        (
            "{key: a, action: convert}",
            "error creating AttrProc due to missing required field \"converted_type\" for action \"convert\" at the 0-th \
             action",
        ),
        (
            "{key: a, action: convert, converted_type: bool}",
            "error creating AttrProc due to invalid value \"bool\" in field \"converted_type\" for action \"convert\" at \
             the 0-th action",
        ),
    ];
    for (action, expected) in cases {
        let written: Written = from_yaml(&format!("actions: [{action}]")).unwrap();
        assert_eq!(Actions::new(&written.actions).unwrap_err(), expected, "{action}");
    }
}

#[test]
fn what_is_wrong_with_properties_is_said_in_gos_words() {
    let read = |yaml: &str| from_yaml::<Written>(&format!("include: {yaml}")).unwrap().include.unwrap();
    let spans = |yaml: &str| Spans::new(&read(yaml)).unwrap_err();
    let logs = |yaml: &str| LogMatch::new(&read(yaml)).unwrap_err();
    let nothing = "at least one of \"attributes\", \"libraries\",  or \"resources\" field must be specified";
    assert_eq!(spans("{match_type: strict}"), nothing);
    assert_eq!(
        spans("{match_type: strict, log_bodies: [a]}"),
        "log_bodies should not be specified for trace spans"
    );
    assert_eq!(
        logs("{match_type: strict}"),
        "at least one of \"attributes\", \"libraries\", \"span_kinds\", \"resources\", \"log_bodies\", \"log_severity_texts\" \
         or \"log_severity_number\" field must be specified"
    );
    assert_eq!(
        logs("{match_type: regexp, log_bodies: ['(']}"),
        "error creating log record body filters: error parsing regexp: missing closing ): `(`"
    );
    assert_eq!(
        spans("{match_type: regexp, libraries: [{name: '('}]}"),
        "error creating library name filters: error parsing regexp: missing closing ): `(`"
    );
    assert_eq!(
        spans("{match_type: regexp, libraries: [{name: a, version: '('}]}"),
        "error creating library version filters: error parsing regexp: missing closing ): `(`"
    );
    assert_eq!(
        spans("{services: [a]}"),
        "error creating service name filters: unrecognized match_type: '', valid types are: [regexp strict]"
    );
    assert_eq!(
        spans("{match_type: regexp, span_names: ['[']}"),
        "error creating span name filters: error parsing regexp: missing closing ]: `[`"
    );
    assert_eq!(
        spans("{match_type: regexp, attributes: [{key: a, value: 1}]}"),
        "error creating attribute filters: match_type=regexp for \"a\" only supports \"Str\", but found \"Int\""
    );
    assert_eq!(
        spans("{match_type: strict, attributes: [{value: 1}]}"),
        "error creating attribute filters: can't have empty key in the list of attributes"
    );
    assert!(
        spans("{match_type: strict, span_kinds: [server]}")
            .starts_with("span_kinds string must match one of")
    );
    assert_eq!(
        logs("{match_type: strict, span_names: [a]}"),
        "services, span_names, and span_kinds are not valid for log records"
    );
}
