//! `service::telemetry::resource`: what the collector says it is.

use crate::{Issue, Node, Problems, Section, Settings, Shown};

/// The schema of the attributes that the Go collector gives itself.
const SCHEMA: &str = "https://opentelemetry.io/schemas/1.40.0";

/// The `resource` section, in its declarative or its older inline form.
#[derive(Clone, Debug, Default)]
pub struct Resource {
    /// Attributes by name; without a value one that is there by default is left out.
    pub attributes: Vec<(String, Option<String>)>,
    /// The URL of the attributes' schema.
    pub schema_url: Option<String>,
    /// Whether the older form was used, which is worth a warning.
    pub legacy: bool,
    mixed: bool,
    attributes_list: bool,
}

impl Settings for Resource {
    fn read(from: &mut Section<'_>) -> Self {
        let declared = from.list::<Attribute>("attributes");
        let mut resource = Self {
            schema_url: from.find("schema_url"),
            attributes_list: from.find::<String>("attributes_list").is_some(),
            ..Self::default()
        };
        for key in ["detectors", "detection/development"] {
            from.node(key);
        }
        from.allow_any_key();
        if resource.schema_url.is_none() {
            from.print_as("schema_url", &|| Some(Shown::text(SCHEMA)));
        }
        let known = ["attributes", "schema_url", "attributes_list", "detectors", "detection/development"];
        for entry in from.here().map_or(&[][..], Node::entries) {
            if known.contains(&entry.key.as_str()) {
                continue;
            }
            resource.legacy = true;
            let value = entry.value.as_str().filter(|_| !entry.value.is_null());
            if value.is_none() && !entry.value.is_null() {
                let message = format!("legacy resource attribute {:?} must be string or null", entry.key);
                from.report(
                    Issue::new(format!("service::telemetry::resource: {message}"))
                        .at(entry.value_place().clone()),
                );
            }
            from.print_as(&entry.key, &|| Some(Shown::from(&entry.value)));
            resource.attributes.push((entry.key.clone(), value.map(Into::into)));
        }
        resource.mixed = resource.legacy && !declared.is_empty();
        resource.attributes.extend(declared.into_iter().map(|a| (a.name, Some(a.value))));
        resource
    }

    fn validate(&self, problems: &mut Problems<'_>) {
        if self.attributes_list {
            let message =
                "resource::attributes_list is not currently supported, please use resource::attributes";
            problems.add("attributes_list", message);
        }
        if self.mixed {
            let message =
                "resource::attributes cannot be used together with legacy inline resource attributes";
            problems.add("attributes", message);
        }
    }
}

/// An attribute of the declarative form.
struct Attribute {
    name: String,
    value: String,
}

impl Settings for Attribute {
    fn read(from: &mut Section<'_>) -> Self {
        let name = from.get("name", String::new());
        from.node("type");
        let value = match from.node("value") {
            Some(node) => node.scalar_text().unwrap_or_else(|| {
                from.error("value", "only strings, numbers and booleans can be attributes");
                String::new()
            }),
            None => String::new(),
        };
        Self { name, value }
    }
}
