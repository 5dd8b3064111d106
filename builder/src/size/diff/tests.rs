use super::*;
use crate::size::report::{Component, FORMAT, Holder, Rest};

fn report(name: &str, crates: &[(&str, &str, u64)], components: &[(&str, u64)], rest: u64) -> Report {
    let bytes = crates.iter().map(|(.., bytes)| bytes).sum::<u64>() + rest;
    Report {
        format: FORMAT,
        name: name.to_owned(),
        version: "1.0".to_owned(),
        target: String::new(),
        bytes,
        code: bytes - rest,
        components: components
            .iter()
            .map(|(id, code)| Component {
                id: (*id).to_owned(),
                code: *code,
                constants: 0,
                packages: Vec::new(),
            })
            .collect(),
        crates: crates
            .iter()
            .map(|(name, version, code)| Share {
                name: (*name).to_owned(),
                version: Some((*version).to_owned()),
                holder: Holder::Shared,
                code: *code,
                constants: 0,
                symbols: 1,
                largest: Vec::new(),
            })
            .collect(),
        rest: vec![Rest { what: "relocations".to_owned(), bytes: rest }],
    }
}

#[test]
fn what_came_went_and_changed_is_told_with_the_largest_first() {
    let old = report(
        "a",
        &[("h2", "0.4.1", 5_000), ("gone", "1.0", 70), ("same", "1.0", 9)],
        &[("receiver/x", 1)],
        8,
    );
    let new = report(
        "b",
        &[("h2", "0.4.2", 7_500), ("same", "1.0", 9)],
        &[("exporter/y", 20), ("receiver/x", 1)],
        8,
    );
    assert_eq!(
        Diff::between(&old, &new).render(),
        "a 1.0: 5,087 bytes\n\
         b 1.0: 7,517 bytes, +2,430 bytes of difference\n\
         \n  change  old  new  component\n     \
         +20        20  exporter/y  new\n\
         \n  change    old    new  crate\n  \
         +2,500  5,000  7,500  h2 0.4.1 → 0.4.2\n     \
         -70     70         gone 1.0          gone\n"
    );
}

#[test]
fn reports_that_are_the_same_have_no_changes() {
    let one = report("a", &[("h2", "1", 5), ("h2", "2", 6)], &[], 0);
    let diff = Diff::between(&one, &one);
    assert!(diff.components.is_empty() && diff.crates.is_empty() && diff.rest.is_empty());
    assert_eq!(diff.render(), "a 1.0: 11 bytes\na 1.0: 11 bytes, 0 bytes of difference\n");
    let json: serde_json::Value = serde_json::from_str(&diff.to_json()).unwrap();
    assert_eq!(json["bytes"]["delta"], 0);
}

#[test]
fn two_versions_of_a_crate_are_one_crate() {
    let old = report("a", &[("h2", "1", 5), ("h2", "2", 6)], &[], 0);
    let new = report("a", &[("h2", "2", 10)], &[], 0);
    let crates = Diff::between(&old, &new).crates;
    assert_eq!(crates, [Change { what: "h2 1, 2 → 2".to_owned(), old: Some(11), new: Some(10), delta: -1 }]);
}
