//! The bill as CycloneDX 1.6 JSON (<https://cyclonedx.org/docs/1.6/json/>).
//!
//! Structs give the fields their order, so the text does not depend on how a JSON library keeps its maps.

use serde::Serialize;

use super::{
    License,
    bill::{Bill, Part},
    serial,
};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    #[serde(rename = "$schema")]
    schema: &'static str,
    bom_format: &'static str,
    spec_version: &'static str,
    serial_number: String,
    version: u8,
    metadata: Metadata,
    components: Vec<Component>,
    dependencies: Vec<Dependency>,
}

#[derive(Serialize)]
struct Metadata {
    #[serde(skip_serializing_if = "Option::is_none")]
    timestamp: Option<String>,
    lifecycles: [Phase; 1],
    tools: Tools,
    component: Component,
}

#[derive(Serialize)]
struct Phase {
    phase: &'static str,
}

#[derive(Serialize)]
struct Tools {
    components: Vec<Tool>,
}

#[derive(Serialize)]
struct Tool {
    r#type: &'static str,
    name: &'static str,
    version: String,
}

#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Component {
    r#type: &'static str,
    #[serde(rename = "bom-ref")]
    bom_ref: String,
    name: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    version: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    hashes: Vec<Hash>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    licenses: Vec<Choice>,
    purl: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    external_references: Vec<Reference>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    properties: Vec<Property>,
}

#[derive(Serialize)]
struct Hash {
    alg: &'static str,
    content: String,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Choice {
    Expression { expression: String, acknowledgement: &'static str },
    License { license: Named },
}

#[derive(Serialize)]
struct Named {
    name: String,
    acknowledgement: &'static str,
}

#[derive(Serialize)]
struct Reference {
    r#type: &'static str,
    url: String,
}

#[derive(Serialize)]
struct Property {
    name: &'static str,
    value: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Dependency {
    r#ref: String,
    depends_on: Vec<String>,
}

/// The document's text.
pub(crate) fn render(bill: &Bill) -> String {
    let mut document = Document {
        schema: "http://cyclonedx.org/schema/bom-1.6.schema.json",
        bom_format: "CycloneDX",
        spec_version: "1.6",
        serial_number: String::new(),
        version: 1,
        metadata: Metadata {
            timestamp: bill.time(),
            lifecycles: [Phase { phase: "build" }],
            tools: Tools { components: tools(bill) },
            component: distribution(bill),
        },
        components: bill.parts.iter().map(component).collect(),
        dependencies: dependencies(bill),
    };
    document.serial_number = format!("urn:uuid:{}", serial::of(&super::json(&document)));
    super::json(&document)
}

fn tools(bill: &Bill) -> Vec<Tool> {
    let tool = |name, version: &str| Tool { r#type: "application", name, version: version.to_owned() };
    vec![tool("slimcol", env!("CARGO_PKG_VERSION")), tool("rustc", &bill.rust)]
}

fn distribution(bill: &Bill) -> Component {
    Component {
        r#type: "application",
        bom_ref: bill.purl(),
        name: bill.name.clone(),
        version: bill.version.clone(),
        description: Some(bill.description.clone()).filter(|text| !text.is_empty()),
        hashes: bill.binary.as_deref().map(sha256).into_iter().collect(),
        purl: bill.purl(),
        properties: vec![Property { name: "slimcol:target", value: bill.target.clone() }],
        ..Component::default()
    }
}

fn component(part: &Part) -> Component {
    Component {
        r#type: "library",
        bom_ref: part.purl.clone(),
        name: part.name.clone(),
        version: part.version.clone(),
        description: part.description.clone(),
        scope: Some("required"),
        hashes: part.sha256.as_deref().map(sha256).into_iter().collect(),
        licenses: licenses(&part.license),
        purl: part.purl.clone(),
        external_references: part
            .web_page()
            .map(|url| Reference { r#type: "vcs", url: url.to_owned() })
            .into_iter()
            .collect(),
        properties: properties(part),
    }
}

fn sha256(digest: &str) -> Hash {
    Hash { alg: "SHA-256", content: digest.to_owned() }
}

fn licenses(license: &License) -> Vec<Choice> {
    let acknowledgement = "declared";
    match license {
        License::Known(expression) => {
            vec![Choice::Expression { expression: expression.to_string(), acknowledgement }]
        }
        License::Other(text) => {
            vec![Choice::License { license: Named { name: text.clone(), acknowledgement } }]
        }
        License::None => Vec::new(),
    }
}

/// What the format has no field for: where the part is from, and which component of a collector it is.
fn properties(part: &Part) -> Vec<Property> {
    let mut properties = Vec::new();
    let mut add = |name, value: &str| properties.push(Property { name, value: value.to_owned() });
    add("slimcol:origin", part.origin.word());
    if let Some(component) = &part.component {
        add("slimcol:component:kind", component.kind);
        add("slimcol:component:type", &component.name);
        for alias in &component.aliases {
            add("slimcol:component:alias", alias);
        }
        if let Some(gomod) = &component.gomod {
            add("slimcol:component:gomod", gomod);
        }
    }
    properties
}

fn dependencies(bill: &Bill) -> Vec<Dependency> {
    let entry = |purl: String, uses: &[usize]| {
        let mut depends_on: Vec<String> = uses.iter().map(|&used| bill.parts[used].purl.clone()).collect();
        depends_on.sort();
        Dependency { r#ref: purl, depends_on }
    };
    let parts = bill.parts.iter().map(|part| entry(part.purl.clone(), &part.uses));
    std::iter::once(entry(bill.purl(), &bill.uses)).chain(parts).collect()
}
