//! The `print-config` command: the configuration as it is understood, defaults included.

use slimcol_config::{Config, Field, Shape, Shown};

use super::{flags::Print, shown::Style};
use crate::{
    graph,
    lifecycle::{self, Asked},
    registry::Registry,
};

/// The configuration as text.
///
/// # Errors
/// The Go collector's texts.
pub(super) fn print(asked: Asked<'_>, how: &Print) -> Result<String, String> {
    let mode = how.mode.as_deref().unwrap_or("redacted");
    let reveal = match mode.to_lowercase().as_str() {
        "redacted" => false,
        "unredacted" => true,
        _ => return Err(format!("invalid mode {mode:?}: modes are: redacted, unredacted")),
    };
    let config = lifecycle::read(asked, how.validate)?;
    let format = how.format.as_deref().filter(|format| !format.is_empty()).unwrap_or("yaml");
    let json = match format.to_lowercase().as_str() {
        "json" => true,
        "yaml" => false,
        _ => return Err(format!("unrecognized print format: {format}")),
    };
    Ok(document(&config, asked.registry, Style { json, reveal }))
}

/// The configuration as JSON, without secrets.
pub(crate) fn redacted(config: &Config, registry: Registry) -> String {
    document(config, registry, Style { json: true, reveal: false })
}

fn document(config: &Config, registry: Registry, style: Style) -> String {
    let mut fields: Vec<Field> = graph::shown(config, registry);
    for field in &mut fields {
        if style.json && field.value.is_zero() {
            field.value = Shown::Null;
        }
    }
    fields.push(Field::new("service", Shape::Section, Shown::Map(config.shown_service())));
    style.document(&fields)
}
