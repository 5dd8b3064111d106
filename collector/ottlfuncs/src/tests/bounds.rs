//! Statements that make more of a record each time that they run.

use slimcol_ottleval::Kind;

use crate::samples::{on, scope};

/// Runs a statement until it fails, and tells how often it ran and why it failed.
fn until_it_fails(first: &str, again: &str) -> (usize, String) {
    let statement = |text: &str| scope(Kind::Log).statement(text).unwrap();
    on(Kind::Log, |record| {
        statement(first).run(record).unwrap();
        for times in 0..40 {
            let again = statement(&again.replace("NEW", &format!("new{times}")));
            if let Err(fault) = again.run(record) {
                return (times, fault.to_string());
            }
        }
        (40, String::new())
    })
}

#[test]
fn what_doubles_itself_ends() {
    let seed = "x".repeat(1 << 20);
    let first = format!("set(attributes[\"x\"], \"{seed}\")");
    for again in [
        "set(attributes[\"x\"], Concat([attributes[\"x\"], attributes[\"x\"]], \"\"))",
        "set(attributes[\"x\"], [attributes[\"x\"], attributes[\"x\"]])",
        "set(attributes[\"x\"], {\"a\": attributes[\"x\"], \"b\": attributes[\"x\"]})",
        "set(attributes[\"NEW\"], attributes)",
        "merge_maps(attributes, {\"NEW\": attributes}, \"upsert\")",
        "append(attributes[\"x\"], attributes[\"x\"])",
    ] {
        let (times, fault) = until_it_fails(&first, again);
        assert!((1..8).contains(&times), "{again}: {times} {fault}");
        assert_eq!(fault, "a value of more than 64 MiB was to be made", "{again}");
    }
}
