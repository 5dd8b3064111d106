//! What the catalogue says that a component costs is what a collector grows by with it.

use crate::kit::distros::slimcol;

/// Of the middling ones, so that neither noise nor what all components share is the better part of its cost.
const MEASURED: &str = "debug";

#[test]
fn the_catalogues_costs_are_those_of_the_code() {
    let measured = slimcol(["measure", MEASURED]).expect_success().stdout;
    let bytes: u64 = measured.trim_end().rsplit('\t').next().unwrap().parse().unwrap();
    let listed = slimcol(["components", MEASURED, "--json"]).expect_success().stdout;
    let listed: serde_json::Value = serde_json::from_str(&listed).unwrap();
    let stated = listed["components"][0]["cost_bytes"].as_u64().unwrap();
    assert!(
        bytes.abs_diff(stated) * 10 <= stated,
        "`{MEASURED}` costs {bytes} bytes, and the catalogue says {stated}: slimcol measure > builder/src/catalogue/costs.tsv"
    );
}
