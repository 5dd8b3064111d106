use std::fmt::Write;

use slimcol_pdata::{
    Data, Signal,
    view::{ResourceSpansRef, ScopeSpansRef, ValueRef},
};
use slimcol_testing::{Sink, assert_metadata, processor_from_yaml};

use crate::FACTORY;

/// The name, the attributes and the status of the span that comes out.
async fn through(yaml: &str, service: &str, name: &str, attributes: &str, status: &str) -> String {
    let sink = Sink::new();
    let part = processor_from_yaml(&FACTORY, yaml, sink.next()).await.unwrap();
    let json = format!(
        r#"{{"resourceSpans":[{{"resource":{{"attributes":[{{"key":"service.name","value":{{"stringValue":"{service}"}}}}]}},
        "scopeSpans":[{{"spans":[{{"name":"{name}","attributes":[{attributes}],"status":{{{status}}}}}]}}]}}]}}"#
    );
    part.push(Data::from_json(Signal::Traces, json.as_bytes()).unwrap()).await.unwrap();
    part.stop().await;
    let Data::Traces(traces) = &sink.data()[0] else { panic!("no traces") };
    let scopes = traces.resource_spans().flat_map(ResourceSpansRef::scope_spans);
    let span = scopes.flat_map(ScopeSpansRef::spans).next().unwrap();
    let mut out = span.name().to_owned();
    let attributes = span.attributes().iter();
    for (key, value) in attributes.filter(|(_, value)| matches!(value, ValueRef::Str(_))) {
        write!(out, " {key}={}", value.to_text()).unwrap();
    }
    let status = span.status();
    if status.code() != 0 || !status.message().is_empty() {
        write!(out, " [{} {}]", status.code(), status.message()).unwrap();
    }
    out
}

const VALUES: &str = r#"{"key":"key1","value":{"stringValue":"bob"}},{"key":"key2","value":{"intValue":"123"}},
    {"key":"key3","value":{"doubleValue":234.129312}},{"key":"key4","value":{"boolValue":true}},
    {"key":"big","value":{"doubleValue":1e21}},{"key":"list","value":{"arrayValue":{}}}"#;

#[test]
fn metadata_agrees() {
    assert_metadata(&FACTORY, env!("CARGO_MANIFEST_DIR"));
}

#[tokio::test]
async fn names_are_made_of_attributes_that_are_all_there() {
    for (keys, separator, expected) in [
        ("key1", "", "bob"),
        ("key1", "::", "bob"),
        ("key2", "", "123"),
        ("key3", "", "234.129312"),
        ("key4", "", "true"),
        ("big", "", "1000000000000000000000"),
        ("list", "", "<unknown-attribute-type>"),
        ("key1, key2", "", "bob123"),
        ("key1, key2, key3, key4", "::", "bob::123::234.129312::true"),
        ("key1, nope, key4", "::", "old"),
        ("nope, key1", "::", "old"),
    ] {
        let yaml = format!("name: {{from_attributes: [{keys}], separator: '{separator}'}}");
        assert_eq!(through(&yaml, "", "old", VALUES, "").await, format!("{expected} key1=bob"), "{keys}");
    }
    assert_eq!(through("name: {from_attributes: [key1]}", "", "", VALUES, "").await, "bob key1=bob");
    assert_eq!(through("name: {from_attributes: [key1]}", "", "old", "", "").await, "old");
}

#[tokio::test]
async fn attributes_are_taken_from_names() {
    let three = r"rules: ['^\/api\/.*\/document\/(?P<documentId>.*)\/update\/3$', '^\/api\/(?P<version>.*)\/document\/.*\/update\/3$']";
    let four = r"rules: ['^\/api\/v1\/document\/(?P<documentId>.*)\/update\/4$', '^\/api\/(?P<version>.*)\/document\/(?P<documentId>.*)\/update\/4$']";
    for (to, name, expected) in [
        (
            r"rules: ['^\/api\/v1\/document\/(?P<documentId>.*)\/update\/1$']".to_owned(),
            "/api/v1/document/321083210/update/1",
            "/api/v1/document/{documentId}/update/1 documentId=321083210",
        ),
        (
            r"rules: ['^\/api\/(?P<version>.*)\/document\/(?P<documentId>.*)\/update\/2$']".to_owned(),
            "/api/v1/document/321083210/update/2",
            "/api/{version}/document/{documentId}/update/2 version=v1 documentId=321083210",
        ),
        (
            three.to_owned(),
            "/api/v1/document/321083210/update/3",
            "/api/{version}/document/{documentId}/update/3 documentId=321083210 version=v1",
        ),
        (
            format!("{three}, keep_original_name: true"),
            "/api/v1/document/321083210/update/3",
            "/api/v1/document/321083210/update/3 documentId=321083210 version=v1",
        ),
        (
            format!("{four}, break_after_match: true"),
            "/api/v1/document/321083210/update/4",
            "/api/v1/document/{documentId}/update/4 documentId=321083210",
        ),
        ("rules: [rule]".to_owned(), "", ""),
    ] {
        let yaml = format!("name: {{to_attributes: {{{to}}}}}");
        assert_eq!(through(&yaml, "", name, "", "").await, expected, "{to}");
    }
}

