//! The paths to who sent a request.

use slimcol_ottleval::{Kind, walk};
use slimcol_pdata::{Data, Logs, Metrics, Traces};
use slimcol_service::{Client, ClientInfo};

use crate::samples::{POINTS, scope, shown, value_of};

fn sender(grpc: bool) -> Client {
    let values = |values: &[&str]| values.iter().map(|value| (*value).to_owned()).collect();
    Client::new(ClientInfo {
        addr: "10.1.2.3:4567".parse().ok(),
        metadata: vec![("tenant".into(), values(&["a", "b"])), ("user-agent".into(), values(&["x"]))],
        grpc,
        auth: vec![("subject".into(), "me".into())],
    })
}

/// What an expression is, of a record of each kind that the sender sent.
fn of(client: &Client, kind: Kind, source: &str) -> String {
    let expression = match scope(kind).expression(source) {
        Ok(expression) => expression,
        Err(error) => return format!("compile: {error}"),
    };
    let mut found = None;
    walk::each_from(client, &mut data(kind), kind, &mut |record| {
        found = Some(match expression.value(record) {
            Ok(value) => shown(&value),
            Err(fault) => format!("run: {fault}"),
        });
        Ok(())
    })
    .unwrap();
    found.unwrap()
}

fn data(kind: Kind) -> Data {
    let json = match kind {
        Kind::Span | Kind::SpanEvent => {
            r#"{"resourceSpans":[{"scopeSpans":[{"spans":[{"events":[{"name":"e"}]}]}]}]}"#.to_owned()
        }
        Kind::Metric | Kind::DataPoint | Kind::Exemplar => {
            format!(r#"{{"resourceMetrics":[{{"scopeMetrics":[{{"metrics":[{}]}}]}}]}}"#, POINTS[0])
        }
        _ => r#"{"resourceLogs":[{"scopeLogs":[{"logRecords":[{}]}]}]}"#.to_owned(),
    };
    match kind {
        Kind::Span | Kind::SpanEvent => Traces::from_json(json.as_bytes()).unwrap().into(),
        Kind::Metric | Kind::DataPoint | Kind::Exemplar => {
            Metrics::from_json(json.as_bytes()).unwrap().into()
        }
        _ => Logs::from_json(json.as_bytes()).unwrap().into(),
    }
}

#[test]
fn every_context_knows_the_sender() {
    let kinds = [
        Kind::Resource,
        Kind::Scope,
        Kind::Log,
        Kind::Span,
        Kind::SpanEvent,
        Kind::Metric,
        Kind::DataPoint,
        Kind::Exemplar,
    ];
    for kind in kinds {
        let found = of(
            &sender(true),
            kind,
            "Concat([otelcol.client.addr, otelcol.grpc.metadata[\"Tenant\"][1]], \" \")",
        );
        assert_eq!(found, "\"10.1.2.3:4567 b\"", "{kind:?}");
    }
}

#[test]
fn what_is_known_of_a_sender() {
    let all = r#"{"tenant":["a","b"],"user-agent":["x"]}"#;
    for (path, grpc, http, unknown) in [
        ("otelcol.client.addr", "\"10.1.2.3:4567\"", "\"10.1.2.3\"", "null"),
        ("otelcol.client.metadata", all, all, "{}"),
        ("otelcol.client.metadata[\"TENANT\"]", r#"["a","b"]"#, r#"["a","b"]"#, "null"),
        ("otelcol.client.metadata[Concat([\"ten\", \"ant\"], \"\")][0]", "\"a\"", "\"a\"", "null"),
        ("otelcol.client.metadata[\"nope\"][7]", "null", "null", "null"),
        ("otelcol.grpc.metadata", all, "{}", "{}"),
        ("otelcol.grpc.metadata[\"tenant\"][1]", "\"b\"", "null", "null"),
        ("otelcol.client.auth.attributes", r#"{"subject":"me"}"#, r#"{"subject":"me"}"#, "{}"),
        ("otelcol.client.auth.attributes[\"subject\"]", "\"me\"", "\"me\"", "null"),
        ("otelcol.client.auth.attributes[\"Subject\"]", "null", "null", "null"),
        ("Len(otelcol.client.metadata)", "2", "2", "0"),
    ] {
        let found = [sender(true), sender(false), Client::default()].map(|from| of(&from, Kind::Log, path));
        assert_eq!(found, [grpc, http, unknown], "{path}");
    }
}

#[test]
fn what_leads_nowhere() {
    let map = "unable to resolve a string index in map: invalid key type";
    for (path, want) in [
        ("otelcol.client.metadata[1]", format!("cannot get map value: {map}")),
        ("otelcol.grpc.metadata[1]", map.to_owned()),
        ("otelcol.client.auth.attributes[1]", map.to_owned()),
        (
            "otelcol.client.auth.attributes[\"subject\"][0]",
            "attribute \"subject\" value is not indexable: Str".to_owned(),
        ),
        (
            "otelcol.client.auth.attributes[\"no\"][0]",
            "attribute \"no\" value is not indexable: Empty".to_owned(),
        ),
        ("otelcol.client.metadata[\"tenant\"][2]", "index 2 out of bounds".to_owned()),
        (
            "otelcol.client.metadata[\"tenant\"][\"a\"]",
            "unable to resolve an integer index in slice: invalid key type".to_owned(),
        ),
        (
            "otelcol.client.metadata[\"tenant\"][0][0]",
            "cannot index into string slice more than once".to_owned(),
        ),
    ] {
        assert_eq!(of(&sender(true), Kind::Log, path), format!("run: {want}"), "{path}");
    }
}

#[test]
fn paths_that_there_are_not() {
    let unknown = |segment: &str, path: &str| {
        format!(
            "segment {segment:?} from path {path:?} is not a valid path nor a valid OTTL keyword for the otelcol context - review \
             https://github.com/open-telemetry/opentelemetry-collector-contrib/tree/main/pkg/ottl/contexts/ottlotelcol to see all \
             valid paths"
        )
    };
    for (path, want) in [
        ("otelcol.nope", unknown("nope", "otelcol.nope")),
        ("otelcol.client", unknown("client", "otelcol.client")),
        ("otelcol.client.auth", unknown("auth", "otelcol.client.auth")),
        ("otelcol.client.auth.x", unknown("x", "otelcol.client.auth.x")),
        ("otelcol.client.addr.x", unknown("x", "otelcol.client.addr.x")),
        ("otelcol.client.addr[\"x\"]", unknown("addr", "otelcol.client.addr[x]")),
        ("otelcol.client.metadata.x", unknown("x", "otelcol.client.metadata.x")),
        ("otelcol.grpc", unknown("grpc", "otelcol.grpc")),
        (
            "otelcol.grpc.metadata.x",
            "the path section \"x\" was not used by the context - this likely means you are using extra path sections".to_owned(),
        ),
        (
            "otelcol.client[\"k\"].addr",
            "the keys indexing \"client\" were not used by the context - this likely means you are trying to index a path that does \
             not support indexing"
                .to_owned(),
        ),
        (
            "otelcol.cache",
            "access to cache must be performed using the same context, please replace \"otelcol.cache\" with \"log.cache\"".to_owned(),
        ),
    ] {
        assert_eq!(value_of(Kind::Log, path), format!("compile: {want} (at 1:1)"), "{path}");
    }
}

#[test]
fn nothing_of_a_sender_is_set() {
    for (statement, path) in [
        ("set(otelcol.client.addr, \"x\")", "client.addr"),
        ("set(otelcol.client.metadata, {})", "client.metadata"),
        ("set(otelcol.client.metadata[\"tenant\"], \"x\")", "client.metadata"),
        ("set(otelcol.client.auth.attributes[\"subject\"], \"x\")", "client.auth.attributes"),
        ("set(otelcol.grpc.metadata[\"tenant\"][0], 1)", "grpc.metadata"),
        ("delete_key(otelcol.client.metadata, \"tenant\")", "client.metadata"),
        ("keep_keys(otelcol.grpc.metadata, [\"tenant\"])", "grpc.metadata"),
        ("append(otelcol.client.metadata[\"tenant\"], \"c\")", "client.metadata"),
        ("replace_pattern(otelcol.client.addr, \"1\", \"2\")", "client.addr"),
    ] {
        let statement = scope(Kind::Resource).statement(statement).unwrap();
        let failed =
            walk::each_from(&sender(true), &mut data(Kind::Resource), Kind::Resource, &mut |record| {
                statement.run(record).map(|_| ())
            });
        let want = format!("\"otelcol.{path}\" is read-only and cannot be modified");
        assert_eq!(failed.unwrap_err().to_string(), want, "{}", statement.source());
    }
}
