//! What feature gates change. They are a process' own, so that this is one test in a process of its own.

#![allow(clippy::unwrap_used, reason = "a test")]

use slimcol_ottl::Scope;
use slimcol_ottleval::{Field, Kind, LogField, walk};
use slimcol_ottlfuncs::{STANDARD, of_statements};
use slimcol_pdata::{Data, Logs, Signal, edit::OwnValue};
use slimcol_service::gates::{OTTL_LAMBDAS, OTTL_OTELCOL, OTTL_SET_NIL};

const LOG: &str = r#"{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"severityText":"info","attributes":[
    {"key":"m","value":{"kvlistValue":{"values":[{"key":"a","value":{"intValue":"1"}},{"key":"b","value":{"intValue":"2"}}]}}},
    {"key":"l","value":{"arrayValue":{"values":[{"intValue":"3"},{"intValue":"4"}]}}},
    {"key":"o","value":{"arrayValue":{"values":[{"kvlistValue":{"values":[{"key":"n","value":{"stringValue":"x"}}]}},
      {"kvlistValue":{"values":[{"key":"n","value":{"stringValue":"y"}}]}}]}}}]}]}]}]}"#;

const SCOPE: Scope = Scope { context: Kind::Log, prefixed: false, functions: STANDARD };

const ATTRIBUTES: Field = Field::Log(LogField::Attributes);

/// What is between the brackets.
fn inside(list: &str) -> String {
    list[1..list.len() - 1].to_owned()
}

/// What an expression is after a statement, if there is one, or why not.
fn after(statement: Option<&str>, source: &str) -> String {
    let expression = match SCOPE.expression(source) {
        Ok(expression) => expression,
        Err(error) => return format!("compile: {error}"),
    };
    let statement = match statement.map(|text| SCOPE.statement(text)).transpose() {
        Ok(statement) => statement,
        Err(error) => return format!("compile: {error}"),
    };
    let mut data: Data = Logs::from_json(LOG.as_bytes()).unwrap().into();
    let mut found = None;
    let ran = walk::each(&mut data, Kind::Log, &mut |record| {
        if let Some(statement) = &statement {
            statement.run(record)?;
        }
        let value = expression.value(record)?;
        let list = OwnValue::list(value.data());
        found = Some(list.view().to_text().into_owned());
        Ok(())
    });
    ran.map_or_else(|fault| format!("run: {fault}"), |()| inside(&found.unwrap()))
}

