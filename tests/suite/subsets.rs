//! A distro with some components has exactly those in it, whichever they are: cargo, the collector and the SBOM agree.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, PackageId};
use serde_json::Value;

use crate::kit::{
    command::run,
    distros::{root, slimcol},
};

const SUBSETS: u64 = 10;
/// Everything, without optimisation, on busy cores.
const BUILD_DEADLINE: Duration = Duration::from_mins(20);
const PATIENCE: Duration = Duration::from_secs(20);

/// A component of the catalogue, as its crate declares it.
#[derive(Clone, Debug)]
struct Component {
    package: String,
    kind: String,
    /// What a manifest may call it.
    spellings: Vec<String>,
}

/// Numbers that look random and are the same in every run (xorshift64).
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap()
    }

    /// Some of `all`, in any order, `least` at least.
    fn some<'a>(&mut self, all: &[&'a Component], least: usize) -> Vec<&'a Component> {
        let mut left = all.to_vec();
        let wanted = least + self.roll() % (all.len() - least + 1);
        (0..wanted).map(|_| left.remove(self.roll() % left.len())).collect()
    }
}

/// Every component of the repository.
fn catalogue() -> Vec<Component> {
    let metadata = MetadataCommand::new().manifest_path(root().join("Cargo.toml")).no_deps().exec().unwrap();
    let components = metadata.packages.iter().filter_map(|package| {
        let component = package.metadata.get("component")?;
        let text = |key: &str| component[key].as_str().map(str::to_owned);
        let aliases = component.get("aliases").and_then(Value::as_array).into_iter().flatten();
        let mut spellings = vec![text("type").unwrap()];
        spellings.extend(aliases.map(|alias| alias.as_str().unwrap().to_owned()));
        // Providers have versions of their own upstream.
        if let Some(gomod) = text("gomod").filter(|_| component["kind"] != "provider") {
            spellings.push(format!("{{gomod: {gomod} v0.159.0}}"));
        }
        spellings.push(format!("{{crate: {}}}", package.name));
        Some(Component { package: package.name.to_string(), kind: text("kind").unwrap(), spellings })
    });
    components.collect()
}

/// What is compiled for where nothing else is said.
fn host() -> String {
    let said = run(Command::new("rustc").arg("-vV"), PATIENCE).expect_success().stdout;
    said.lines().find_map(|line| line.strip_prefix("host: ")).unwrap().to_owned()
}

/// What cargo links into the root package of a workspace: normal dependencies, without procedural macros.
fn linked(metadata: &Metadata) -> BTreeSet<String> {
    let package = |id: &PackageId| metadata.packages.iter().find(|package| package.id == *id).unwrap();
    let resolve = metadata.resolve.as_ref().unwrap();
    let mut names = BTreeSet::new();
    let mut open = vec![resolve.root.as_ref().unwrap()];
    while let Some(id) = open.pop() {
        let node = resolve.nodes.iter().find(|node| node.id == *id).unwrap();
        for dependency in &node.deps {
            let linked = package(&dependency.pkg);
            let normal = dependency.dep_kinds.iter().any(|kind| kind.kind == DependencyKind::Normal);
            let is_macro = linked.targets.iter().any(cargo_metadata::Target::is_proc_macro);
            if normal && !is_macro && names.insert(format!("{} {}", linked.name, linked.version)) {
                open.push(&dependency.pkg);
            }
        }
    }
    names
}

/// The crates of a CycloneDX document, and which of them it marks as components.
fn listed(document: &Value) -> (BTreeSet<String>, BTreeSet<String>) {
    let (mut crates, mut components) = (BTreeSet::new(), BTreeSet::new());
    for part in document["components"].as_array().unwrap() {
        let text = |key: &str| part[key].as_str().unwrap();
        let properties = part["properties"].as_array().unwrap();
        let has = |name: &str, value: Option<&str>| {
            properties.iter().any(|it| it["name"] == name && value.is_none_or(|value| it["value"] == value))
        };
        if has("slimcol:component:type", None) {
            components.insert(text("name").to_owned());
        }
        if !has("slimcol:origin", Some("toolchain")) {
            crates.insert(format!("{} {}", text("name"), text("version")));
        }
    }
    (crates, components)
}

