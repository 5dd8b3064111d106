//! `slimcol push` to a real registry, and what others then find there.

use std::{fs, os::unix::fs::PermissionsExt as _, path::Path, process::Command, time::Duration};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::kit::{
    command::{Ended, run},
    distros,
    podman::Podman,
    programs,
    registry::{Guard, Registry},
    tokens::Tokens,
};

const DEADLINE: Duration = Duration::from_mins(2);
const EMPTY: &str = "{}";

/// Where a user's credentials are: docker's folder, and nothing else of this machine's.
struct Home(TempDir);

impl Home {
    fn new(config: &str) -> Self {
        let home = Self(tempfile::tempdir().unwrap());
        fs::write(home.path("config.json"), config).unwrap();
        home
    }

    fn path(&self, name: &str) -> String {
        self.0.path().join(name).display().to_string()
    }

    /// `slimcol push` of the OTLP distribution's image as this user.
    fn push(&self, arguments: &[&str]) -> Ended {
        let image = distros::otlp().image.display().to_string();
        let path = format!("{}:{}", self.0.path().display(), std::env::var("PATH").unwrap());
        let mut command = Command::new(distros::program());
        command
            .args(["push", "--image", &image])
            .args(arguments)
            .env("PATH", path)
            .env("HOME", self.0.path());
        command
            .env("DOCKER_CONFIG", self.0.path())
            .env_remove("REGISTRY_AUTH_FILE")
            .env_remove("XDG_RUNTIME_DIR");
        run(command.env_remove("XDG_CONFIG_HOME"), DEADLINE)
    }
}

fn auths(registry: &str, entry: &Value) -> String {
    json!({"auths": {registry: entry}}).to_string()
}

/// Runs what was pulled.
fn expect_to_run(podman: &Podman, image: &str) {
    let version = podman.finish(image, &["--version"]);
    assert!(version.stdout.starts_with("otelcol-otlp version "), "{}", version.stdout);
}

/// The digest in the line that says what was pushed.
fn digest(ended: &Ended, name: &str) -> String {
    let line = ended.stdout.lines().find_map(|line| line.strip_prefix(&format!("{name}: digest: ")));
    let line = line.unwrap_or_else(|| panic!("no {name} in {}", ended.stdout));
    line.split(' ').next().unwrap().to_owned()
}

#[test]
fn with_a_password_over_tls_it_is_pushed_once_and_pulled_and_run() {
    let Some(registry) = Registry::start(&Guard::Password("alice", "s3cret")) else { return };
    let name = registry.name();
    let (one, two) = (format!("{name}/team/otelcol:1.0"), format!("{name}/team/copy:1.0"));
    let ca = registry.ca().display().to_string();
    // Nobody's certificate is believed that is not told of.
    let home = Home::new(EMPTY);
    let refused = home.push(&[&one]);
    assert_eq!(refused.code, Some(1));
    let expected = format!(
        "error: the certificate of `https://{name}/v2/` is not trusted (UnknownIssuer): name its authority with --ca-file\n"
    );
    assert_eq!(refused.stderr, expected);
    let refused = home.push(&["--ca-file", &ca, &one]);
    let file = home.path("config.json");
    let expected = format!(
        "error: `{name}` does not let us push to `team/otelcol`: 401 Unauthorized; tried with no credentials, since `{file}` has none \
         for `{name}`; log in with `docker login {name}` or `podman login {name}`\n"
    );
    assert_eq!((refused.code, refused.stderr), (Some(1), expected));
    let wrong = Home::new(&auths(&name, &json!({"username": "alice", "password": "wr0ng"})));
    let refused = wrong.push(&["--ca-file", &ca, &one]);
    assert!(refused.stderr.contains("; tried with user `alice` from `"), "{}", refused.stderr);
    assert!(!refused.stderr.contains("wr0ng"));

    // `alice:s3cret`, as `docker login` writes it. In pieces, since nothing else here takes that way.
    let home = Home::new(&auths(&name, &json!({"auth": "YWxpY2U6czNjcmV0"})));
    let pushed = home.push(&["--ca-file", &ca, "--chunk-size", "1", &one, &two]).expect_success();
    let top = digest(&pushed, &one);
    assert_eq!(top, digest(&pushed, &two));
    assert!(pushed.stderr.contains(&format!("{two}: 4 blobs sent")), "{}", pushed.stderr);
    assert!(
        pushed.stderr.contains(&format!("{one}: 0 blobs sent (0.00 MB), 4 taken over, 0 there already")),
        "{}",
        pushed.stderr
    );
    let again = home.push(&["--ca-file", &ca, &one]).expect_success();
    assert!(again.stderr.contains("0 blobs sent (0.00 MB), 4 there already"), "{}", again.stderr);
    let Some(podman) = Podman::find() else { return };
    let certificates = registry.certificates().display().to_string();
    let flags = ["--cert-dir", &certificates, "--authfile", &home.path("config.json")];
    assert_ne!(podman.pull(&one, &flags[..2]).code, Some(0), "anybody can pull");
    podman.pull(&one, &flags).expect_success();
    expect_to_run(&podman, &one);
    assert_eq!(podman.inspect(&one, "{{.Digest}}"), top);
}