fn lambdas() {
    let m = "attributes[\"m\"]";
    let l = "attributes[\"l\"]";
    let o = "attributes[\"o\"]";
    for (source, want) in [
        (
            format!("[All({m}, (k, v) => v > 0), All({l}, (i, v) => v > 3), All([], (_, _) => false)]"),
            "[true,false,true]",
        ),
        (
            format!("[Any({m}, (k, _) => k == \"b\"), Any({l}, (i, _) => i > 1), Any({{}}, (_, _) => true)]"),
            "[true,false,false]",
        ),
        (format!("Any({m}, (k, v) => IsInt(v) and not (k == \"a\" or v < 2))"), "true"),
        (
            format!(
                "[Filter({m}, (k, v) => v == 2), Filter({l}, (_, v) => v == 3), Filter({l}, (i, v) => true)]"
            ),
            r#"[{"b":2},[3],[3,4]]"#,
        ),
        (
            format!("[Find({m}, (_, v) => v > 1), Find({l}, (i, _) => i == 1), Find({l}, (_, _) => false)]"),
            "[2,4,null]",
        ),
        (format!("Find({m}, (_, v) => v > 1, (k, v) => Concat([k, String(v)], \"=\"))"), "\"b=2\""),
        (
            format!("[MapEach({m}, (k, v) => v * 10), MapEach({l}, (i, v) => [i, v])]"),
            r#"[{"a":10,"b":20},[[0,3],[1,4]]]"#,
        ),
        (format!("MapEach({m}, (_, _) => nil)"), r#"{"a":null,"b":null}"#),
        (format!("MapKeys({m}, (k, _) => ToUpperCase(k))"), r#"{"A":1,"B":2}"#),
        (format!("MapKeys({m}, (_, _) => \"same\")"), r#"{"same":2}"#),
        (
            format!(
                "[Reduce({l}, 10, (a, i, v) => a + v), Reduce({m}, \"\", (a, k, _) => Concat([a, k], \"-\")), Reduce([], 5, (a, _, _) => a)]"
            ),
            r#"[17,"-a-b",5]"#,
        ),
        (
            format!(
                "[When(() => severity_text == \"info\", 1, 2), When(() => {l}[0] > 3, 1, nil), When(() => true, {m}[\"b\"], 0)]"
            ),
            "[1,null,2]",
        ),
        // What is handed over is indexed, and read before paths.
        (format!("MapEach({o}, (_, v) => v[\"n\"])"), r#"["x","y"]"#),
        (format!("Filter({o}, (i, severity_text) => severity_text[\"n\"] == \"y\")"), r#"[{"n":"y"}]"#),
        (format!("MapEach({l}, (_, v) => attributes[\"l\"][v - 3])"), "[3,4]"),
        (format!("MapEach({m}, (k, _) => {m}[k])"), r#"{"a":1,"b":2}"#),
        // One within another, whose names go before those without.
        (
            format!("MapEach({m}, (k, v) => MapEach({l}, (i, w) => [k, v, i, w, severity_text]))"),
            r#"{"a":[["a",1,0,3,"info"],["a",1,1,4,"info"]],"b":[["b",2,0,3,"info"],["b",2,1,4,"info"]]}"#,
        ),
        (format!("MapEach({m}, (_, v) => Reduce({l}, v, (v, _, w) => v + w))"), r#"{"a":8,"b":9}"#),
        (format!("MapEach({m}, (k, v) => When(() => v > 1, k, \"small\"))"), r#"{"a":"small","b":"b"}"#),
        (format!("All(source = {m}, predicate = (k, v) => v > 1)"), "false"),
    ] {
        assert_eq!(after(None, &source), want, "{source}");
    }
}

fn wrong_lambdas() {
    let m = "attributes[\"m\"]";
    let l = "attributes[\"l\"]";
    let o = "attributes[\"o\"]";
    for (source, want) in [
        (
            format!("All({m}, (k) => true)"),
            "compile: couldn't create function: lambda should be defined with exactly 2 formal(s), but has 1 (at 1:1)",
        ),
        (
            format!("Find({l}, (_, _) => true, () => 1)"),
            "compile: couldn't create function: invalid mapper: lambda should be defined with exactly 2 formal(s), but has 0 (at 1:1)",
        ),
        (
            format!("Find({l}, () => true)"),
            "compile: couldn't create function: invalid predicate: lambda should be defined with exactly 2 formal(s), but has 0 (at 1:1)",
        ),
        (
            "Reduce([], 0, (a, b) => a)".to_owned(),
            "compile: couldn't create function: lambda should be defined with exactly 3 formal(s), but has 2 (at 1:1)",
        ),
        (
            "When((a) => true, 1, 2)".to_owned(),
            "compile: couldn't create function: lambda should be defined with exactly 0 formal(s), but has 1 (at 1:1)",
        ),
        ("All([], (v, v) => true)".to_owned(), "compile: duplicate local identifier \"v\" (at 1:9)"),
        (
            "All([], 5)".to_owned(),
            "compile: error while parsing arguments for call to \"All\": invalid argument at position 1: must be a lambda expression (at 1:9)",
        ),
        (
            "All([], (k, v) => v.x == 1)".to_owned(),
            "compile: local identifier \"v.x\" cannot use \".\" to access nested fields (at 1:19)",
        ),
        ("[() => 1]".to_owned(), "compile: a lambda expression is not expected here (at 1:2)"),
        (
            "All([], (k, v) => (a, b) => true)".to_owned(),
            "compile: lambda body cannot result into another lambda expression (at 1:9)",
        ),
        ("All(severity_text, (_, _) => true)".to_owned(), "run: unsupported type provided: string"),
        ("All(nil, (_, _) => true)".to_owned(), "run: unsupported type provided: <nil>"),
        (
            "MapKeys([1], (k, _) => k)".to_owned(),
            "compile: error while parsing arguments for call to \"MapKeys\": invalid argument at position 0: expected pcommon.Map but got pcommon.Slice (at 1:9)",
        ),
        (format!("MapKeys({l}, (k, _) => k)"), "run: expected pcommon.Map but got pcommon.Slice"),
        (
            format!("MapKeys({m}, (_, v) => v)"),
            "run: error while evaluating lambda function on map item (a, 1): lambda expression must return a value of type string, got int64",
        ),
        (
            format!("All({l}, (_, v) => v)"),
            "run: error while evaluating lambda function on slice item (0, 3): lambda expression must return a value of type bool, got int64",
        ),
        (
            "When(() => nil, 1, 2)".to_owned(),
            "run: error while evaluating lambda function: lambda expression must return a value of type bool, got <nil>",
        ),
        (
            format!("MapEach({l}, (_, v) => v[\"x\"])"),
            "run: error while evaluating lambda function on slice item (0, 3): cannot index local identifier \"v\": type int64 does not support string indexing",
        ),
        (
            format!("MapEach({o}, (_, v) => v[\"no\"])"),
            "run: error while evaluating lambda function on slice item (0, {\"n\":\"x\"}): cannot index local identifier \"v\": key not found in map",
        ),
        (
            format!("MapEach({l}, (_, _) => Now())"),
            "run: error while converting lambda function result on slice item (0, 3): <Invalid value type time.Time>",
        ),
        (
            format!("Find({l}, (_, _) => true, (_, v) => v / 0)"),
            "run: error while evaluating mapper lambda function on item (0, 3): attempted to divide by 0",
        ),
        (
            format!("Reduce({l}, 1, (a, _, v) => a / (v - 4))"),
            "run: error while evaluating accumulator function on slice item (1, 4): attempted to divide by 0",
        ),
    ] {
        assert_eq!(after(None, &source), want, "{source}");
    }
}

fn more_of_lambdas() {
    // An accumulator that doubles ends.
    let seed = "x".repeat(1 << 20);
    let doubles =
        format!("Reduce([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], \"{seed}\", (a, _, _) => Concat([a, a], \"\"))");
    assert_eq!(
        after(None, &doubles),
        "run: error while evaluating accumulator function on slice item (4, 5): the result is longer than 16 MiB"
    );
    // Names of what is handed over are no contexts'.
    let statement =
        r#"set(log.attributes["x"], All(log.attributes["m"], (span, v) => span[0] == v))"#.to_owned();
    let group =
        of_statements(Signal::Logs).group(None, &[statement], &[], slimcol_ottleval::ErrorMode::Ignore);
    assert_eq!(group.unwrap().kind, Kind::Log);
}

fn no_value_is_set() {
    for (statement, source, want) in [
        ("set(attributes[\"l\"], nil)", "Keys(attributes)", r#"["m","l","o"]"#),
        ("set(attributes[\"l\"], nil)", "attributes[\"l\"]", "null"),
        ("set(attributes[\"l\"], attributes[\"nope\"])", "attributes[\"l\"]", "null"),
        ("set(attributes[\"new\"], Int(\"x\"))", "Keys(attributes)", r#"["m","l","o","new"]"#),
        ("set(attributes, nil)", "attributes", "{}"),
        ("set(severity_text, nil)", "1", "run: setting a value to nil is not supported"),
        ("set(attributes[\"l\"], 1)", "attributes[\"l\"]", "1"),
    ] {
        assert_eq!(after(Some(statement), source), want, "{statement}");
    }
}

/// What one of the statements does to attributes that are a list.
type Does = fn(&mut Vec<(&'static str, String)>);

fn put(all: &mut Vec<(&'static str, String)>, key: &'static str, value: &str) {
    match all.iter_mut().find(|(own, _)| *own == key) {
        Some((_, own)) => value.clone_into(own),
        None => all.push((key, value.to_owned())),
    }
}

/// Statements that take each way on which `set` puts an attribute, with one of two keys of which a record has the first, and
/// what they do. The last ones have no value, and do nothing with the gate off.
const SETS: [(&str, Does); 10] = [
    (r#"set(attributes["here"], "text")"#, |all| put(all, "here", "\"text\"")),
    (r#"set(attributes["gone"], "text")"#, |all| put(all, "gone", "\"text\"")),
    (r#"set(attributes["gone"], 7)"#, |all| put(all, "gone", "7")),
    (r#"set(attributes["gone"], 1.5)"#, |all| put(all, "gone", "1.5")),
    (r#"set(attributes["gone"], attributes["from"])"#, |all| put(all, "gone", "\"f\"")),
    (r#"delete_key(attributes, "here")"#, |all| all.retain(|(key, _)| *key != "here")),
    (r#"delete_key(attributes, "gone")"#, |all| all.retain(|(key, _)| *key != "gone")),
    (r#"set(attributes["here"], nil)"#, |all| put(all, "here", "null")),
    (r#"set(attributes["gone"], nil)"#, |all| put(all, "gone", "null")),
    (r#"set(attributes["gone"], attributes["nope"])"#, |all| put(all, "gone", "null")),
];

/// Attributes that are written in advance stand beside those without a value, in whatever order both are set, replaced and
/// removed, and whether the gate was on when a statement was compiled or not.
fn no_value_is_set_beside_what_is_written_in_advance() {
    let json = r#"{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"attributes":[{"key":"from","value":{"stringValue":"f"}},
        {"key":"here","value":{"stringValue":"h"}}]}]}]}]}"#;
    let mut statements = Vec::new();
    for on in [false, true] {
        OTTL_SET_NIL.turn(on);
        for (at, (text, does)) in SETS.into_iter().enumerate() {
            statements.push((SCOPE.statement(text).unwrap(), (on || at < 7).then_some(does), on, text));
        }
    }
    OTTL_SET_NIL.turn(false);
    let count = statements.len();
    for number in 0..count.pow(3) {
        let steps = [number, number / count, number / count / count].map(|at| &statements[at % count]);
        let mut want = vec![("from", "\"f\"".to_owned()), ("here", "\"h\"".to_owned())];
        let mut data: Data = Logs::from_json(json.as_bytes()).unwrap().into();
        walk::each(&mut data, Kind::Log, &mut |record| {
            for (statement, does, on, text) in steps {
                statement.run(record)?;
                does.inspect(|does| does(&mut want));
                // Looked up by the index that the next one relies on.
                for key in ["from", "here", "gone"] {
                    let expected = want.iter().find(|(own, _)| *own == key).map(|(_, value)| value.as_str());
                    let found = record
                        .lookup(ATTRIBUTES, key)
                        .map(|value| inside(&OwnValue::list([value]).view().to_text()));
                    assert_eq!(found.as_deref(), expected, "{key} after {text}, {on}");
                }
            }
            Ok(())
        })
        .unwrap();
        let mut out = Vec::new();
        data.write_json(&mut out);
        let found: serde_json::Value = serde_json::from_slice(&out).unwrap();
        let found =
            found["resourceLogs"][0]["scopeLogs"][0]["logRecords"][0]["attributes"].as_array().unwrap();
        let shown = |value: &serde_json::Value| {
            let value = value.as_object().and_then(|value| value.values().next());
            value.map_or("null".to_owned(), |value| value.to_string().replace("\"7\"", "7"))
        };
        let found: Vec<_> =
            found.iter().map(|pair| (pair["key"].as_str().unwrap(), shown(&pair["value"]))).collect();
        assert_eq!(found, want, "{:?}", steps.map(|step| (step.2, step.3)));
    }
}

#[test]
fn gates_have_their_effects() {
    let off = "compile: lambda expression arguments require the `ottl.functions.enableLambda` feature gate to be enabled (at 1:9)";
    assert_eq!(after(None, "All([], (_, _) => true)"), off);
    assert_eq!(after(Some("set(attributes[\"l\"], nil)"), "attributes[\"l\"][0]"), "3");
    OTTL_LAMBDAS.turn(true);
    lambdas();
    wrong_lambdas();
    more_of_lambdas();
    OTTL_LAMBDAS.turn(false);
    assert_eq!(after(None, "All([], (_, _) => true)"), off);
    no_value_is_set_beside_what_is_written_in_advance();
    OTTL_SET_NIL.turn(true);
    no_value_is_set();
    assert_eq!(after(None, "otelcol.client.addr"), "null");
    OTTL_OTELCOL.turn(false);
    assert_eq!(
        after(None, "otelcol.client.addr"),
        "compile: OTTL `otelcol` context requires the `ottl.contexts.enableOTelColContext` feature gate to be enabled (at 1:1)"
    );
}
