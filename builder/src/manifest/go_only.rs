//! ocb's keys that speak to Go. They load, are checked, and mean nothing to a Rust build, which a note says.

use std::path::Path;

use slimcol_config::{Entry, Issue, nearest};

use super::{Findings, Gomod, gomod, keys, keys::Keys};

/// Every detector that ocb 0.164 can leave out of a Go build.
const DETECTORS: [&str; 33] = [
    "akamai",
    "alibaba_ecs",
    "aws_ec2",
    "aws_ecs",
    "aws_eks",
    "aws_elastic_beanstalk",
    "aws_lambda",
    "azure",
    "azure_aks",
    "azure_appservice",
    "azure_containerapps",
    "azure_functions",
    "azure_vm",
    "consul",
    "digitalocean",
    "docker",
    "dynatrace",
    "env",
    "gcp",
    "heroku",
    "hetzner",
    "ibmcloud_classic",
    "ibmcloud_vpc",
    "k8s_api",
    "kubeadm",
    "openshift",
    "openstack_nova",
    "oraclecloud",
    "scaleway",
    "system",
    "tencent_cvm",
    "upcloud",
    "vultr",
];

/// Reads such keys of `dist`.
pub(super) fn read_dist(dist: &Keys<'_>, base: &Path, findings: &mut Findings) {
    if let Some(entry) = dist.get("module") {
        let module = keys::filled(entry, findings);
        check(module, entry, gomod::is_path, "is not a Go module path", findings);
        note(entry, "names a Go module; none is made", findings);
    }
    if let Some(entry) = dist.get("go") {
        let go = keys::filled(entry, findings);
        let there = |go: &str| !go.contains('/') || base.join(go).is_file();
        check(go, entry, there, "is not there (and Slimcol needs no Go: leave `go` out)", findings);
        note(entry, "names a Go compiler; none is used", findings);
    }
    if let Some(entry) = dist.get("build_tags") {
        let tags = keys::text(entry, findings);
        let tag =
            |tag: &str| !tag.is_empty() && tag.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.'));
        let all = |tags: &str| tags.is_empty() || tags.split(',').all(tag);
        check(tags, entry, all, "is not a list of Go build tags, as in `a,b`", findings);
        note(entry, "is for the Go compiler; crates' `features` are the way here", findings);
    }
    if let Some(entry) = dist.get("cgo_enabled")
        && keys::flag(entry, findings).is_some()
    {
        note(entry, "is for the Go compiler; binaries are static here whatever they are made of", findings);
    }
    if let Some(entry) = dist.get("use_absolute_replace_paths")
        && keys::flag(entry, findings).is_some()
    {
        note(entry, "is for go.mod; crates from folders are copied here", findings);
    }
    if let Some(entry) = dist.get("resource") {
        read_detectors(entry, findings);
    }
}

/// Reads such keys of the top.
pub(super) fn read(top: &Keys<'_>, findings: &mut Findings) {
    if let Some(entry) = top.get("telemetry").filter(|entry| !entry.value().is_null()) {
        read_telemetry(entry, findings);
    }
    if let Some(entry) = top.get("converters") {
        for item in keys::list(entry, "gomod: PATH VERSION", findings) {
            let issue = Issue::new("there are no converters to choose from: Slimcol expands `${…}` itself");
            findings.issue(issue.at(item.place().clone()).help("leave `converters` out"));
        }
    }
    if let Some(entry) = top.get("conf_resolver") {
        read_resolver(entry, findings);
    }
}

/// `telemetry` replaces the Go module for a collector's own telemetry, which is in the framework here.
fn read_telemetry(entry: &Entry, findings: &mut Findings) {
    let keys = Keys::within(entry, "telemetry", findings);
    let Some(module) = keys.get("gomod") else {
        let issue = Issue::new("`telemetry` needs a `gomod:`").at(entry.place().clone());
        findings.issue(issue.help("or leave `telemetry` out: it is built in"));
        return;
    };
    if let Some(text) = keys::filled(module, findings)
        && let Err((message, help)) = Gomod::parse(&text)
    {
        findings.issue(Issue::new(message).at(module.value_place().clone()).help(help));
    }
    note(entry, "chooses a Go module; a collector's own telemetry is built in here", findings);
}

/// `${NAME}` without a scheme means `env` here, as it does in the official distributions.
fn read_resolver(entry: &Entry, findings: &mut Findings) {
    let keys = Keys::within(entry, "conf_resolver", findings);
    let Some(scheme) = keys.get("default_uri_scheme") else { return };
    let text = keys::text(scheme, findings);
    check(
        text,
        scheme,
        |text| matches!(text, "" | "env"),
        "cannot be the default: `${NAME}` is `${env:NAME}`",
        findings,
    );
}

fn read_detectors(resource: &Entry, findings: &mut Findings) {
    let keys = Keys::within(resource, "dist.resource", findings);
    let Some(detection) = keys.get("detection") else { return };
    let keys = Keys::within(detection, "dist.resource.detection", findings);
    let Some(detectors) = keys.get("detectors") else { return };
    for item in keys::list(detectors, "env:", findings) {
        if !item.is_map() {
            let issue = Issue::new("a detector is a mapping with one key, its name");
            findings.issue(issue.at(item.place().clone()).help("for example `- env:`"));
        }
        for entry in item.entries().iter().filter(|entry| !DETECTORS.contains(&entry.key())) {
            let issue = Issue::new(format!("unknown resource detector `{}`", entry.key()));
            findings.issue(match nearest(entry.key(), DETECTORS) {
                Some(name) => issue.at(entry.place().clone()).meant(Some(name)),
                None => {
                    issue.at(entry.place().clone()).help(format!("there are {}", keys::listed(DETECTORS)))
                }
            });
        }
    }
    note(detectors, "leaves code out of a Go build; only chosen crates are compiled here", findings);
}

fn check(
    text: Option<String>,
    entry: &Entry,
    valid: impl Fn(&str) -> bool,
    complaint: &str,
    findings: &mut Findings,
) {
    if let Some(text) = text.filter(|text| !valid(text)) {
        findings.issue(Issue::new(format!("`{text}` {complaint}")).at(entry.value_place().clone()));
    }
}

fn note(entry: &Entry, what: &str, findings: &mut Findings) {
    findings.note(Issue::new(format!("`{}` {what}", entry.key())).at(entry.place().clone()));
}
