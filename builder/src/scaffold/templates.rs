//! The templates of components' crates.

use std::collections::BTreeMap;

use minijinja::{Environment, UndefinedBehavior, Value};

use super::{Kind, Name};
use crate::{error::Error, generate::Files};

/// The files of a kind's template by their paths in the crate.
macro_rules! template {
    ($kind:literal) => {
        [
            ("Cargo.toml", include_str!(concat!("../../../templates/new/", $kind, "/Cargo.toml.jinja"))),
            ("README.md", include_str!(concat!("../../../templates/new/", $kind, "/README.md.jinja"))),
            ("src/lib.rs", include_str!(concat!("../../../templates/new/", $kind, "/src/lib.rs.jinja"))),
            (
                "src/config.rs",
                include_str!(concat!("../../../templates/new/", $kind, "/src/config.rs.jinja")),
            ),
            ("src/tests.rs", include_str!(concat!("../../../templates/new/", $kind, "/src/tests.rs.jinja"))),
        ]
    };
}

const WORK: &str = include_str!("../../../templates/new/work.md.jinja");
const GITIGNORE: &str = include_str!("../../../templates/new/gitignore");

/// The files of a new crate. `framework` is the requirement of the framework's version, `lines` what enters the crate into a
/// manifest beside its folder.
pub(super) fn render(kind: Kind, name: &Name, framework: &str, lines: &str) -> Result<Files, Error> {
    let template = match kind {
        Kind::Receiver => template!("receiver"),
        Kind::Processor => template!("processor"),
        Kind::Exporter => template!("exporter"),
        Kind::Connector => template!("connector"),
        Kind::Extension => template!("extension"),
    };
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    let texts = [
        ("package", name.package.as_str()),
        ("type", &name.key),
        ("type_name", &name.rust),
        ("framework", framework),
        ("rust", env!("CARGO_PKG_RUST_VERSION")),
        ("lines", lines),
    ];
    let context: BTreeMap<_, Value> = texts.into_iter().map(|(key, text)| (key, text.into())).collect();
    let broken = |e: minijinja::Error| Error::Other(format!("a template does not render: {e}"));
    let mut files = Files::default();
    // Rendering takes a template's last line end away.
    let render = |text| environment.render_str(text, &context).map(|text| text + "\n").map_err(broken);
    for (path, text) in template {
        let mut text = render(text)?;
        if path == "README.md" {
            text += &render(WORK)?;
        }
        files.insert(path, text);
    }
    files.insert(".gitignore", GITIGNORE);
    Ok(files)
}
