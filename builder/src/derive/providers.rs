//! The providers that a configuration is read through.

use slimcol_config::{Node, expressions};

use super::Use;
use crate::{class::Class, manifest::Findings};

/// Providers that every collector is given, and what for: how it is started is decided later, and by others.
pub(super) const ALWAYS: [(&str, &str); 3] = [
    ("env", "for `${NAME}`, and for --config env:NAME, which the Operator's sidecars use"),
    ("file", "for --config FILE"),
    ("yaml", "for --config yaml:TEXT"),
];

/// The providers that the expressions in `root` ask.
pub(super) fn of(root: &Node, findings: &mut Findings) -> Vec<Use> {
    let mut uses = Vec::new();
    for expression in expressions(root) {
        match expression {
            Ok(found) => {
                uses.push(Use {
                    class: Class::Provider,
                    name: found.scheme,
                    place: found.place,
                    settings: None,
                });
            }
            Err(issue) => findings.issue(issue),
        }
    }
    uses
}