/// Compiles a generated workspace as anybody could, without optimisation, which is what takes the time; its binary.
fn compiled(workspace: &Path) -> PathBuf {
    let mut command = Command::new(env!("CARGO"));
    command
        .args(["build", "--quiet", "--locked", "--message-format=json"])
        .arg("--target-dir")
        .arg(Path::new(env!("CARGO_TARGET_TMPDIR")).join("subsets"))
        .envs([("CARGO_INCREMENTAL", "0"), ("CARGO_PROFILE_DEV_DEBUG", "false")])
        .current_dir(workspace);
    let messages = run(&mut command, BUILD_DEADLINE).expect_success().stdout;
    let executable = messages.lines().find_map(|line| {
        let message: Value = serde_json::from_str(line).unwrap();
        message["executable"].as_str().map(PathBuf::from)
    });
    executable.unwrap()
}

/// The packages that a collector says it has components of.
fn told(binary: &Path) -> BTreeSet<String> {
    let text = run(Command::new(binary).arg("components"), PATIENCE).expect_success().stdout;
    let modules = text.lines().filter_map(|line| line.trim_start().strip_prefix("module: "));
    modules.map(|module| module.split(' ').next().unwrap().to_owned()).collect()
}

/// The manifest of a subset.
fn manifest(chosen: &[&Component], dice: &mut Dice) -> String {
    let mut sections: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for component in chosen {
        let spelling = &component.spellings[dice.roll() % component.spellings.len()];
        sections.entry(&component.kind).or_default().push(spelling);
    }
    let mut text = "dist: {name: otelcol-subset, version: 1.0.0}\n".to_owned();
    for (kind, spellings) in sections {
        writeln!(text, "{kind}s: [{}]", spellings.join(", ")).unwrap();
    }
    text
}

#[test]
fn ten_random_distros_have_the_chosen_components_and_no_others() {
    let (catalogue, host) = (catalogue(), host());
    let mut dice = Dice(0x5eed_0f51_1c01_0011);
    let mut seen = BTreeSet::new();
    for subset in 0..SUBSETS {
        let of_kind = |kind: &str| catalogue.iter().filter(|it| it.kind == kind).collect::<Vec<_>>();
        let mut chosen = Vec::new();
        for (kind, least) in [
            ("receiver", 1),
            ("processor", 0),
            ("exporter", 1),
            ("connector", 0),
            ("extension", 0),
            ("provider", 1),
        ] {
            chosen.extend(dice.some(&of_kind(kind), least));
        }
        let dir = tempfile::tempdir().unwrap();
        let path = |name: &str| dir.path().join(name).to_str().unwrap().to_owned();
        let (file, out, sbom) = (path("subset.yaml"), path("out"), path("sbom.json"));
        let text = manifest(&chosen, &mut dice);
        fs::write(&file, &text).unwrap();
        slimcol(["build", "--config", &file, "--output-path", &out, "--skip-compilation"]).expect_success();
        slimcol(["sbom", "--config", &file, "-o", &sbom]).expect_success();

        let wanted: BTreeSet<String> = chosen.iter().map(|component| component.package.clone()).collect();
        let workspace = dir.path().join("out/_build");
        let for_here = ["--filter-platform".to_owned(), host.clone()];
        let metadata = MetadataCommand::new().current_dir(&workspace).other_options(for_here).exec().unwrap();
        let linked = linked(&metadata);
        let of_catalogue: BTreeSet<String> = catalogue
            .iter()
            .filter(|component| linked.iter().any(|it| it.split(' ').next() == Some(&component.package)))
            .map(|component| component.package.clone())
            .collect();
        assert_eq!(of_catalogue, wanted, "cargo, subset {subset}: {text}");
        let (crates, components) = listed(&serde_json::from_slice(&fs::read(&sbom).unwrap()).unwrap());
        assert_eq!(crates, linked, "the SBOM's crates, subset {subset}: {text}");
        assert_eq!(components, wanted, "the SBOM's components, subset {subset}: {text}");
        assert_eq!(told(&compiled(&workspace)), wanted, "the collector, subset {subset}: {text}");
        seen.insert(wanted);
    }
    assert!(seen.len() > 7, "the dice are loaded: {seen:?}");
}
