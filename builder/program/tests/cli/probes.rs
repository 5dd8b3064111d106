//! Manifests that ocb accepts, or refuses without saying where and why. Each file in `tests/data/probes` is one; the
//! `.txt` beside it is the exit code and all that is said.

use std::fs;

use crate::{cases, data, files_in, golden, said, slimcol};

#[test]
fn every_probe_gets_its_answer() {
    let names = cases("probes");
    assert!(names.len() >= 70, "{names:?}");
    for name in names {
        probe(&name);
    }
}

fn probe(name: &str) {
    let path = data(&format!("probes/{name}.yaml"));
    let bytes = fs::read(path).unwrap();
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("manifest.yaml"), &bytes).unwrap();
    fs::write(folder.path().join("a-file"), "").unwrap();
    fs::create_dir(folder.path().join("a-folder")).unwrap();
    // A line such as `#! NAME=VALUE` is for the environment.
    let text = String::from_utf8_lossy(&bytes);
    let variables = text.lines().filter_map(|line| line.strip_prefix("#! ")?.split_once('='));
    let output = slimcol(folder.path())
        .args(["build", "--config", "manifest.yaml", "--skip-get-modules", "--skip-compilation"])
        .envs(variables)
        .output()
        .unwrap();
    let code = output.status.code().unwrap();
    golden(&format!("probes/{name}.txt"), &format!("exit code {code}\n{}", said(&output, folder.path())));
    if code != 0 {
        assert_eq!(files_in(folder.path()).len(), 2, "{name}: nothing may be written");
        assert_eq!(String::from_utf8_lossy(&output.stdout), "", "{name}");
    }
}
