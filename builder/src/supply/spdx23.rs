//! The bill as SPDX 2.3 JSON (<https://spdx.github.io/spdx-spec/v2.3/>).

use serde::Serialize;

use super::{
    License,
    bill::{Bill, Origin, Part},
    serial,
};

/// What SPDX says of what nobody said.
const UNKNOWN: &str = "NOASSERTION";
const DOCUMENT: &str = "SPDXRef-DOCUMENT";
const DISTRIBUTION: &str = "SPDXRef-Distribution";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    #[serde(rename = "spdxVersion")]
    version: &'static str,
    data_license: &'static str,
    #[serde(rename = "SPDXID")]
    id: &'static str,
    name: String,
    #[serde(rename = "documentNamespace")]
    namespace: String,
    creation_info: CreationInfo,
    packages: Vec<Package>,
    relationships: Vec<Relationship>,
}

#[derive(Serialize)]
struct CreationInfo {
    created: String,
    creators: [String; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Package {
    #[serde(rename = "SPDXID")]
    id: String,
    name: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    version_info: String,
    download_location: String,
    files_analyzed: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    checksums: Vec<Checksum>,
    license_concluded: &'static str,
    license_declared: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    license_comments: Option<String>,
    copyright_text: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<String>,
    primary_package_purpose: &'static str,
    external_refs: [External; 1],
}

#[derive(Serialize)]
struct Checksum {
    algorithm: &'static str,
    #[serde(rename = "checksumValue")]
    value: String,
}

#[derive(Serialize)]
struct External {
    #[serde(rename = "referenceCategory")]
    category: &'static str,
    #[serde(rename = "referenceType")]
    kind: &'static str,
    #[serde(rename = "referenceLocator")]
    locator: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Relationship {
    spdx_element_id: String,
    #[serde(rename = "relationshipType")]
    kind: &'static str,
    related_spdx_element: String,
}

/// The document's text.
pub(crate) fn render(bill: &Bill) -> String {
    let ids: Vec<String> = bill.parts.iter().enumerate().map(|(at, part)| id(part, at, bill)).collect();
    let packages = bill.parts.iter().zip(&ids).map(|(part, id)| package(part, id));
    let mut document = Document {
        version: "SPDX-2.3",
        data_license: "CC0-1.0",
        id: DOCUMENT,
        name: [&*bill.name, &bill.version].join(" ").trim_end().to_owned(),
        namespace: String::new(),
        creation_info: CreationInfo {
            // The format wants a time, and the real one would make every document another.
            created: bill.created.to_string(),
            creators: [concat!("Tool: slimcol-", env!("CARGO_PKG_VERSION")).to_owned()],
        },
        packages: std::iter::once(distribution(bill)).chain(packages).collect(),
        relationships: relationships(bill, &ids),
    };
    let serial = serial::of(&super::json(&document));
    // spdx.org lends this address to whoever has none of his own; nothing has to be there.
    document.namespace = format!("https://spdx.org/spdxdocs/{}-{serial}", bill.name);
    super::json(&document)
}

/// An identifier of letters, digits, `.` and `-`. Two parts of one name and version, from two places, are told apart by number.
fn id(part: &Part, at: usize, bill: &Bill) -> String {
    let text = format!("{}-{}", part.name, part.version);
    let plain: String =
        text.chars().map(|c| if c.is_ascii_alphanumeric() || c == '.' { c } else { '-' }).collect();
    let same = |other: &&Part| other.name == part.name && other.version == part.version;
    let number = bill.parts[..at].iter().filter(same).count();
    let number = if number == 0 { String::new() } else { format!("-{}", number + 1) };
    format!("SPDXRef-Package-{}{number}", plain.trim_end_matches('-'))
}

fn distribution(bill: &Bill) -> Package {
    Package {
        id: DISTRIBUTION.to_owned(),
        name: bill.name.clone(),
        version_info: bill.version.clone(),
        download_location: UNKNOWN.to_owned(),
        files_analyzed: false,
        checksums: bill.binary.as_deref().map(sha256).into_iter().collect(),
        license_concluded: UNKNOWN,
        license_declared: UNKNOWN.to_owned(),
        license_comments: None,
        copyright_text: UNKNOWN,
        description: Some(bill.description.clone()).filter(|text| !text.is_empty()),
        comment: Some(format!("Built for {} by rustc {}", bill.target, bill.rust)),
        primary_package_purpose: "APPLICATION",
        external_refs: [purl(bill.purl())],
    }
}

fn package(part: &Part, id: &str) -> Package {
    let (license_declared, license_comments) = license(&part.license);
    Package {
        id: id.to_owned(),
        name: part.name.clone(),
        version_info: part.version.clone(),
        download_location: download_location(part),
        files_analyzed: false,
        checksums: part.sha256.as_deref().map(sha256).into_iter().collect(),
        license_concluded: UNKNOWN,
        license_declared,
        license_comments,
        copyright_text: UNKNOWN,
        description: part.description.clone(),
        comment: part.component.as_ref().map(|component| {
            let gomod = component.gomod.as_deref().map(|gomod| format!(", in place of {gomod}"));
            format!("Collector {} `{}`{}", component.kind, component.name, gomod.unwrap_or_default())
        }),
        primary_package_purpose: "LIBRARY",
        external_refs: [purl(part.purl.clone())],
    }
}

fn sha256(digest: &str) -> Checksum {
    Checksum { algorithm: "SHA256", value: digest.to_owned() }
}

fn purl(purl: String) -> External {
    External { category: "PACKAGE-MANAGER", kind: "purl", locator: purl }
}

fn download_location(part: &Part) -> String {
    let Part { name, version, .. } = part;
    match &part.origin {
        Origin::CratesIo => format!("https://static.crates.io/crates/{name}/{name}-{version}.crate"),
        Origin::Git { url, commit } => format!("git+{url}@{commit}"),
        Origin::Registry(_) | Origin::Workspace(_) | Origin::Toolchain => UNKNOWN.to_owned(),
    }
}

/// The declared licence, and what has to be said when the format has no word for it.
fn license(license: &License) -> (String, Option<String>) {
    match license {
        // A reference would need the licence's text in the document.
        License::Known(expression) if !expression.as_ref().contains("Ref-") => (expression.to_string(), None),
        License::None => (UNKNOWN.to_owned(), None),
        other => (UNKNOWN.to_owned(), Some(format!("Declared as: {}", other.shown()))),
    }
}

fn relationships(bill: &Bill, ids: &[String]) -> Vec<Relationship> {
    let relation = |from: &str, kind, to: &str| Relationship {
        spdx_element_id: from.to_owned(),
        kind,
        related_spdx_element: to.to_owned(),
    };
    let mut relationships = vec![relation(DOCUMENT, "DESCRIBES", DISTRIBUTION)];
    let parts = bill.parts.iter().zip(ids).map(|(part, id)| (&**id, &part.uses));
    for (id, uses) in std::iter::once((DISTRIBUTION, &bill.uses)).chain(parts) {
        relationships.extend(uses.iter().map(|&used| relation(id, "DEPENDS_ON", &ids[used])));
    }
    relationships
}