#[test]
fn an_sbom_is_found_by_the_images_digest() {
    let Some(registry) = Registry::start(&Guard::Password("alice", "s3cret")) else { return };
    let Some(_) = programs::find("skopeo", "skopeo") else { return };
    let home = Home::new(&auths(&registry.name(), &json!({"auth": "YWxpY2U6czNjcmV0"})));
    let name = format!("{}/otelcol:1.0", registry.name());
    let folder = distros::otlp().binary.parent().unwrap();
    let sboms =
        ["cdx", "spdx"].map(|form| folder.join(format!("otelcol-otlp.{form}.json")).display().to_string());
    let ca = registry.ca().display().to_string();
    let mut arguments = vec!["--ca-file", &ca, &name];
    for sbom in &sboms {
        arguments.extend(["--sbom", sbom]);
    }
    let top = digest(&home.push(&arguments).expect_success(), &name);
    // Once more: what refers to the image already is not listed twice.
    home.push(&arguments).expect_success();
    let list = home.inspect(&registry, &format!("{}/otelcol:{}", registry.name(), top.replace(':', "-")));
    let referrers = list["manifests"].as_array().unwrap();
    let types: Vec<&str> = referrers.iter().map(|entry| entry["artifactType"].as_str().unwrap()).collect();
    assert_eq!(types, ["application/vnd.cyclonedx+json", "application/spdx+json"]);
    for (referrer, sbom) in referrers.iter().zip(&sboms) {
        let manifest = home.inspect(
            &registry,
            &format!("{}/otelcol@{}", registry.name(), referrer["digest"].as_str().unwrap()),
        );
        assert_eq!(manifest["subject"]["digest"], top);
        assert_eq!(manifest["artifactType"], referrer["artifactType"]);
        assert_eq!(manifest["layers"][0]["size"], fs::metadata(sbom).unwrap().len());
    }
}

impl Home {
    /// The manifest of `image` as skopeo gets it.
    fn inspect(&self, registry: &Registry, image: &str) -> Value {
        let mut skopeo = Command::new("skopeo");
        skopeo.args(["inspect", "--raw", "--cert-dir"]).arg(registry.certificates());
        skopeo.args(["--authfile", &self.path("config.json"), &format!("docker://{image}")]);
        serde_json::from_str(&run(&mut skopeo, DEADLINE).expect_success().stdout).unwrap()
    }
}

#[test]
fn a_credential_helper_is_asked_for_who_pushes() {
    let Some(registry) = Registry::start(&Guard::Password("alice", "s3cret")) else { return };
    let name = registry.name();
    let home = Home::new(&json!({"credHelpers": {&name: "suite"}}).to_string());
    let image = format!("{name}/otelcol:1.0");
    let ca = registry.ca().display().to_string();
    let helper = |script: &str| {
        let path = home.path("docker-credential-suite");
        fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        home.push(&["--ca-file", &ca, &image])
    };
    let kept = helper(
        r#"read -r server; test "$1" = get && echo "{\"ServerURL\":\"$server\",\"Username\":\"alice\",\"Secret\":\"s3cret\"}""#,
    );
    digest(&kept.expect_success(), &image);
    let locked = helper("echo 'the keyring is locked'; exit 1");
    assert!(
        locked.stderr.starts_with(
            "error: the credential helper `docker-credential-suite` failed (the keyring is locked), which `"
        ),
        "{}",
        locked.stderr
    );
    let nothing = helper("echo 'credentials not found in native keychain'; exit 1");
    assert!(nothing.stderr.contains("; tried with no credentials, since `"), "{}", nothing.stderr);
    let garbled = helper("echo s3cret");
    assert!(
        garbled.stderr.contains("`docker-credential-suite` gave something that is not credentials"),
        "{}",
        garbled.stderr
    );
    assert!(!garbled.stderr.contains("s3cret"));
}

