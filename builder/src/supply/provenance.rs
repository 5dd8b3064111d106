//! How files were built: an in-toto statement with a SLSA v1 provenance (<https://slsa.dev/spec/v1.0/provenance>).
//!
//! It says what would have to be the same to get the same bytes again, and nothing of where or when that was done.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use serde::Serialize;

use super::{
    bill::{Bill, Origin, Part},
    inside, purl,
};
use crate::{
    digest,
    distro::{Prepared, Written},
    error::{Doing as _, Error},
    manifest::Panic,
    report::Artifact,
};

/// What the names of parameters mean is in docs/supply-chain.md under this name.
const BUILD_TYPE: &str = "urn:slimcol:build:1";
/// Whoever ran the command is who vouches; a CI system that does more signs this statement.
const BUILDER: &str = "urn:slimcol:builder:local";

/// The generated workspace's lock file.
const LOCK: &str = "Cargo.lock";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Statement {
    #[serde(rename = "_type")]
    kind: &'static str,
    subject: Vec<Resource>,
    predicate_type: &'static str,
    predicate: Predicate,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Predicate {
    build_definition: Definition,
    run_details: Run,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Definition {
    build_type: &'static str,
    external_parameters: Parameters,
    resolved_dependencies: Vec<Resource>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Parameters {
    name: String,
    version: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    manifest: Option<Resource>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    from_config: Vec<Resource>,
    #[serde(skip_serializing_if = "Option::is_none")]
    config: Option<Resource>,
    embed_config: bool,
    components: Vec<Component>,
    targets: Vec<String>,
    lto: &'static str,
    panic: &'static str,
    debug: bool,
}

#[derive(Serialize)]
struct Component {
    kind: &'static str,
    r#type: String,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    features: Vec<String>,
}

#[derive(Serialize)]
struct Run {
    builder: Builder,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    byproducts: Vec<Resource>,
}

#[derive(Serialize)]
struct Builder {
    id: &'static str,
    version: BTreeMap<&'static str, String>,
}

#[derive(Clone, Default, Serialize)]
struct Resource {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    uri: Option<String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    digest: BTreeMap<&'static str, String>,
}

/// The statement about `products`, in the making of which `documents` were made too.
pub(super) fn render(
    written: &Written,
    bills: &[Bill],
    products: &[&Artifact],
    documents: &[&Artifact],
) -> Result<String, Error> {
    let made = |made: &[&Artifact]| -> Vec<Resource> {
        let mut made: Vec<Resource> =
            made.iter().map(|artifact| of_artifact(artifact, &written.output)).collect();
        made.sort_by(|a, b| a.name.cmp(&b.name));
        made
    };
    let rust = bills.first().map(|bill| bill.rust.clone()).unwrap_or_default();
    Ok(super::json(&Statement {
        kind: "https://in-toto.io/Statement/v1",
        subject: made(products),
        predicate_type: "https://slsa.dev/provenance/v1",
        predicate: Predicate {
            build_definition: Definition {
                build_type: BUILD_TYPE,
                external_parameters: parameters(&written.prepared),
                resolved_dependencies: dependencies(written, bills)?,
            },
            run_details: Run {
                builder: Builder {
                    id: BUILDER,
                    version: [("rustc", rust), ("slimcol", env!("CARGO_PKG_VERSION").to_owned())].into(),
                },
                byproducts: made(documents),
            },
        },
    }))
}

fn of_artifact(artifact: &Artifact, folder: &Path) -> Resource {
    Resource {
        name: Some(inside(folder, &artifact.path)),
        digest: [("sha256", artifact.sha256.clone())].into(),
        ..Resource::default()
    }
}

fn parameters(prepared: &Prepared) -> Parameters {
    let Prepared { request, plan, config, targets, .. } = prepared;
    let sha256 = |data: &[u8]| BTreeMap::from([("sha256", digest::sha256(data))]);
    // What came through a pipe cannot be read again; what it asked for stands in the other parameters.
    let file = |path: &PathBuf| {
        let data = path.is_file().then(|| std::fs::read(path).ok()).flatten()?;
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        Some(Resource { name, digest: sha256(&data), ..Resource::default() })
    };
    let config =
        config.as_ref().map(|text| Resource { digest: sha256(text.as_bytes()), ..Resource::default() });
    let components = plan.components.iter().map(|planned| Component {
        kind: planned.component.class.as_str(),
        r#type: planned.component.name.clone(),
        features: planned.features.clone(),
    });
    Parameters {
        name: plan.name.clone(),
        version: plan.version.clone(),
        manifest: prepared.authored().map(|authored| Resource {
            name: Some(authored.name),
            digest: [("sha256", authored.sha256)].into(),
            ..Resource::default()
        }),
        from_config: request.configs.iter().filter_map(file).collect(),
        config,
        embed_config: plan.embedded.is_some(),
        components: components.collect(),
        targets: targets.clone(),
        lto: plan.lto.word(),
        panic: match plan.panic {
            Panic::Unwind => "unwind",
            Panic::Abort => "abort",
        },
        debug: plan.debug,
    }
}

/// All that was compiled: the generated workspace, in which Slimcol's and the manifest's own crates are, and the crates from
/// elsewhere.
fn dependencies(written: &Written, bills: &[Bill]) -> Result<Vec<Resource>, Error> {
    let generated = &written.prepared.workspace;
    // The lock file as cargo made it of the one that it was given, which has whatever `slimcol.lock` knew.
    let lock = written.folder.join(LOCK);
    let settled = fs::read(&lock).doing("read", &lock)?;
    let files =
        generated.files.iter().map(|(path, data)| (path, if path == LOCK { &settled[..] } else { data }));
    let workspace = Resource {
        name: Some("workspace".to_owned()),
        uri: Some(purl::generic(&generated.package, "")),
        digest: [("sha256", digest::all_of_files(files))].into(),
    };
    let parts = bills.iter().flat_map(|bill| &bill.parts);
    let others: BTreeMap<&str, Resource> = parts
        .filter(|part| !matches!(part.origin, Origin::Workspace(_)))
        .map(|part| (&*part.purl, of_part(part)))
        .collect();
    Ok(std::iter::once(workspace).chain(others.into_values()).collect())
}

fn of_part(part: &Part) -> Resource {
    let mut digest = BTreeMap::new();
    if let Some(sha256) = &part.sha256 {
        digest.insert("sha256", sha256.clone());
    }
    if let Origin::Git { commit, .. } = &part.origin {
        digest.insert("gitCommit", commit.clone());
    }
    Resource { uri: Some(part.purl.clone()), digest, ..Resource::default() }
}
