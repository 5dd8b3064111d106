//! What a collector is made of: the one list behind both SBOM formats, the audit data and the provenance.

use super::{License, purl, runtime::Runtime};
use crate::{
    credentials, digest,
    distro::{Prepared, Written},
    error::Error,
    graph::{Graph, Linked},
    image::Created,
    resolve::Plan,
};

/// A collector and its parts.
#[derive(Clone, Debug)]
pub(crate) struct Bill {
    /// The distribution's name.
    pub(super) name: String,
    /// Its version; may be empty.
    pub(super) version: String,
    /// What it is for; may be empty.
    pub(super) description: String,
    /// What it runs on, as the compiler calls it.
    pub(super) target: String,
    /// The digest of the binary, once there is one.
    pub(super) binary: Option<String>,
    /// The linked crates by name and version, then what the compiler brings along.
    pub(super) parts: Vec<Part>,
    /// The positions of the parts that the generated `main` names.
    pub(super) uses: Vec<usize>,
    /// The compiler's version.
    pub(super) rust: String,
    /// The time to state, which is not the time it is.
    pub(super) created: Created,
}

/// Something that is linked.
#[derive(Clone, Debug)]
pub(super) struct Part {
    pub(super) name: String,
    pub(super) version: String,
    /// Its package URL, which no other part has.
    pub(super) purl: String,
    pub(super) license: License,
    pub(super) origin: Origin,
    pub(super) description: Option<String>,
    /// Where it is developed.
    pub(super) repository: Option<String>,
    /// The digest of the archive that it was unpacked from.
    pub(super) sha256: Option<String>,
    /// The component in it.
    pub(super) component: Option<Component>,
    /// The positions of the parts that it uses.
    pub(super) uses: Vec<usize>,
}

/// A component as the manifest's reader knows it.
#[derive(Clone, Debug)]
pub(super) struct Component {
    pub(super) kind: &'static str,
    pub(super) name: String,
    pub(super) aliases: Vec<String>,
    pub(super) gomod: Option<String>,
}

/// Where a part comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// crates.io.
    CratesIo,
    /// Another registry, by its index.
    Registry(String),
    /// A repository.
    Git { url: String, commit: String },
    /// The generated workspace itself; the folder there, whose name holds the content's digest.
    Workspace(String),
    /// The compiler or the system.
    Toolchain,
}

impl Bill {
    /// The bill of what `written` will be compiled to for `target`.
    pub(crate) fn of(written: &Written, target: &str) -> Result<Self, Error> {
        let Prepared { plan, rustc, .. } = &written.prepared;
        let runtime = Runtime::ask(rustc, target);
        Ok(Self::new(&written.graph(target)?, plan, target, &runtime, Created::from_environment()?))
    }

    /// The bill of the collector that `graph` makes of `plan`.
    pub(crate) fn new(graph: &Graph, plan: &Plan, target: &str, runtime: &Runtime, created: Created) -> Self {
        // The first package is the generated one: it is the distribution, not a part of it.
        let (main, crates) = graph.packages.split_first().expect("a graph has its root");
        let shift = |position: &usize| position - 1;
        let mut parts: Vec<Part> = crates
            .iter()
            .map(|linked| Part {
                uses: linked.dependencies.iter().map(shift).collect(),
                ..Part::of_crate(linked, graph, plan)
            })
            .collect();
        let mut uses: Vec<usize> = main.dependencies.iter().map(shift).collect();
        for part in runtime.parts() {
            uses.push(parts.len());
            parts.push(part);
        }
        Self {
            name: plan.name.clone(),
            version: plan.version.clone(),
            description: plan.description.clone(),
            target: target.to_owned(),
            binary: None,
            parts,
            uses,
            rust: runtime.rust.clone(),
            created,
        }
    }

    /// The same bill with the digest of the binary in it.
    pub(crate) fn of_binary(self, data: &[u8]) -> Self {
        Self { binary: Some(digest::sha256(data)), ..self }
    }

    /// The distribution's own package URL.
    pub(super) fn purl(&self) -> String {
        purl::generic(&self.name, &self.version)
    }

