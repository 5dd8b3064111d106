//! The `service` section: what runs, and how it reports on itself.

use crate::{Entry, Issue, PipelineId, Place, Problems, Reference, Section, Settings, Telemetry};

/// The `service` section.
#[derive(Clone, Debug)]
pub struct Service {
    /// How the collector reports on itself.
    pub telemetry: Telemetry,
    /// The extensions to start, in order.
    pub extensions: Vec<Reference>,
    /// The pipelines, in the order written.
    pub pipelines: Vec<Pipeline>,
    /// Where the pipelines stand.
    pub(crate) pipelines_place: Option<Place>,
}

/// A pipeline: what takes data in, what it goes through, what gives it out.
#[derive(Clone, Debug)]
pub struct Pipeline {
    /// Its id.
    pub id: PipelineId,
    /// Where it stands.
    pub place: Place,
    /// Receivers, or connectors that receive from other pipelines.
    pub receivers: Vec<Reference>,
    /// Processors, in order.
    pub processors: Vec<Reference>,
    /// Exporters, or connectors that export to other pipelines.
    pub exporters: Vec<Reference>,
}

impl Settings for Service {
    fn read(from: &mut Section<'_>) -> Self {
        let telemetry = from.section("telemetry");
        let terse = from.terse(true);
        let extensions = from.get("extensions", Vec::new());
        from.terse(terse);
        let pipelines_place = from.here().and_then(|n| n.entry("pipelines")).map(|e| e.place.clone());
        let pipelines = pipelines(from);
        Self { telemetry, extensions, pipelines, pipelines_place }
    }

    /// Everything but references, which are [`crate::Config`]'s business.
    fn validate(&self, problems: &mut Problems<'_>) {
        problems.within("telemetry", &self.telemetry);
    }
}

fn pipelines(from: &mut Section<'_>) -> Vec<Pipeline> {
    let bodies = from.map::<Body>("pipelines");
    let entries = from.here().and_then(|n| n.get("pipelines")).map_or(&[][..], crate::Node::entries);
    let mut pipelines: Vec<Pipeline> = Vec::with_capacity(bodies.len());
    for (entry, (_, body)) in entries.iter().zip(bodies) {
        match entry.key.parse::<PipelineId>() {
            Ok(id) if pipelines.iter().any(|p| p.id == id) => from.report(duplicate(entry, &id)),
            Ok(id) => pipelines.push(Pipeline {
                id,
                place: entry.place.clone(),
                receivers: body.receivers,
                processors: body.processors,
                exporters: body.exporters,
            }),
            Err(message) => {
                let signal = entry.key.split('/').next().unwrap_or_default().trim();
                let meant = crate::nearest(signal, ["traces", "metrics", "logs", "profiles"]);
                let issue = Issue::new(format!("'service.pipelines' {message}"));
                from.report(issue.at(entry.place.clone()).meant(meant));
            }
        }
    }
    pipelines
}

fn duplicate(entry: &Entry, id: &PipelineId) -> Issue {
    Issue::new(format!("'service.pipelines' duplicate name {:?} after unmarshaling {id}", entry.key))
        .at(entry.place.clone())
}

/// What a pipeline's section holds.
struct Body {
    receivers: Vec<Reference>,
    processors: Vec<Reference>,
    exporters: Vec<Reference>,
}

impl Settings for Body {
    fn read(from: &mut Section<'_>) -> Self {
        Self {
            receivers: from.get("receivers", Vec::new()),
            processors: from.get("processors", Vec::new()),
            exporters: from.get("exporters", Vec::new()),
        }
    }
}
