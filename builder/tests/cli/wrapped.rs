//! Compilers behind a wrapper, which is how many machines share what one has compiled.

use std::{
    fs,
    net::TcpListener,
    os::unix::fs::PermissionsExt as _,
    path::Path,
    process::{Command, Output},
};

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

#[test]
fn sccache_gives_back_what_it_has_seen() {
    let Ok(version) = Command::new("sccache").arg("--version").output() else {
        let missing = "sccache is not installed (apt-get install -y sccache)";
        assert!(std::env::var("CI").as_deref() != Ok("true"), "{missing}");
        #[allow(clippy::print_stderr, reason = "that a test did not run is to be read")]
        {
            eprintln!("NOT RUN: {missing}");
        }
        return;
    };
    assert!(version.status.success());
    let folder = manifest(MANIFEST);
    let dir = folder.path();
    third_party::component(&dir.join("third"), "exporter", FACTORY);
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port().to_string();
    let cache = dir.join("cache");
    let variables = [("SCCACHE_SERVER_PORT", Path::new(&port)), ("SCCACHE_DIR", &cache)];
    let sccache = |argument: &str| {
        let output = Command::new("sccache").arg(argument).envs(variables).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    sccache("--start-server");
    let mut hits = Vec::new();
    let mut binaries = Vec::new();
    for _ in 0..2 {
        let output = build(dir, &[&variables[..], &[("RUSTC_WRAPPER", Path::new("sccache"))]].concat());
        assert_eq!(output.status.code(), Some(0), "{}", said(&output, dir));
        binaries.push(fs::read(dir.join("out/otelcol-probe")).unwrap());
        fs::remove_dir_all(dir.join("target")).unwrap();
        let stats = sccache("--show-stats");
        let line = stats.lines().find(|line| line.starts_with("Cache hits (Rust)"));
        hits.push(line.map_or(0, |line| line.rsplit(' ').next().unwrap().parse().unwrap()));
    }
    sccache("--stop-server");
    // The framework's two crates, a receiver, a provider, the exporter and what it needs; programs are not kept.
    assert_eq!(hits, [0, 6]);
    assert!(binaries[0] == binaries[1]);
}
