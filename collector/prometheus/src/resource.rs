//! What becomes of resources.

use std::borrow::Cow;

use slimcol_config::{Section, Settings};
use slimcol_pdata::view::Attributes;

/// The resource attributes that `job` and `instance` are made of.
const SERVICE: [&str; 3] = ["service.name", "service.namespace", "service.instance.id"];

/// Whether the attribute is part of `job` or `instance`.
pub fn is_service(key: &str) -> bool {
    SERVICE.contains(&key)
}

/// The values of `job` and `instance`, where there are any.
pub fn identity(resource: Attributes<'_>) -> (Option<String>, Option<String>) {
    let text = |key| resource.get(key).map(|value| value.to_text().into_owned());
    let [name, namespace, instance] = SERVICE.map(text);
    let job = name.map(|name| match namespace {
        Some(namespace) => format!("{namespace}/{name}"),
        None => name,
    });
    (job, instance)
}

/// `resource_to_telemetry_conversion`: whether resource attributes become labels of every series.
#[derive(Clone, Copy, Debug)]
pub struct ResourceToTelemetry {
    /// Whether they do.
    pub enabled: bool,
    /// Whether those that `job` and `instance` are made of do not.
    pub exclude_service_attributes: bool,
}

impl Settings for ResourceToTelemetry {
    fn read(from: &mut Section<'_>) -> Self {
        Self {
            enabled: from.get("enabled", false),
            exclude_service_attributes: from.get("exclude_service_attributes", false),
        }
    }
}

impl ResourceToTelemetry {
    /// The attributes that go with every point.
    pub fn attributes(self, resource: Attributes<'_>) -> Sorted<'_> {
        let mut attributes = Sorted::new();
        if self.enabled {
            sort(&mut attributes, resource, &[]);
            attributes.retain(|(key, _)| !(self.exclude_service_attributes && is_service(key)));
        }
        attributes
    }
}

/// Attributes that are sorted by key, their values as text.
pub type Sorted<'a> = Vec<(&'a str, Cow<'a, str>)>;

/// Fills `to` with the attributes, sorted: those of `over` go before those of the same key.
pub fn sort<'a>(to: &mut Sorted<'a>, attributes: Attributes<'a>, over: &[(&'a str, Cow<'a, str>)]) {
    to.clear();
    to.extend(over.iter().cloned());
    let own = attributes.iter().filter(|(key, _)| over.iter().all(|(known, _)| known != key));
    to.extend(own.map(|(key, value)| (key, value.to_text())));
    slimcol_order::sort_by_key(to, |(key, _)| *key);
}
