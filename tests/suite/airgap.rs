//! Another user, in another folder, on a machine without a network: the same bytes.

use std::{
    fs,
    os::unix::fs::{PermissionsExt as _, chown},
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use crate::kit::{
    command::run,
    distros::{program, root, slimcol},
};

const MANIFEST: &str = "
dist: {name: otelcol-twin, version: 0.0.1, description: Built twice, config: ../config.yaml}
receivers: [otlp]
processors: [batch]
exporters: [otlp_grpc, debug]
providers: [env, file]
";
const CONFIG: &str = "
receivers: {otlp: {protocols: {grpc: {endpoint: '127.0.0.1:4317'}}}}
exporters: {debug: {}}
service: {pipelines: {traces: {receivers: [otlp], exporters: [debug]}}}
";
/// Everything is compiled anew there.
const DEADLINE: Duration = Duration::from_mins(30);
/// Somebody whom the machine does not know.
const SOMEBODY: u32 = 54_321;

/// What happens there, as root in a network and with mounts of its own, until it becomes somebody. The compiler is handed
/// over, since it may lie in a home; the checkout is covered up.
const SCRIPT: &str = r#"
set -eu
test "$(wc -l < /proc/self/net/route)" -le 1 || { echo "there is a network" >&2; exit 90; }
mount --bind "$SYSROOT" rust
mount -t tmpfs -o mode=0700 nothing "$CHECKOUT"
exec setpriv --reuid="$SOMEBODY" --regid="$SOMEBODY" --clear-groups env -i \
  HOME="$PWD/home" PATH="$PWD/rust/bin:/usr/bin:/bin" HIDDEN="$HIDDEN" sh -euc '
    test "$(id -u)" != 0
    if ls "$HIDDEN" 2>/dev/null; then echo "$HIDDEN is open" >&2; exit 91; fi
    tar -xzf twin.tar.gz
    cd twin
    exec ../slimcol release . --output ../out
  '
"#;

#[test]
fn everything_is_the_same_for_another_user_without_a_network() {
    if let Err(missing) = possible() {
        assert!(std::env::var("CI").as_deref() != Ok("true"), "{missing}");
        eprintln!("NOT RUN: {missing}");
        return;
    }
    let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (here, there) = (here.path(), there.path());
    fs::create_dir(here.join("manifests")).unwrap();
    fs::write(here.join("manifests/manifest.yaml"), MANIFEST).unwrap();
    fs::write(here.join("config.yaml"), CONFIG).unwrap();
    let path = |name: &str| here.join(name).to_str().unwrap().to_owned();
    slimcol(["release", &path("manifests"), "--output", &path("out")]).expect_success();
    let bundle = there.join("twin.tar.gz");
    let manifest = path("manifests/manifest.yaml");
    slimcol(["vendor", "--config", &manifest, "--output", bundle.to_str().unwrap()]).expect_success();

    // Where the first user's files are, the second may not look; what it needs is handed over.
    fs::set_permissions(here, fs::Permissions::from_mode(0o700)).unwrap();
    fs::copy(program(), there.join("slimcol")).unwrap();
    for folder in ["rust", "home"] {
        fs::create_dir(there.join(folder)).unwrap();
    }
    for path in [".", "home", "twin.tar.gz"] {
        chown(there.join(path), Some(SOMEBODY), Some(SOMEBODY)).unwrap();
    }
    let mut machine = Command::new("unshare");
    machine.args(["--net", "--mount", "sh", "-c", SCRIPT]).current_dir(there);
    machine.env("SYSROOT", sysroot()).env("SOMEBODY", SOMEBODY.to_string());
    machine.env("CHECKOUT", root().canonicalize().unwrap()).env("HIDDEN", here);
    run(&mut machine, DEADLINE).expect_success();

    let (ours, theirs) = (results(&here.join("out")), results(&there.join("out")));
    let names = |all: &[(PathBuf, Vec<u8>)]| -> Vec<String> {
        all.iter().map(|(path, _)| path.display().to_string()).collect()
    };
    assert_eq!(names(&ours), names(&theirs));
    for ending in
        ["otelcol-twin", ".oci.tar", ".deb", ".rpm", ".tar.gz", ".cdx.json", ".spdx.json", "SHA256SUMS"]
    {
        assert!(names(&ours).iter().any(|name| name.ends_with(ending)), "no {ending}: {:?}", names(&ours));
    }
    let different: Vec<_> =
        ours.iter().zip(&theirs).filter(|(one, other)| one.1 != other.1).map(|(one, _)| &one.0).collect();
    assert!(different.is_empty(), "{different:?}");
}

/// Whether this process may make machines of that kind; if not, why.
fn possible() -> Result<(), String> {
    let answer = Command::new("unshare").args(["--net", "--mount", "setpriv", "--reuid=1", "true"]).output();
    match answer {
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => Err(format!("this takes root: {}", String::from_utf8_lossy(&output.stderr).trim())),
        Err(error) => Err(format!("unshare (apt-get install -y util-linux): {error}")),
    }
}

fn sysroot() -> String {
    let output = Command::new("rustc").args(["--print", "sysroot"]).output().unwrap();
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// Every file below `folder` but the workspaces', by its path there.
fn results(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(dir) = open.pop() {
        for entry in fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                found.push((path.strip_prefix(folder).unwrap().to_path_buf(), fs::read(&path).unwrap()));
            } else if !path.ends_with("_build") {
                open.push(path);
            }
        }
    }
    found.sort();
    found
}
