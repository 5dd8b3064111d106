//! The statements of the Go collector's end-to-end tests (`pkg/ottl/e2e/e2e_test.go`, v0.159), with what Go made of the record by
//! each: the table was written by running them there. Left out are those whose result is another one each time.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use slimcol_ottl::Scope;
use slimcol_ottleval::{Kind, walk};
use slimcol_ottlfuncs::STANDARD;
use slimcol_pdata::{Data, Logs};
use slimcol_service::gates::OTTL_LAMBDAS;

/// Functions that are not there, as docs/differences.md says.
const ABSENT: &[&str] = &["ProfileID", "UserAgent"];

/// A value with its maps as maps, so that their order does not count.
fn value(any: &Value) -> Value {
    let Some((kind, inner)) = any.as_object().and_then(|any| any.iter().next()) else { return json!({}) };
    let items = || inner["values"].as_array().cloned().unwrap_or_default();
    let inner = match kind.as_str() {
        "arrayValue" => items().iter().map(value).collect(),
        "kvlistValue" => Value::Object(pairs(&items()).collect()),
        "doubleValue" => json!(inner.as_f64()),
        _ => inner.clone(),
    };
    json!({ kind: inner })
}

fn pairs(items: &[Value]) -> impl Iterator<Item = (String, Value)> + '_ {
    items.iter().map(|pair| (pair["key"].as_str().unwrap_or_default().to_owned(), value(&pair["value"])))
}

/// All that a record and what is around it say: attributes behind a point, other fields behind a slash.
fn flat(json: &[u8]) -> BTreeMap<String, Value> {
    let whole: Value = serde_json::from_slice(json).expect("records are JSON");
    let entry = &whole["resourceLogs"][0];
    let scope = &entry["scopeLogs"][0];
    let mut all = BTreeMap::new();
    for (name, part) in
        [("resource", &entry["resource"]), ("scope", &scope["scope"]), ("log", &scope["logRecords"][0])]
    {
        for (field, own) in part.as_object().unwrap_or(&Map::new()) {
            if field == "attributes" {
                let own = own.as_array().cloned().unwrap_or_default();
                all.extend(pairs(&own).map(|(key, value)| (format!("{name}.{key}"), value)));
            } else {
                let own = if field == "body" { value(own) } else { own.clone() };
                all.insert(format!("{name}/{field}"), own);
            }
        }
    }
    all
}

/// What a statement changes, or why it could not.
fn changes(statement: &str, base: &str) -> Result<Value, String> {
    let scope = Scope { context: Kind::Log, prefixed: false, functions: STANDARD };
    let statement = scope.statement(statement).map_err(|error| error.to_string())?;
    let mut data = Data::Logs(Logs::from_json(base.as_bytes()).expect("the table has requests"));
    walk::each(&mut data, Kind::Log, &mut |record| statement.run(record).map(|_| ()))
        .map_err(|fault| fault.to_string())?;
    let mut out = Vec::new();
    data.write_json(&mut out);
    let (before, mut after) = (flat(base.as_bytes()), flat(&out));
    for (key, own) in before {
        match after.get(&key) {
            None => _ = after.insert(key, Value::Null),
            Some(same) if *same == own => _ = after.remove(&key),
            Some(_) => {}
        }
    }
    Ok(after.into_iter().collect::<Map<_, _>>().into())
}

#[test]
fn statements_do_what_they_do_in_go() {
    OTTL_LAMBDAS.turn(true);
    let mut bases = BTreeMap::new();
    let (mut wrong, mut count, mut absent) = (Vec::new(), 0, 0);
    for line in include_str!("vectors/go.tsv").lines() {
        let columns: Vec<&str> = line.split('\t').collect();
        let [base, statement, error, expected] = columns[..] else {
            bases.insert(columns[1], columns[2]);
            continue;
        };
        let text = |json| serde_json::from_str::<String>(json).unwrap();
        let (statement, error) = (text(statement), text(error));
        count += 1;
        let expected: Value = serde_json::from_str(expected).unwrap();
        match changes(&statement, bases[base]) {
            Ok(got) if got == expected && error.is_empty() => {}
            // What is wrong with keys is told in fewer words.
            Err(why) if why == error || error.contains("resolve") && why.contains("key") => {}
            Err(why)
                if ABSENT.iter().any(|name| why.starts_with(&format!("undefined function {name:?}:"))) =>
            {
                absent += 1;
            }
            got => wrong.push(format!("{statement}\n  got      {got:?}\n  expected {expected} {error}")),
        }
    }
    assert!(wrong.is_empty(), "{} of {count} are wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!((count, absent), (266, 2));
}