#[test]
fn a_registry_with_a_token_server_gives_and_takes_tokens() {
    let tokens = Tokens::start("alice", "s3cret", "refresh-me");
    let Some(registry) = Registry::start(&Guard::Tokens(&tokens)) else { return };
    let name = registry.name();
    let image = format!("{name}/team/otelcol:1.0");
    let home = Home::new(&auths(&name, &json!({"auth": "YWxpY2U6czNjcmV0"})));
    digest(&home.push(&[&image]).expect_success(), &image);
    assert_eq!(tokens.asked(), ["GET repository:team/otelcol:pull,push"]);
    let identified = Home::new(&auths(&name, &json!({"auth": "YWxpY2U6", "identitytoken": "refresh-me"})));
    digest(&identified.push(&[&image]).expect_success(), &image);
    assert_eq!(tokens.asked()[1..], ["POST repository:team/otelcol:pull,push"]);
    let wrong = Home::new(&auths(&name, &json!({"username": "alice", "password": "wr0ng"})));
    let refused = wrong.push(&[&image]);
    let expected = format!("its token server `{}` refuses; tried with user `alice` from `", tokens.url());
    assert!(refused.code == Some(1) && refused.stderr.contains(&expected), "{}", refused.stderr);
    let Some(podman) = Podman::find() else { return };
    podman.pull(&image, &["--tls-verify=false", "--authfile", &home.path("config.json")]).expect_success();
    expect_to_run(&podman, &image);
}

/// The binary with another machine in its header: what matters of it here.
fn for_arm64(folder: &Path) -> String {
    let mut data = fs::read(&distros::otlp().binary).unwrap();
    data[18] = 183;
    let path = folder.join("otelcol-arm64");
    fs::write(&path, data).unwrap();
    path.display().to_string()
}

#[test]
fn an_image_for_two_platforms_gives_each_its_own() {
    let Some(registry) = Registry::start(&Guard::Password("alice", "s3cret")) else { return };
    let Some(_) = programs::find("skopeo", "skopeo") else { return };
    let home = Home::new(&auths(&registry.name(), &json!({"auth": "YWxpY2U6czNjcmV0"})));
    let name = format!("{}/otelcol:1.0", registry.name());
    let (amd64, arm64) = (distros::otlp().binary.display(), for_arm64(home.0.path()));
    let layout = home.path("layout");
    let made = distros::slimcol([
        "image",
        "--config=manifests/otlp.yaml",
        &format!("--binary=linux/amd64={amd64}"),
        &format!("--binary=linux/arm64={arm64}"),
        "--format=oci-layout",
        &format!("--output={layout}"),
        &format!("--tag={name}"),
    ]);
    made.expect_success();
    let mut push = Command::new(distros::program());
    push.args(["push", "--image", &layout, "--ca-file"])
        .arg(registry.ca())
        .env("DOCKER_CONFIG", home.0.path());
    let top = digest(&run(&mut push, DEADLINE).expect_success(), &name);
    for architecture in ["amd64", "arm64"] {
        let mut skopeo = Command::new("skopeo");
        skopeo.args(["--override-arch", architecture, "inspect", "--cert-dir"]).arg(registry.certificates());
        skopeo.args(["--authfile", &home.path("config.json"), &format!("docker://{name}")]);
        let inspected: Value =
            serde_json::from_str(&run(&mut skopeo, DEADLINE).expect_success().stdout).unwrap();
        assert_eq!((&inspected["Architecture"], &inspected["Digest"]), (&json!(architecture), &json!(top)));
    }
    let index = home.inspect(&registry, &name);
    let platforms: Vec<&Value> =
        index["manifests"].as_array().unwrap().iter().map(|entry| &entry["platform"]).collect();
    assert_eq!(
        platforms,
        [
            &json!({"architecture": "amd64", "os": "linux"}),
            &json!({"architecture": "arm64", "os": "linux", "variant": "v8"})
        ]
    );
    // Podman takes the one of this machine.
    let Some(podman) = Podman::find().filter(|_| cfg!(target_arch = "x86_64")) else { return };
    let certificates = registry.certificates().display().to_string();
    podman
        .pull(&name, &["--cert-dir", &certificates, "--authfile", &home.path("config.json")])
        .expect_success();
    expect_to_run(&podman, &name);
}
