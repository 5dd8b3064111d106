//! How long an expression takes for one log entry: `cargo bench -p slimcol-expr`.
//!
//! Medians of wall-clock time on one thread; compare lines of one run, not runs.
#![expect(clippy::print_stdout, reason = "what it measures is for who runs it")]

use std::{hint::black_box, time::Instant};

use slimcol_expr::{Condition, Environment, Fields, Value};

#[derive(Debug)]
struct Attributes(Vec<(&'static str, &'static str)>);

impl Fields for Attributes {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn get(&self, key: &str) -> Option<Value<'_>> {
        self.0.iter().find(|(name, _)| *name == key).map(|(_, value)| Value::from(*value))
    }

    fn entry(&self, index: usize) -> (&str, Value<'_>) {
        (self.0[index].0, Value::from(self.0[index].1))
    }
}

#[derive(Debug)]
struct Entry {
    body: &'static str,
    attributes: Attributes,
}

impl Environment for Entry {
    fn get(&self, name: &str) -> Option<Value<'_>> {
        match name {
            "body" | "$" => Some(self.body.into()),
            "attributes" => Some(Value::from(&self.attributes as &dyn Fields)),
            _ => None,
        }
    }
}

fn main() {
    let entry = Entry {
        body: "2026-11-22T03:04:05.678Z INFO shop-7f9c checkout: order 4711 of customer 42 took 17 ms, 3 items, no error",
        attributes: Attributes(vec![("log.file.name", "shop.log"), ("logtag", "F"), ("level", "error")]),
    };
    for source in [
        r#"body contains "panic""#,
        r#"attributes.level == "error""#,
        r#"attributes["level"] in ["warn", "error", "fatal"]"#,
        r#"body matches "^\\d{4}-\\d{2}-\\d{2}T""#,
        r#"body matches "took \\d{3,} ms""#,
        r#"attributes.logtag == "F" and body startsWith "2026" and not (body contains "debug")"#,
        r#"any(split(body, " "), # == "INFO")"#,
        "1 + 2 * 3 == 7",
    ] {
        let condition = Condition::compile(source).expect("it is written well");
        let mut rounds = Vec::new();
        for _ in 0..15 {
            let start = Instant::now();
            for _ in 0..20_000 {
                black_box(condition.holds(black_box(&entry)).expect("it has a value"));
            }
            rounds.push(start.elapsed().as_nanos() / 20_000);
        }
        rounds.sort_unstable();
        println!("{:>7} ns  {source}", rounds[7]);
    }
}
