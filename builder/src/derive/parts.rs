//! Components that come in parts, as a receiver of host metrics in scrapers: only the parts that are configured are linked.
//!
//! A crate says so in its metadata (`parts = "scrapers"`): below that key of the component's settings each key is a part,
//! and a feature of the crate.

use slimcol_config::Node;

use crate::{
    class::Class,
    manifest::{Crate, Feature, Origin},
    resolve::Index,
};

/// The parts of component `name` that `settings` ask for, if it comes in parts and they can be told.
pub(super) fn of(class: Class, name: &str, settings: Option<&Node>, index: &Index) -> Option<Crate> {
    let (component, package) = index.components().find(|(c, _)| c.class == class && c.name == name)?;
    let section = settings?.get(component.parts.as_deref()?)?;
    if !section.is_map() {
        return None;
    }
    let feature = |entry: &slimcol_config::Entry| Feature {
        name: entry.key().to_owned(),
        place: entry.place().clone(),
    };
    Some(Crate {
        name: package.name.clone(),
        origin: Origin::Own,
        features: section.entries().iter().map(feature).collect(),
        default_features: false,
    })
}

/// What two uses of one component need together; all of it if one of them does.
pub(super) fn joined(one: Option<Crate>, other: Option<Crate>) -> Option<Crate> {
    let (mut one, other) = (one?, other?);
    for feature in other.features {
        if !one.features.iter().any(|there| there.name == feature.name) {
            one.features.push(feature);
        }
    }
    Some(one)
}
