//! Releases, and distributions that CI makes.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use crate::kit::{
    command::{Ended, run},
    distros, programs, python,
};

const PATIENCE: Duration = Duration::from_mins(20);

/// What a release makes of a distribution, `NAME` being its name.
const MADE: [&str; 7] = [
    "NAME",
    "NAME.oci.tar",
    "NAME.cdx.json",
    "NAME.spdx.json",
    "NAME.notices.txt",
    "NAME.provenance.json",
    "SHA256SUMS",
];

#[test]
fn a_folder_is_released_with_everything() {
    let out = tempfile::tempdir().unwrap();
    let path = out.path().to_str().unwrap();
    distros::slimcol(["release", "manifests", "--output", path, "--only", "otlp", "--only", "core"])
        .expect_success();
    let sizes = fs::read_to_string(out.path().join("SIZES.md")).unwrap();
    for (manifest, name) in [("otlp", "otelcol-otlp"), ("core", "otelcol")] {
        let folder = out.path().join(manifest);
        for file in MADE.map(|file| file.replace("NAME", name)) {
            assert!(folder.join(&file).is_file(), "{manifest}: {file}");
        }
        for extension in ["deb", "rpm", "tar.gz"] {
            assert_eq!(of_extension(&folder, extension).len(), 1, "{manifest}: {extension}");
        }
        let sums = run(
            Command::new("sha256sum").args(["--check", "--strict", "SHA256SUMS"]).current_dir(&folder),
            PATIENCE,
        )
        .expect_success();
        assert!(
            sums.stdout.lines().count() >= 8 && sums.stdout.lines().all(|line| line.ends_with(": OK")),
            "{}",
            sums.stdout
        );
        let bytes = fs::metadata(folder.join(name)).unwrap().len();
        let row = sizes.lines().find(|line| line.starts_with(&format!("| `{name}` ({manifest}) | ")));
        assert!(row.unwrap().contains(&format!("| {} |", megabytes(bytes))), "{sizes}");
    }
    assert_eq!(sizes.lines().count(), 4, "{sizes}");
    let unknown = distros::slimcol(["release", "manifests", "--output", path, "--only", "opentelemetry"]);
    assert_eq!(unknown.code, Some(1));
    assert!(
        unknown.stderr.starts_with(
            "error: --only: there is no manifest `opentelemetry.yaml` in `manifests`, only `agent`, "
        ),
        "{}",
        unknown.stderr
    );
}

fn of_extension(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files.filter(|path| path.to_str().unwrap().ends_with(&format!(".{extension}"))).collect()
}

fn megabytes(bytes: u64) -> String {
    let hundredths = (bytes + 5_000) / 10_000;
    format!("{}.{:02} MB", hundredths / 100, hundredths % 100)
}

/// Runs the script of CI systems in an empty folder, with these variables.
fn in_ci(folder: &Path, variables: &[(&str, &str)]) -> Ended {
    let mut command = Command::new("sh");
    command.arg(distros::root().join("ci/distro.sh")).current_dir(folder).env("SLIMCOL", distros::program());
    command.envs(distros::caches()).envs(variables.iter().copied());
    run(&mut command, PATIENCE)
}

#[test]
fn the_script_that_ci_systems_run_makes_a_distribution() {
    let folder = tempfile::tempdir().unwrap();
    let manifest = distros::root().join("manifests/otlp.yaml").canonicalize().unwrap();
    let manifest = manifest.to_str().unwrap();
    let (output, summary) = (folder.path().join("output"), folder.path().join("summary.md"));
    let reports =
        [("GITHUB_OUTPUT", output.to_str().unwrap()), ("GITHUB_STEP_SUMMARY", summary.to_str().unwrap())];
    let asked = [
        ("DISTRO_MANIFEST", manifest),
        ("DISTRO_IMAGE", "registry.example.com/otlp:1"),
        ("DISTRO_PACKAGES", "deb,tar.gz"),
        ("DISTRO_SBOM", "cyclonedx"),
        ("DISTRO_MAX_SIZE", "4MB"),
        ("DISTRO_ARGUMENTS", "--sums --notices"),
    ];
    let done = in_ci(folder.path(), &[&asked[..], &reports].concat()).expect_success();
    assert!(!done.stdout.contains("\"event\":\"progress\""), "{}", done.stdout);
    let made = folder.path().canonicalize().unwrap().join("dist");
    let binary = made.join("otelcol-otlp");
    let bytes = fs::metadata(&binary).unwrap().len();
    assert_eq!(
        fs::read_to_string(&output).unwrap(),
        format!(
            "binary={}\nbytes={bytes}\nimage={}\ndigest=\n",
            binary.display(),
            made.join("otelcol-otlp.oci.tar").display()
        )
    );
    let summary = fs::read_to_string(&summary).unwrap();
    assert!(summary.contains(&format!("| binary `{}` | {bytes} |\n", binary.display())), "{summary}");
    assert_eq!(summary.lines().count(), 2 + 7, "{summary}");
    for extension in ["deb", "tar.gz", "cdx.json", "notices.txt"] {
        assert_eq!(of_extension(&made, extension).len(), 1, "{extension}");
    }

    let failed = tempfile::tempdir().unwrap();
    let too_large = in_ci(failed.path(), &[("DISTRO_MANIFEST", manifest), ("DISTRO_MAX_SIZE", "1MB")]);
    assert_eq!(too_large.code, Some(5), "{}", too_large.stdout);
    assert!(too_large.stdout.contains("\"event\":\"error\",\"code\":5"), "{}", too_large.stdout);
    let nothing = in_ci(failed.path(), &[]);
    assert_eq!(nothing.code, Some(1));
    assert!(
        nothing.stderr.starts_with("distro.sh: set DISTRO_MANIFEST to a manifest, or"),
        "{}",
        nothing.stderr
    );
}

#[test]
fn github_gitlab_and_shells_take_the_files() {
    let root = distros::root();
    let check = |arguments: &[&str]| {
        run(python::program("check-jsonschema").args(arguments).current_dir(root), PATIENCE).expect_success()
    };
    check(&["--builtin-schema", "vendor.github-actions", "action.yml"]);
    check(&["--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci", "ci/gitlab.yml"]);
    let Some(mut shellcheck) = programs::find("shellcheck", "shellcheck") else { return };
    run(shellcheck.arg("ci/distro.sh").current_dir(root), PATIENCE).expect_success();
}