#[tokio::test]
async fn only_chosen_spans_are_changed() {
    let yaml = "include: {match_type: regexp, services: ['^banks$'], span_names: ['/']}\n\
                exclude: {match_type: strict, span_names: ['donot/change']}\n\
                name: {to_attributes: {rules: ['(?P<operation_website>.*?)$']}}";
    let there = r#"{"key":"operation_website","value":{"stringValue":"www.test.com/code"}}"#;
    for (service, name, attributes, expected) in [
        ("bankss", "url/url", "", "url/url"),
        ("banks", "noslasheshere", "", "noslasheshere"),
        ("banks", "www.test.com/code", "", "{operation_website} operation_website=www.test.com/code"),
        ("banks", "donot/", there, "{operation_website} operation_website=donot/"),
        ("banks", "donot/change", there, "donot/change operation_website=www.test.com/code"),
    ] {
        assert_eq!(through(yaml, service, name, attributes, "").await, expected, "{service} {name}");
    }
}

#[tokio::test]
async fn spans_get_the_status() {
    let were = r#""code":1,"message":"foobar""#;
    for (status, before, expected) in [
        ("{code: Error, description: Set custom error message}", "", "s [2 Set custom error message]"),
        ("{code: Error}", were, "s [2 ]"),
        ("{code: Ok}", r#""code":2,"message":"foobar""#, "s [1 ]"),
        ("{code: Unset}", were, "s"),
    ] {
        assert_eq!(through(&format!("status: {status}"), "", "s", "", before).await, expected, "{status}");
    }
    let some = "include: {match_type: strict, attributes: [{key: http.status_code, value: 400}]}\n\
                status: {code: Error, description: custom error message}";
    let bad = r#"{"key":"http.status_code","value":{"intValue":"400"}}"#;
    assert_eq!(through(some, "", "s", "", r#""code":1"#).await, "s [1 ]");
    assert_eq!(through(some, "", "s", bad, r#""code":1"#).await, "s [2 custom error message]");
}

#[tokio::test]
async fn what_cannot_be_done_is_refused() {
    for (yaml, expected) in [
        ("", "either \"from_attributes\" or \"to_attributes\" must be specified in \"name:\""),
        ("name: {to_attributes: {rules: []}}", "either \"from_attributes\" or"),
        ("name: 5", "'name' expected a map or struct, got \"int\""),
        (
            "name: {from_attributes: [5]}",
            "'name.from_attributes[0]' expected type 'string', got unconvertible type 'int'",
        ),
        (
            "name: {from_attributes: [a], separator: 5}",
            "'name.separator' expected type 'string', got unconvertible type 'int'",
        ),
        (
            "name: {to_attributes: {rules: ['(?P<a>b)'], break_after_match: x}}",
            "'name.to_attributes.break_after_match' expected type 'bool', got unconvertible type 'string'",
        ),
        (
            "name: {to_attributes: {rules: ['(?P<a>b)'], keep_original_name: x}}",
            "'name.to_attributes.keep_original_name' expected type 'bool', got unconvertible type 'string'",
        ),
        (
            "name: {to_attributes: {rules: ['(?P<a>b)', '(']}}",
            "invalid regexp pattern (: error parsing regexp: missing closing ): `(`",
        ),
        ("status: {}", "\"status\" must have specified \"code\" as \"Ok\" or \"Error\" or \"Unset\""),
        ("status: {code: 5}", "'status.code' expected type 'string', got unconvertible type 'int'"),
        (
            "{status: {code: Ok}, exclude: {match_type: regexp, span_names: ['(']}}",
            "error creating span name filters: error parsing regexp: missing closing ): `(`",
        ),
        (
            "status: {code: Fine}",
            "\"status\" must have specified \"code\" as \"Ok\" or \"Error\" or \"Unset\"",
        ),
        (
            "status: {code: Ok, description: x}",
            "\"description\" can be specified only for \"code\" \"Error\"",
        ),
        ("name: {to_attributes: {rules: ['(']}}", "invalid regexp pattern ("),
        ("{status: {code: Ok}, include: {services: [a]}}", "unrecognized match_type"),
        ("{status: {code: Ok}, nmae: {}}", "nmae"),
    ] {
        let error = processor_from_yaml(&FACTORY, yaml, Sink::new().next()).await.unwrap_err();
        assert!(error.contains(expected), "{yaml}: {error}");
    }
}