    /// The time to state, if anybody set one.
    pub(super) fn time(&self) -> Option<String> {
        (self.created != Created::default()).then(|| self.created.to_string())
    }
}

impl Part {
    fn of_crate(linked: &Linked, graph: &Graph, plan: &Plan) -> Self {
        let origin = Origin::of(linked, graph);
        let component = linked.component.map(|position| {
            let declared = &plan.components[position].component;
            Component {
                kind: declared.class.as_str(),
                name: declared.name.clone(),
                aliases: declared.aliases.clone(),
                gomod: declared.gomod.clone(),
            }
        });
        Self {
            purl: purl::of_crate(&linked.name, &linked.version, &origin),
            name: linked.name.clone(),
            version: linked.version.clone(),
            license: License::read(linked.license.as_deref()),
            origin,
            description: linked.description.as_deref().map(|text| text.trim().to_owned()),
            repository: linked.repository.clone(),
            sha256: linked.checksum.clone(),
            component,
            uses: Vec::new(),
        }
    }

    /// Where it is developed, if that is an address of the web.
    pub(super) fn web_page(&self) -> Option<&str> {
        let plain = |url: &&str| {
            url.starts_with("http") && url.contains("://") && url.bytes().all(|byte| byte.is_ascii_graphic())
        };
        // One with a login in it is not for everybody.
        self.repository.as_deref().filter(plain).filter(|url| credentials::masked(url) == **url)
    }
}

impl Origin {
    /// Where a crate of `graph` comes from.
    pub(super) fn of(linked: &Linked, graph: &Graph) -> Self {
        Self::read(linked.source.as_deref(), || {
            let inside = linked.dir.strip_prefix(&graph.packages[0].dir).unwrap_or(&linked.dir);
            inside.to_string_lossy().into_owned()
        })
    }

    /// Reads what cargo calls a package's source.
    fn read(source: Option<&str>, folder: impl FnOnce() -> String) -> Self {
        const CRATES_IO: [&str; 2] =
            ["registry+https://github.com/rust-lang/crates.io-index", "sparse+https://index.crates.io/"];
        let Some(source) = source else { return Self::Workspace(folder()) };
        if CRATES_IO.contains(&source) {
            return Self::CratesIo;
        }
        // Whoever reads a document is not who may read the repository.
        let source = &*credentials::masked(source).replace("***@", "");
        let Some(git) = source.strip_prefix("git+") else {
            return Self::Registry(source.strip_prefix("registry+").unwrap_or(source).to_owned());
        };
        let (url, commit) = git.split_once('#').unwrap_or((git, ""));
        // What was asked for (`?tag=v1`) is settled by the commit.
        let url = url.split('?').next().unwrap_or(url);
        Self::Git { url: url.to_owned(), commit: commit.to_owned() }
    }

    /// The word for it that the audit data has, and the SBOM's properties.
    pub(super) const fn word(&self) -> &'static str {
        match self {
            Self::CratesIo => "crates.io",
            Self::Registry(_) => "registry",
            Self::Git { .. } => "git",
            Self::Workspace(_) => "local",
            Self::Toolchain => "toolchain",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_is_read_as_cargo_writes_it() {
        let git = |url: &str| Origin::Git { url: url.into(), commit: "c0ffee".into() };
        for (source, expected) in [
            (None, Origin::Workspace("crates/12/x".into())),
            (Some("registry+https://github.com/rust-lang/crates.io-index"), Origin::CratesIo),
            (Some("sparse+https://index.crates.io/"), Origin::CratesIo),
            (Some("sparse+https://r.example/"), Origin::Registry("sparse+https://r.example/".into())),
            (Some("registry+https://r.example/i"), Origin::Registry("https://r.example/i".into())),
            (Some("git+https://example.com/x?tag=v1#c0ffee"), git("https://example.com/x")),
            (Some("git+https://me:t0ken@example.com/x#c0ffee"), git("https://example.com/x")),
            (Some("git+file:///srv/x.git#c0ffee"), git("file:///srv/x.git")),
        ] {
            assert_eq!(Origin::read(source, || "crates/12/x".to_owned()), expected, "{source:?}");
        }
    }
}
