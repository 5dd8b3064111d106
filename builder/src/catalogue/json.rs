//! The catalogue for programs.

use serde::Serialize;

use super::{Catalogue, Component};
use crate::{error::Error, manifest::Official};

#[derive(Serialize)]
struct Whole<'a> {
    slimcol: &'a str,
    components: Vec<Ours<'a>>,
    missing: Vec<Theirs<'a>>,
}

#[derive(Serialize)]
struct Ours<'a> {
    kind: &'a str,
    r#type: &'a str,
    aliases: &'a [String],
    signals: &'a [String],
    stability: &'a str,
    description: &'a str,
    gomod: Option<&'a str>,
    #[serde(rename = "crate")]
    package: &'a str,
    readme: String,
    cost_bytes: Option<u64>,
}

#[derive(Serialize)]
struct Theirs<'a> {
    kind: &'a str,
    r#type: &'a str,
    aliases: Vec<&'a str>,
    gomod: &'a str,
    distributions: &'a [&'a str],
}

/// An object with `components` and `missing`, indented.
pub(crate) fn json(catalogue: &Catalogue) -> Result<String, Error> {
    let whole = Whole {
        slimcol: env!("CARGO_PKG_VERSION"),
        components: catalogue.components.iter().map(ours).collect(),
        missing: catalogue.missing.iter().map(theirs).collect(),
    };
    let broken = |e: serde_json::Error| Error::Other(format!("the catalogue cannot be written as JSON: {e}"));
    serde_json::to_string_pretty(&whole).map(|text| text + "\n").map_err(broken)
}

fn ours(component: &Component) -> Ours<'_> {
    let declared = &component.declared;
    Ours {
        kind: declared.class.as_str(),
        r#type: &declared.name,
        aliases: &declared.aliases,
        signals: &declared.signals,
        stability: &declared.stability,
        description: &component.description,
        gomod: declared.gomod.as_deref(),
        package: &component.package,
        readme: format!("{}/README.md", component.folder),
        cost_bytes: component.cost,
    }
}

fn theirs(official: &Official) -> Theirs<'_> {
    Theirs {
        kind: official.class.as_str(),
        r#type: official.name,
        aliases: Vec::from_iter(official.alias),
        gomod: official.gomod,
        distributions: &official.distributions,
    }
}
