//! The catalogue as a table for a terminal or a pipe.

use std::fmt::Write as _;

use super::{Catalogue, Component, kib};
use crate::{class::Class, table};

/// A table of what there is, with the descriptions cut to `width` if there is one. With `all`, also the names of what is not
/// there yet.
pub(crate) fn list(catalogue: &Catalogue, all: bool, width: Option<usize>) -> String {
    let rows: Vec<[String; 4]> = catalogue.components.iter().map(row).collect();
    let widest = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths = [0, 1, 2, 3].map(widest);
    let mut text = String::new();
    for class in Class::ALL {
        let of_class = |component: &&Component| component.declared.class == class;
        let missing: Vec<String> = catalogue
            .missing
            .iter()
            .filter(|official| all && official.class == class)
            .map(|official| official.name.to_owned())
            .collect();
        if !missing.is_empty() || catalogue.components.iter().any(|component| of_class(&component)) {
            text.push_str(class.section());
            text.push('\n');
        }
        for (component, row) in
            catalogue.components.iter().zip(&rows).filter(|(component, _)| of_class(component))
        {
            let [name, signals, stability, cost] = row;
            let line = format!(
                "  {name:0$}  {signals:1$}  {stability:2$}  {cost:>3$}  {description}",
                widths[0],
                widths[1],
                widths[2],
                widths[3],
                description = component.description,
            );
            text.push_str(&cut(line.trim_end(), width));
            text.push('\n');
        }
        if !missing.is_empty() {
            text.push_str("  not there yet:\n");
            for line in table::columns(&missing, width.unwrap_or(110).saturating_sub(4)) {
                let _ = writeln!(text, "    {line}");
            }
        }
    }
    text
}

fn row(component: &Component) -> [String; 4] {
    let declared = &component.declared;
    let name = match &*component.aliases() {
        "" => declared.name.clone(),
        aliases => format!("{} ({aliases})", declared.name),
    };
    let cost = component.cost.map(kib).unwrap_or_default();
    [name, declared.signals.join(", "), declared.stability.clone(), cost]
}

/// The line as far as it fits.
fn cut(line: &str, width: Option<usize>) -> String {
    match width {
        Some(width) if line.chars().count() > width => {
            line.chars().take(width.saturating_sub(1)).chain(['…']).collect()
        }
        _ => line.to_owned(),
    }
}
