//! Compilers behind a wrapper, which is how many machines share what one has compiled.

use std::{fs, os::unix::fs::PermissionsExt as _, path::Path, process::Output};

use crate::{manifest, said, slimcol, third_party, tree::FACTORY};

const MANIFEST: &str = "dist: {name: otelcol-probe, version: 1.0.0, output_path: out}\nreceivers: [otlp]\nexporters:\n  - \
                        {crate: mine, path: third/mine}\nproviders: [file]\n";

fn build(folder: &Path, variables: &[(&str, &Path)]) -> Output {
    slimcol(folder)
        .args(["build", "--config", "manifest.yaml", "--target-dir", "target"])
        .envs(variables.iter().copied())
        .output()
        .unwrap()
}

#[test]
fn a_wrapper_gets_every_crate_and_no_path_that_matters_to_none() {
    for variable in ["RUSTC_WRAPPER", "CARGO_BUILD_RUSTC_WRAPPER"] {
        let folder = manifest(MANIFEST);
        let dir = folder.path();
        third_party::component(&dir.join("third"), "exporter", FACTORY);
        let (wrapper, calls) = (dir.join("wrapper"), dir.join("calls"));
        fs::write(&wrapper, format!("#!/bin/sh\necho \"$@\" >> {}\nexec \"$@\"\n", calls.display())).unwrap();
        fs::set_permissions(&wrapper, fs::Permissions::from_mode(0o755)).unwrap();
        let output = build(dir, &[(variable, &wrapper)]);
        assert_eq!(output.status.code(), Some(0), "{}", said(&output, dir));
        let calls = fs::read_to_string(&calls).unwrap();
        for name in ["slimcol_service", "slimcol_receiver_otlp", "mine", "base"] {
            let call = calls.lines().find(|line| line.contains(&format!(" --crate-name {name} ")));
            let call = call.unwrap_or_else(|| panic!("{variable}: no {name} in\n{calls}"));
            // Where the output goes differs between machines, and must not be what tells two compilations apart.
            let told: Vec<&str> = call
                .split(' ')
                .filter(|word| word.contains(dir.to_str().unwrap()))
                .filter(|word| !word.contains(dir.join("target").to_str().unwrap()))
                .collect();
            assert!(told.is_empty(), "{variable}: {name}: {told:?}");
        }
    }
}
