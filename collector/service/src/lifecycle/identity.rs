//! Who a collector says it is: the resource of everything that it reports on itself.

use std::{
    collections::BTreeMap,
    hash::{BuildHasher, RandomState},
};

use slimcol_config::Resource;

use crate::Build;

/// The resource: the defaults, changed and extended by what is configured.
pub(super) fn resource(build: &Build, configured: &Resource) -> BTreeMap<String, String> {
    let defaults = [
        ("service.instance.id", uuid()),
        ("service.name", build.name.into()),
        ("service.version", build.version.into()),
    ];
    let mut resource: BTreeMap<String, String> =
        defaults.into_iter().map(|(k, v)| (k.to_owned(), v)).collect();
    for (name, value) in &configured.attributes {
        match value {
            Some(value) => resource.insert(name.clone(), value.clone()),
            None => resource.remove(name),
        };
    }
    resource
}

/// A random UUID (version 4). Its bits are the standard library's hash keys, which the system's random source gives: no
/// device file is needed, which a container without `/dev` may lack.
fn uuid() -> String {
    let random = || RandomState::new().hash_one(0_u64);
    let (high, low) = (random(), random());
    let version = high & !0xf000 | 0x4000;
    let variant = low & !(0b11 << 62) | 1 << 63;
    format!(
        "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
        version >> 32,
        version >> 16 & 0xffff,
        version & 0xffff,
        variant >> 48,
        variant & 0xffff_ffff_ffff
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const BUILD: Build =
        Build { name: "otelcol-x", version: "1.0", description: "", config: None, readers: None };

    #[test]
    fn instances_are_random_uuids() {
        let (one, other) = (uuid(), uuid());
        assert_ne!(one, other);
        let groups: Vec<usize> = one.split('-').map(str::len).collect();
        assert_eq!(groups, [8, 4, 4, 4, 12]);
        assert_eq!(&one[14..15], "4");
        assert!("89ab".contains(&one[19..20]), "{one}");
    }

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
