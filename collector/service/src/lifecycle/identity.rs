//! Who a collector says it is: the resource of everything that it reports on itself.

use std::collections::BTreeMap;

use slimcol_config::Resource;

use crate::{Build, random_uuid};

/// The resource: the defaults, changed and extended by what is configured.
pub(super) fn resource(build: &Build, configured: &Resource) -> BTreeMap<String, String> {
    let defaults = [
        ("service.instance.id", random_uuid()),
        ("service.name", build.name.into()),
        ("service.version", build.version.into()),
    ];
    let mut resource = slimcol_order::map(defaults.map(|(k, v)| (k.to_owned(), v)));
    for (name, value) in &configured.attributes {
        match value {
            Some(value) => resource.insert(name.clone(), value.clone()),
            None => resource.remove(name),
        };
    }
    resource
}

#[cfg(test)]
mod tests {
    use super::*;

    const BUILD: Build =
        Build { name: "otelcol-x", version: "1.0", description: "", config: None, readers: None };

    #[test]
    fn what_is_configured_comes_over_the_defaults() {
        let resource = |yaml| resource(&BUILD, &slimcol_config::from_yaml(yaml).unwrap());
        let names = |yaml| resource(yaml).into_keys().collect::<Vec<_>>();
        assert_eq!(names(""), ["service.instance.id", "service.name", "service.version"]);
        assert_eq!(names("service.instance.id: null\nfoo: bar"), ["foo", "service.name", "service.version"]);
        let declared = resource("attributes: [{name: service.name, value: mine}]");
        assert_eq!(declared["service.name"], "mine");
    }
}
