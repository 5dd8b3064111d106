//! Where bytes come from, how many there may be, and which component wants a crate.

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use object::{Object as _, ObjectSection as _};
use serde_json::Value;

use crate::{compiled::target_dir, files_in, manifest, said, slimcol};

const MANIFEST: &str = "dist: {name: otelcol-sized, version: 1.0.0, output_path: out}\n\
                        receivers: [otlp]\nexporters: [debug]\nproviders: [file]\n";

fn command(folder: &Path, name: &str) -> Command {
    let mut command = slimcol(folder);
    command.arg(name).arg("--target-dir").arg(target_dir());
    command
}

fn success(output: Output, folder: &Path) -> String {
    assert_eq!(output.status.code(), Some(0), "{}", said(&output, folder));
    String::from_utf8(output.stdout).unwrap()
}

/// The report on [`MANIFEST`] as `size --json` prints it.
fn report(folder: &Path) -> (String, Value) {
    let output = command(folder, "size").args(["--config", "manifest.yaml", "--json"]).output().unwrap();
    let text = success(output, folder);
    let json = serde_json::from_str(&text).unwrap();
    (text, json)
}

fn sum<'v>(list: &'v Value, keys: &[&str]) -> u64 {
    let numbers = |one: &'v Value| keys.iter().map(|key| one[*key].as_u64().unwrap()).sum::<u64>();
    list.as_array().unwrap().iter().map(numbers).sum()
}

fn names<'v>(list: &'v Value, key: &str) -> Vec<&'v str> {
    list.as_array().unwrap().iter().map(|one| one[key].as_str().unwrap()).collect()
}

#[test]
fn every_byte_is_somebodys_and_the_code_adds_up() {
    let folder = manifest(MANIFEST);
    let (_, report) = report(folder.path());
    assert_eq!(files_in(folder.path()).len(), 1, "looking leaves nothing behind");
    let built = command(folder.path(), "build").args(["--config", "manifest.yaml"]).output().unwrap();
    success(built, folder.path());
    let binary = fs::read(folder.path().join("out/otelcol-sized")).unwrap();
    assert_eq!(report["bytes"], binary.len());
    assert_eq!(
        sum(&report["crates"], &["code", "constants"]) + sum(&report["rest"], &["bytes"]),
        binary.len() as u64
    );
    let file = object::File::parse(&*binary).unwrap();
    let text = file.sections().filter(|section| section.kind() == object::SectionKind::Text);
    assert_eq!(report["code"], text.map(|section| section.size()).sum::<u64>());
    let stubs = report["rest"].as_array().unwrap().iter();
    let stubs = stubs.filter(|rest| rest["what"] == "stubs of the linker and gaps between functions");
    let stubs: u64 = stubs.map(|rest| rest["bytes"].as_u64().unwrap()).sum();
    assert_eq!(sum(&report["crates"], &["code"]) + stubs, report["code"].as_u64().unwrap());
    assert!(file.section_by_name(".dep-v0").is_some());

    let mut components = names(&report["components"], "id");
    components.sort_unstable();
    assert_eq!(components, ["exporter/debug", "provider/file", "receiver/otlp"]);
    let receiver = report["components"].as_array().unwrap().iter().find(|one| one["id"] == "receiver/otlp");
    // Nobody else wants what networking there is.
    assert_eq!(
        receiver.unwrap()["packages"],
        Value::from(vec!["slimcol-net 0.1.0", "slimcol-receiver-otlp 0.1.0"])
    );
    let crates = names(&report["crates"], "name");
    for name in ["slimcol-service", "std", "core", "libc", "otelcol-sized"] {
        assert!(crates.contains(&name), "{name} is not in {crates:?}");
    }
}

#[test]
fn a_binary_that_is_too_big_is_not_put_in_place_and_who_is_to_blame_is_told() {
    let folder = manifest(MANIFEST);
    let build = |flags: &[&str]| {
        command(folder.path(), "build").args(["--config", "manifest.yaml"]).args(flags).output().unwrap()
    };
    success(build(&["--max-size", "10MB"]), folder.path());
    let binary = folder.path().join("out/otelcol-sized");
    let before = fs::metadata(&binary).unwrap().modified().unwrap();
    let text = MANIFEST.replace("output_path", "max_size: 100 kB, output_path");
    fs::write(folder.path().join("manifest.yaml"), &text).unwrap();

    let output = build(&[]);
    let said_ = said(&output, folder.path());
    assert_eq!(output.status.code(), Some(5), "{said_}");
    let error = &said_[said_.find("error: ").unwrap()..];
    assert!(error.starts_with("error: `otelcol-sized` has "), "{error}");
    assert!(
        error.contains(
            " more than its limit of 100 kB; it was not put in place\nwith a component would go:\n"
        )
    );
    assert!(error.contains("the largest crates are:\n") && error.contains("  libc (C library)\n"), "{error}");
    assert!(error.ends_with("`slimcol why CRATE` which components want a crate\n"), "{error}");
    assert_eq!(fs::metadata(&binary).unwrap().modified().unwrap(), before);

    // The command line comes before the manifest.
    success(build(&["--max-size=10MiB"]), folder.path());
    let output = build(&["--max-size", "4 bananas"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output, folder.path()).contains("`4 bananas` is not a size: write a number and `kB`"));
}

