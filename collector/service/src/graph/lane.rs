//! A pipeline that can be built: one of a signal that there is.

use slimcol_config::{ComponentId, Pipeline, PipelineSignal, Reference};
use slimcol_pdata::Signal;

/// A pipeline of the configuration.
#[derive(Clone, Debug)]
pub(crate) struct Lane {
    /// The id as users write it (`traces/backend`).
    pub(crate) id: String,
    pub(crate) signal: Signal,
    pub(crate) receivers: Vec<Reference>,
    pub(crate) processors: Vec<Reference>,
    pub(crate) exporters: Vec<Reference>,
}

impl Lane {
    /// The pipeline as it can be built; none for profiles, which validation refuses.
    pub(crate) fn of(pipeline: &Pipeline) -> Option<Self> {
        let Pipeline { id, receivers, processors, exporters, .. } = pipeline;
        let signal = match id.signal {
            PipelineSignal::Traces => Signal::Traces,
            PipelineSignal::Metrics => Signal::Metrics,
            PipelineSignal::Logs => Signal::Logs,
            PipelineSignal::Profiles => return None,
        };
        let (receivers, processors, exporters) = (receivers.clone(), processors.clone(), exporters.clone());
        Some(Self { id: id.to_string(), signal, receivers, processors, exporters })
    }

    pub(crate) fn receives_from(&self, id: &ComponentId) -> bool {
        self.receivers.iter().any(|reference| reference.id == *id)
    }

    pub(crate) fn exports_to(&self, id: &ComponentId) -> bool {
        self.exporters.iter().any(|reference| reference.id == *id)
    }
}
