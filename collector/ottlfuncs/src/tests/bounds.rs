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

/// What a statement fails with on a record that has these attributes.
fn fault(attributes: &[(&str, &str)], statement: &str) -> String {
    let parsed = |text: &str| scope(Kind::Log).statement(text).unwrap();
    on(Kind::Log, |record| {
        for (key, value) in attributes {
            parsed(&format!("set(attributes[\"{key}\"], \"{value}\")")).run(record).unwrap();
        }
        parsed(statement).run(record).map_or_else(|fault| fault.to_string(), |_| String::new())
    })
}

#[test]
fn replacing_ends_before_it_fills_memory() {
    let (many, long) = ("x".repeat(1 << 20), "y".repeat(1 << 20));
    // A group is all of it, which is written a quarter of a million times.
    let groups = "$0".repeat(1 << 18);
    let too_long = "a value of more than 64 MiB was to be made";
    for (target, replacement, statement, expected) in [
        (&many, &long, "replace_pattern(attributes[\"a\"], \"x\", attributes[\"b\"])", too_long),
        (&many, &long, "replace_pattern(attributes[\"a\"], \"x|z\", attributes[\"b\"])", too_long),
        (&many, &long, "replace_pattern(attributes[\"a\"], \"x\", attributes[\"b\"], ToUpperCase)", too_long),
        (&many, &groups, "replace_pattern(attributes[\"a\"], \"x+\", attributes[\"b\"])", too_long),
        (&long, &many, "replace_pattern(attributes[\"a\"], \"x+|yy*\", attributes[\"b\"])", ""),
    ] {
        assert_eq!(fault(&[("a", target), ("b", replacement)], statement), expected, "{statement}");
    }
    let several: Vec<String> = (0..100).map(|at| format!("a{at}")).collect();
    let mut attributes: Vec<(&str, &str)> = several.iter().map(|key| (&**key, "x")).collect();
    attributes.push(("b", &long));
    for statement in [
        "replace_all_patterns(attributes, \"value\", \"x\", attributes[\"b\"])",
        "replace_all_patterns(attributes, \"key\", \"a[0-9]\", attributes[\"b\"])",
        "replace_all_matches(attributes, \"x\", attributes[\"b\"])",
    ] {
        assert_eq!(fault(&attributes, statement), too_long, "{statement}");
    }
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
