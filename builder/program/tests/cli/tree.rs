//! A source tree with a framework of two crates and a few components, as Slimcol's own is laid out.

use std::{
    fs,
    hash::{DefaultHasher, Hash as _, Hasher as _},
    path::{Path, PathBuf},
    sync::OnceLock,
};

/// Kind, folder, type, alias, Go module.
const COMPONENTS: [[&str; 5]; 12] = [
    ["receiver", "nop", "nop", "", "go.opentelemetry.io/collector/receiver/nopreceiver"],
    ["receiver", "otlp", "otlp", "", "go.opentelemetry.io/collector/receiver/otlpreceiver"],
    ["processor", "batch", "batch", "", "go.opentelemetry.io/collector/processor/batchprocessor"],
    ["exporter", "debug", "debug", "", "go.opentelemetry.io/collector/exporter/debugexporter"],
    ["exporter", "otlpgrpc", "otlp_grpc", "otlp", "go.opentelemetry.io/collector/exporter/otlpexporter"],
    ["connector", "forward", "forward", "", "go.opentelemetry.io/collector/connector/forwardconnector"],
    ["extension", "zpages", "zpages", "", "go.opentelemetry.io/collector/extension/zpagesextension"],
    ["provider", "env", "env", "", "go.opentelemetry.io/collector/confmap/provider/envprovider"],
    ["provider", "file", "file", "", "go.opentelemetry.io/collector/confmap/provider/fileprovider"],
    ["provider", "http", "http", "", "go.opentelemetry.io/collector/confmap/provider/httpprovider"],
    ["provider", "https", "https", "", "go.opentelemetry.io/collector/confmap/provider/httpsprovider"],
    ["provider", "yaml", "yaml", "", "go.opentelemetry.io/collector/confmap/provider/yamlprovider"],
];

const ROOT: &str = r#"[workspace]
resolver = "3"
members = ["collector/*", "components/*/*"]

[workspace.package]
version = "0.1.0"
edition = "2024"
rust-version = "1.85"
license = "Apache-2.0"

[workspace.dependencies]
slimcol-net = { path = "collector/net" }
slimcol-service = { path = "collector/service" }

[workspace.lints.rust]
missing_docs = "warn"

[profile.release]
opt-level = "s"
strip = true

[profile.release.package]
slimcol-net = { opt-level = 3 }
slimcol-absent = { opt-level = 3 }
"#;

/// A framework whose collectors say what they are made of.
const SERVICE: &str = r#"//! The framework.

/// A component: where its factory is written.
pub struct Factory(pub &'static str);

/// A distribution.
pub struct Build {
    pub name: &'static str,
    pub version: &'static str,
    pub description: &'static str,
    pub config: Option<&'static str>,
    pub readers: Option<fn()>,
}

/// The collector's main.
pub fn main(build: &Build, components: &[&Factory]) -> std::process::ExitCode {
    println!("{} {} {}", build.name, build.version, build.description);
    for component in components {
        println!("{}", component.0);
    }
    std::process::ExitCode::SUCCESS
}
"#;

/// The line that makes a library a component's.
pub(crate) const FACTORY: &str =
    "pub static FACTORY: slimcol_service::Factory = slimcol_service::Factory(file!());\n";

/// The tree's folder. It is made once for each version of this file, also when tests are many processes.
pub(crate) fn root() -> &'static Path {
    static ROOT_OF_TREE: OnceLock<PathBuf> = OnceLock::new();
    ROOT_OF_TREE.get_or_init(|| {
        let mut hasher = DefaultHasher::new();
        include_str!("tree.rs").hash(&mut hasher);
        let parent = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let root = parent.join(format!("tree-{:016x}", hasher.finish()));
        if !root.exists() {
            let new = tempfile::tempdir_in(parent).unwrap();
            write(new.path());
            // Whoever is first wins; what the others wrote is the same.
            _ = fs::rename(new.path(), &root);
        }
        root.canonicalize().unwrap()
    })
}

fn write(root: &Path) {
    let mut lock = vec!["version = 4\n".to_owned()];
    put(root, "Cargo.toml", ROOT);
    let mut krate = |dir: &str, name: &str, rest: &str, library: &str, depends: &[&str]| {
        let toml = format!(
            "[package]\nname = \"{name}\"\nversion.workspace = true\nedition.workspace = true\nlicense.workspace = true\n\n\
             [lints]\nworkspace = true\n{rest}"
        );
        put(root, &format!("{dir}/Cargo.toml"), &toml);
        put(root, &format!("{dir}/src/lib.rs"), library);
        put(root, &format!("{dir}/tests/left_out.rs"), "");
        let list = match depends {
            [] => String::new(),
            names => format!("dependencies = [\n \"{}\",\n]\n", names.join("\",\n \"")),
        };
        lock.push(format!("\n[[package]]\nname = \"{name}\"\nversion = \"0.1.0\"\n{list}"));
    };
    for [kind, folder, name, alias, gomod] in COMPONENTS {
        let package = format!("slimcol-{kind}-{folder}");
        let aliases = if alias.is_empty() { String::new() } else { format!("aliases = [\"{alias}\"]\n") };
        let net = matches!(folder, "otlp" | "otlpgrpc");
        let net_line = if net { "slimcol-net = { workspace = true, features = [\"tls\"] }\n" } else { "" };
        let rest = format!(
            "\n[package.metadata.component]\nkind = \"{kind}\"\ntype = \"{name}\"\n{aliases}signals = [\"traces\", \"logs\"]\n\
             stability = \"beta\"\ngomod = \"{gomod}\"\n\n[dependencies]\nslimcol-service.workspace = true\n{net_line}\n[features]\nextra = []\n"
        );
        let library = format!("//! A component.\n{FACTORY}");
        let depends: &[&str] = if net { &["slimcol-net", "slimcol-service"] } else { &["slimcol-service"] };
        krate(&format!("components/{kind}/{folder}"), &package, &rest, &library, depends);
    }
    krate("collector/net", "slimcol-net", "\n[features]\ntls = []\n", "//! Networking.\n", &[]);
    krate("collector/service", "slimcol-service", "", SERVICE, &[]);
    put(root, "Cargo.lock", &lock.concat());
}

fn put(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}
