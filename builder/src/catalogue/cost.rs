//! What components cost. The figures are measured (`slimcol measure`) and travel with the program.

use crate::class::Class;

/// Class, name, and the bytes that the smallest collector grows by.
const COSTS: &str = include_str!("costs.tsv");

/// The bytes that the smallest collector grows by with a component, if that was measured.
pub(super) fn of(class: Class, name: &str) -> Option<u64> {
    COSTS.lines().find_map(|line| {
        let mut columns = line.split('\t');
        let found = columns.next()? == class.as_str() && columns.next()? == name;
        if found { columns.next()?.parse().ok() } else { None }
    })
}
