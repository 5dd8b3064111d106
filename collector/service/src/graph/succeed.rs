//! A graph that takes the place of a running one. What both have in common runs on: receivers with their connections,
//! exporters with their queues, extensions.

use std::{mem, sync::Arc, time::Duration};

use tokio::{task::JoinHandle, time::timeout};

use super::{Graph, Parts, Placed, Source, life::stop_each};
use crate::{Log, Stop, factory::Part, failure::Failures};

/// How long requests may take to leave pipelines while no others are open to those that follow. Those that take longer are
/// refused as what they are in stops, and their senders try again.
const PATIENCE: Duration = Duration::from_secs(5);

/// What changes when a graph takes another one's place, by name.
#[derive(Debug)]
pub(crate) struct Changes {
    pub(crate) stop: Vec<String>,
    pub(crate) start: Vec<String>,
    /// Whether nothing changes but receivers and which pipelines name them.
    pub(crate) only_receivers: bool,
}

/// Parts of former pipelines that still send what they hold.
pub(crate) struct Leaving {
    pub(crate) names: Vec<String>,
    pub(crate) exporters: Parts,
    pub(crate) task: JoinHandle<()>,
    /// Ends once no data goes from here to what runs on.
    drained: Stop,
}

impl Leaving {
    /// Returns once no data goes from here to what runs on, so that it can be stopped.
    pub(crate) async fn drained(&mut self) {
        self.drained.wait().await;
    }
}

impl Graph {
    /// Takes over what stays of `old`, in which only what goes still runs then.
    pub(crate) fn inherit(&mut self, old: &mut Self) -> Changes {
        for extension in &mut self.extensions {
            extension.it.take_from(|at| &mut old.extensions[at].it);
        }
        for receiver in &mut self.receivers {
            receiver.it.source.take_from(|at| &mut old.receivers[at].it.source);
        }
        for part in old.exporters.iter_mut().chain(&mut old.middle) {
            part.runs &= !self.parts().any(|heir| heir.runs && heir.stamp == part.stamp);
        }
        let extensions = self.extensions.iter().filter(|extension| !extension.it.runs()).map(Placed::name);
        let parts = self.parts().filter(|part| !part.runs).map(Placed::name);
        let mut start: Vec<String> = extensions.chain(parts).collect();
        let mut stop = old.running();
        let receivers = |name: &String| name.starts_with("receiver ");
        let only_receivers = start.is_empty() && stop.iter().all(receivers);
        let receivers = self.receivers.iter().filter(|receiver| !receiver.it.source.runs());
        start.extend(receivers.map(Placed::name));
        stop.dedup();
        Changes { stop, start, only_receivers }
    }

    /// Stops what `old` has left, starts what does not run yet, and leads the doors of what stays to the new pipelines.
    /// Exporters that can be there twice go in their own time, and data goes on meanwhile; for all else requests wait at the
    /// doors until there is room.
    ///
    /// # Errors
    /// What did not start, as [`Graph::start`]; then all of `old` has stopped.
    pub(crate) async fn succeed(
        &mut self,
        mut old: Self,
        log: &Log,
        failures: &Failures,
    ) -> Result<Option<Leaving>, String> {
        old.stop_receivers().await;
        let alone = |part: &&mut Placed<Arc<dyn Part>>| part.runs && !part.it.overlaps();
        let crowded = old.extensions.iter().any(|extension| extension.it.runs())
            || old.exporters.iter_mut().any(|part| alone(&part));
        if crowded {
            let doors = self.receivers.iter().flat_map(|receiver| &receiver.it.doors);
            let left = doors.filter_map(|(_, door, _)| door.lead(None)).collect();
            // Whoever is late is refused by what stops now.
            let _ = timeout(PATIENCE, all(left)).await;
            stop_each(&mut old.middle.iter_mut()).await;
            stop_each(&mut old.exporters.iter_mut().rev().filter(alone)).await;
            old.stop_extensions().await;
        }
        let left = match self.start(log, failures).await {
            Ok(left) => left,
            Err(text) => {
                old.stop_parts().await;
                return Err(text);
            }
        };
        // Their names may be those of their successors, and who looks on has no use for them.
        for part in old.parts().filter(|part| part.runs) {
            part.status.leave();
        }
        let names = old.running();
        if names.is_empty() {
            return Ok(None);
        }
        let exporters = old.exporters.iter().filter(|part| part.runs).cloned().collect();
        let (draining, drained) = Stop::new();
        let task = tokio::spawn(async move {
            all(left).await;
            stop_each(&mut old.middle.iter_mut()).await;
            drop(draining);
            old.stop_parts().await;
        });
        Ok(Some(Leaving { names, exporters, task, drained }))
    }

    fn parts(&self) -> impl Iterator<Item = &Placed<Arc<dyn Part>>> {
        self.exporters.iter().chain(&self.middle)
    }
}

impl<T> Source<T> {
    fn take_from<'a>(&mut self, old: impl FnOnce(usize) -> &'a mut Self)
    where
        T: 'a,
    {
        if let Self::There(at) = *self {
            *self = mem::replace(old(at), Self::Gone);
        }
    }
}

async fn all(left: Vec<Stop>) {
    for mut stop in left {
        stop.wait().await;
    }
}
