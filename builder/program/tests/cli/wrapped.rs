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

fn build(folder: &Path, target: &str, variables: &[(&str, &Path)]) -> Output {
    slimcol(folder)
        .args(["build", "--config", "manifest.yaml", "--target-dir", target])
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
        let output = build(dir, "target", &[(variable, &wrapper)]);
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

/// An sccache with a cache and a server of its own; stopped when dropped.
struct Sccache<'a> {
    port: String,
    cache: &'a Path,
}

impl Sccache<'_> {
    fn variables(&self) -> [(&str, &Path); 2] {
        [("SCCACHE_SERVER_PORT", Path::new(&self.port)), ("SCCACHE_DIR", self.cache)]
    }

    fn ask(&self, argument: &str) -> Output {
        Command::new("sccache").arg(argument).envs(self.variables()).output().unwrap()
    }

    /// Compilations of Rust that it did not have to do.
    fn hits(&self) -> usize {
        let stats = String::from_utf8(self.ask("--show-stats").stdout).unwrap();
        let line = stats.lines().find(|line| line.starts_with("Cache hits (Rust)"));
        line.map_or(0, |line| line.rsplit(' ').next().unwrap().parse().unwrap())
    }
}

impl Drop for Sccache<'_> {
    fn drop(&mut self) {
        self.ask("--stop-server");
    }
}

#[test]
fn sccache_gives_back_what_it_has_seen_wherever_it_was_compiled() {
    if Command::new("sccache").arg("--version").output().is_err() {
        let missing = "sccache is not installed (apt-get install -y sccache)";
        assert!(std::env::var("CI").as_deref() != Ok("true"), "{missing}");
        #[allow(clippy::print_stderr, reason = "that a test did not run is to be read")]
        {
            eprintln!("NOT RUN: {missing}");
        }
        return;
    }
    let folder = manifest(MANIFEST);
    let dir = folder.path();
    third_party::component(&dir.join("third"), "exporter", FACTORY);
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port().to_string();
    let sccache = Sccache { port, cache: &dir.join("cache") };
    let started = sccache.ask("--start-server");
    assert!(started.status.success(), "{}", String::from_utf8_lossy(&started.stderr));
    let variables = [&sccache.variables()[..], &[("RUSTC_WRAPPER", Path::new("sccache"))]].concat();
    let mut hits = Vec::new();
    let mut binaries = Vec::new();
    for target in ["target", "elsewhere/target"] {
        let output = build(dir, target, &variables);
        assert_eq!(output.status.code(), Some(0), "{}", said(&output, dir));
        binaries.push(fs::read(dir.join("out/otelcol-probe")).unwrap());
        hits.push(sccache.hits());
    }
    // The framework's two crates, a receiver, a provider, the exporter and what it needs; programs are not kept.
    assert_eq!(hits, [0, 6]);
    assert!(binaries[0] == binaries[1]);
}