#[test]
fn reports_are_compared_and_shown_without_building_anything() {
    let folder = manifest(MANIFEST);
    let (text, report) = report(folder.path());
    let path = |name: &str| folder.path().join(name);
    fs::write(path("old.json"), &text).unwrap();
    let mut grown = report.clone();
    let service = grown["crates"].as_array_mut().unwrap();
    let service = service.iter_mut().find(|share| share["name"] == "slimcol-service").unwrap();
    service["code"] = Value::from(service["code"].as_u64().unwrap() + 1_234);
    grown["bytes"] = Value::from(report["bytes"].as_u64().unwrap() + 1_234);
    fs::write(path("new.json"), grown.to_string()).unwrap();
    let run = |args: &[&str]| slimcol(folder.path()).arg("size").args(args).output().unwrap();

    let same = success(run(&["--diff", "old.json", "old.json"]), folder.path());
    assert!(same.ends_with(" bytes, 0 bytes of difference\n") && same.lines().count() == 2, "{same}");
    let diff = success(run(&["--diff", "old.json", "new.json"]), folder.path());
    assert!(diff.contains(", +1,234 bytes of difference\n\n"), "{diff}");
    assert!(diff.contains("  +1,234  ") && diff.contains("  slimcol-service 0.1.0\n"), "{diff}");
    let json = success(run(&["--diff", "new.json", "old.json", "--json"]), folder.path());
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(
        (&json["bytes"]["delta"], &json["crates"][0]["delta"]),
        (&Value::from(-1_234), &Value::from(-1_234))
    );

    let table = success(run(&["--report", "old.json", "--all", "--html", "size.html"]), folder.path());
    assert!(table.starts_with("otelcol-sized 1.0.0 ") && table.contains("  the file\n"), "{table}");
    let page = fs::read_to_string(path("size.html")).unwrap();
    assert!(
        page.contains(
            "content=\"default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'\""
        )
    );
    for outside in [" src=", " href=", "url(", "@import", "http://", "https://"] {
        assert!(!page.contains(outside), "{outside} is in the page");
    }

    fs::write(path("other.json"), "{\"format\": 99}").unwrap();
    for (args, message) in [
        (
            &["--report", "other.json"][..],
            "error: `other.json`: it is of form 99, and this slimcol reads form 1\n",
        ),
        (
            &["--diff", "old.json", "nothing.json"],
            "error: cannot read `nothing.json`: No such file or directory",
        ),
        (
            &["--diff", "old.json", "new.json", "-c", "x"],
            "error: --diff OLD NEW compares those two: leave --config out\n",
        ),
    ] {
        let output = run(args);
        assert_eq!(output.status.code(), Some(1), "{args:?}");
        let said = said(&output, folder.path());
        assert!(said.starts_with(message), "{args:?}: {said}");
    }
}

#[test]
fn a_crate_is_there_because_of_components_or_the_framework() {
    let text = MANIFEST.replace("[debug]", "[debug, otlp_grpc]");
    let folder = manifest(&text);
    let why = |args: &[&str]| {
        slimcol(folder.path())
            .args(["why", "--config", "manifest.yaml", "--offline"])
            .args(args)
            .output()
            .unwrap()
    };
    let told = |name: &str| success(why(&[name]), folder.path());
    assert_eq!(
        told("slimcol_net"),
        "slimcol-net 0.1.0 is in otelcol-sized for 2 components:\n  \
         receiver/otlp       slimcol-receiver-otlp 0.1.0 → slimcol-net 0.1.0\n  \
         exporter/otlp_grpc  slimcol-exporter-otlpgrpc 0.1.0 → slimcol-net 0.1.0\n  \
         with the features tls\n"
    );
    assert_eq!(
        told("slimcol-exporter-debug@0.1.0"),
        "slimcol-exporter-debug 0.1.0 is exporter/debug, which the manifest of otelcol-sized lists\n"
    );
    let framework = told("slimcol-service");
    assert!(
        framework.starts_with("slimcol-service 0.1.0 is in otelcol-sized whatever its components are, and they want it too:\n  the framework       slimcol-service 0.1.0\n  receiver/otlp  "),
        "{framework}"
    );
    let json: Value = serde_json::from_str(&success(why(&["slimcol-net", "--json"]), folder.path())).unwrap();
    assert_eq!(json[0]["wanted_by"][1]["component"], "exporter/otlp_grpc");
    assert_eq!(json[0]["framework"], Value::Null);
    for (name, message) in [
        (
            "slimcol-nett",
            "error: there is no crate `slimcol-nett` in `otelcol-sized`; did you mean `slimcol-net`?\n",
        ),
        ("zzz", "error: there is no crate `zzz` in `otelcol-sized`\n"),
        (
            "slimcol-net@9.9.9",
            "error: `otelcol-sized` has no `slimcol-net` 9.9.9; it has slimcol-net 0.1.0\n",
        ),
    ] {
        let output = why(&[name]);
        assert_eq!((output.status.code(), &*said(&output, folder.path())), (Some(3), message));
    }
    assert_eq!(files_in(folder.path()).len(), 1, "asking leaves nothing behind");
}
