//! What components' configurations are printed as.

use slimcol_config::{Config, Field, Section, Shape, Shown};

use super::check::{all, read};
use crate::{Factory, Kind, registry::Registry};

/// The five sections of components, with every key of each, as they are printed.
pub(crate) fn shown(config: &Config, registry: Registry) -> Vec<Field> {
    let mut sections: Vec<Field> = Vec::new();
    for kind in Kind::CONFIGURED {
        sections.push(Field::new(kind.section(), Shape::Named, Shown::Map(Vec::new())));
    }
    for (kind, configured) in all(config) {
        let section = sections.iter_mut().find(|section| section.key == kind.section());
        if let (Some(Field { value: Shown::Map(found), .. }), Some(factory)) =
            (section, registry.find(kind, &configured.id.kind))
        {
            let mut section = configured.settings().recorded();
            read(factory, &mut section, &mut configured.problems());
            let fields = Shown::Map(section.take_fields());
            found.push(Field::new(configured.id.to_string(), Shape::Section, fields));
        }
    }
    sections
}

/// What the configuration of a component can hold.
pub(crate) fn described(factory: &Factory) -> Field {
    let mut section = Section::new(None, "").described();
    let mut problems = slimcol_config::Problems::new(None, None, "");
    read(factory, &mut section, &mut problems);
    let shape = section.shape();
    Field::new(factory.info.name, shape, Shown::Map(section.take_fields()))
}
