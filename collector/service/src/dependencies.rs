//! Extensions that need other extensions (Go's `extensioncapabilities.Dependent`): in which order they start.

use slimcol_config::Issue;

use crate::{factory::AnyExtension, graph::Placed};

type Extensions = Vec<Placed<Box<dyn AnyExtension>>>;
type Arrange = fn(Extensions) -> Result<Extensions, Issue>;

/// The ids of the extensions that one needs. Who has some brings along what puts extensions in order, so that it is linked
/// only where an extension does.
#[derive(Clone, Debug, Default)]
pub struct Dependencies(Option<(Vec<String>, Arrange)>);

impl Dependencies {
    /// On the extensions with these ids.
    pub fn on(ids: Vec<String>) -> Self {
        Self(Some((ids, arrange)))
    }

    pub(crate) fn ids(&self) -> &[String] {
        self.0.as_ref().map_or(&[], |(ids, _)| ids)
    }

    /// What puts extensions in order, if any is needed.
    pub(crate) fn arrange(self) -> Option<Arrange> {
        self.0.map(|(_, arrange)| arrange)
    }
}

/// Each extension behind all that it needs, otherwise in the order given.
///
/// # Errors
/// Go's text for an extension that is not there, and for a cycle.
fn arrange(extensions: Extensions) -> Result<Extensions, Issue> {
    let ids: Vec<String> = extensions.iter().map(|extension| extension.id.clone()).collect();
    let mut needs: Vec<Vec<usize>> = Vec::new();
    for extension in &extensions {
        let find = |id: &String| {
            ids.iter().position(|other| other == id).ok_or_else(|| {
                let by = &extension.id;
                Issue::new(format!("unable to find extension {id} on which extension {by} depends"))
            })
        };
        let found: Result<_, Issue> = extension.it.dependencies().ids().iter().map(find).collect();
        needs.push(found?);
    }
    let mut waiting: Vec<_> = extensions.into_iter().map(Some).collect();
    let mut arranged = Vec::new();
    while arranged.len() < waiting.len() {
        let ready = |at: &usize| waiting[*at].is_some() && needs[*at].iter().all(|&on| waiting[on].is_none());
        let Some(at) = (0..waiting.len()).find(ready) else {
            return Err(cycle(&ids, &needs, |at| waiting[at].is_some()));
        };
        arranged.extend(waiting[at].take());
    }
    Ok(arranged)
}

/// A cycle among the extensions that `wait`: each of them needs another one that does.
fn cycle(ids: &[String], needs: &[Vec<usize>], waits: impl Fn(usize) -> bool) -> Issue {
    let mut path: Vec<usize> = Vec::new();
    let mut next = (0..ids.len()).find(|&at| waits(at));
    while let Some(at) = next {
        if let Some(start) = path.iter().position(|&step| step == at) {
            path.drain(..start);
            break;
        }
        path.push(at);
        next = needs[at].iter().copied().find(|&on| waits(on));
    }
    // Go's arrows go from what is needed to who needs it.
    path.reverse();
    path.extend(path.first().copied());
    let names: Vec<&str> = path.iter().map(|&at| ids[at].as_str()).collect();
    let names = names.join(" -> ");
    Issue::new(format!(
        "unable to order extensions by dependencies, cycle found [{names}]: topo: no topological ordering"
    ))
}
