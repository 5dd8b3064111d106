//! What belongs to one component alone.

use std::collections::BTreeSet;

use crate::graph::Graph;

/// For each package of `graph` the component, by its position in the plan, that it would go with: without the component nothing
/// would need the package. The first component of which that is so; there cannot be two.
pub(super) fn components(graph: &Graph) -> Vec<Option<usize>> {
    let mut own = vec![None; graph.packages.len()];
    let all = graph.reachable(0, |_| false);
    for (position, package) in graph.packages.iter().enumerate() {
        let Some(component) = package.component else { continue };
        let without: BTreeSet<usize> = graph.reachable(0, |other| other == position);
        for gone in all.difference(&without) {
            own[*gone].get_or_insert(component);
        }
    }
    own
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::Linked;

    fn package(component: Option<usize>, dependencies: &[usize]) -> Linked {
        Linked { component, dependencies: dependencies.to_vec(), ..Linked::default() }
    }

    #[test]
    fn a_component_owns_what_nothing_else_needs() {
        // 0 main, 1 framework, 2 and 3 components, 4 shared by them, 5 and 6 below the first alone, 7 below the framework too.
        let packages = vec![
            package(None, &[1, 2, 3]),
            package(None, &[7]),
            package(Some(0), &[1, 4, 5, 7]),
            package(Some(1), &[1, 4]),
            package(None, &[]),
            package(None, &[6]),
            package(None, &[7]),
            package(None, &[]),
        ];
        let own = components(&Graph { packages });
        assert_eq!(own, [None, None, Some(0), Some(1), None, Some(0), Some(0), None]);
    }
}
