//! How long statements and conditions take on a log record: `cargo bench -p slimcol-ottlfuncs`.
//!
//! Medians of wall-clock time on one thread; compare lines of one run, not runs. The first line is what the others pay for
//! opening the request and writing it again.
#![expect(clippy::print_stdout, reason = "what it measures is for who runs it")]

use std::{hint::black_box, time::Instant};

use slimcol_ottl::Scope;
use slimcol_ottleval::{Context, Kind, walk};
use slimcol_ottlfuncs::STANDARD;
use slimcol_pdata::{Data, Logs};

const RECORDS: usize = 1000;

fn main() {
    let logs = request();
    let scope = Scope { context: Kind::Log, prefixed: false, functions: STANDARD };
    time("open and write", || each(&logs, |_| ()));
    for source in [
        "severity_number >= SEVERITY_NUMBER_WARN",
        "attributes[\"http.status_code\"] == 500 and resource.attributes[\"service.name\"] == \"shop\"",
        "IsMatch(attributes[\"http.route\"], \"^/api/v[0-9]+/\")",
        "not HasPrefix(body, \"GET\") or Len(attributes) > 20",
    ] {
        let condition = scope.condition(source).expect("it is well formed");
        time(source, || each(&logs, |log| drop(black_box(condition.holds(log)))));
    }
    for source in [
        "set(severity_text, \"WARN\") where severity_number == 13",
        "set(attributes[\"copy\"], attributes[\"http.route\"])",
        "delete_key(attributes, \"missing\")",
        "replace_pattern(attributes[\"http.route\"], \"/v([0-9]+)/\", \"/version-$1/\")",
        "truncate_all(attributes, 4096)",
        "keep_keys(attributes, [\"http.route\", \"http.status_code\"])",
    ] {
        let statement = scope.statement(source).expect("it is well formed");
        time(source, || each(&logs, |log| drop(black_box(statement.run(log)))));
    }
    let (mut long, start) = (String::from("a == 1"), Instant::now());
    while long.len() < 1_000_000 {
        long.push_str(" or attributes[\"k\"] == \"value\"");
    }
    black_box(scope.condition(&long).is_err());
    println!("parsing a megabyte: {:?}", start.elapsed());
}

fn each(logs: &Logs, mut run: impl FnMut(&mut dyn Context)) -> Data {
    let mut data = Data::Logs(logs.clone());
    let all = walk::each(&mut data, Kind::Log, &mut |record| {
        run(record);
        Ok(())
    });
    all.expect("nothing fails");
    data
}

fn time<T>(what: &str, mut run: impl FnMut() -> T) {
    // Rounds are short, so that most of them are not interrupted.
    let mut rounds = Vec::new();
    for _ in 0..201 {
        let start = Instant::now();
        black_box(run());
        rounds.push(start.elapsed().as_nanos());
    }
    rounds.sort_unstable();
    println!("{:>6} ns a record: {what}", rounds[100] / RECORDS as u128);
}

fn request() -> Logs {
    let record = |at: usize| {
        let severity = 9 + at % 5;
        format!(
            r#"{{"timeUnixNano":"1700000000000000000","severityNumber":{severity},"severityText":"INFO",
            "body":{{"stringValue":"GET /api/v1/things took {at} ms"}},"attributes":[
            {{"key":"http.method","value":{{"stringValue":"GET"}}}},
            {{"key":"http.route","value":{{"stringValue":"/api/v1/things"}}}},
            {{"key":"http.status_code","value":{{"intValue":"200"}}}},
            {{"key":"net.peer.ip","value":{{"stringValue":"10.0.0.7"}}}},
            {{"key":"duration","value":{{"doubleValue":0.25}}}}]}}"#
        )
    };
    let records: Vec<_> = (0..RECORDS).map(record).collect();
    let json = format!(
        r#"{{"resourceLogs":[{{"resource":{{"attributes":[{{"key":"service.name","value":{{"stringValue":"shop"}}}}]}},
        "scopeLogs":[{{"logRecords":[{}]}}]}}]}}"#,
        records.join(",")
    );
    Logs::from_json(json.as_bytes()).expect("it is well formed")
}
