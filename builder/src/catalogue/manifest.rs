//! The catalogue as the components of a manifest.

use super::Catalogue;
use crate::class::Class;

/// Every component, by its section.
pub(crate) fn manifest(catalogue: &Catalogue) -> String {
    let sections = Class::ALL.into_iter().filter_map(|class| {
        let of_class = catalogue.components.iter().filter(|component| component.declared.class == class);
        let names: Vec<&str> = of_class.map(|component| &*component.declared.name).collect();
        (!names.is_empty()).then(|| format!("{}:\n  - {}\n", class.section(), names.join("\n  - ")))
    });
    sections.collect::<Vec<_>>().join("\n")
}
