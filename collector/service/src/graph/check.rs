//! Whether the components that a configuration declares can be made from what it says, used or not.

use slimcol_config::{Config, Configured, Issue, Problems, Section};

use crate::{Factory, Kind, factory::Make, registry::Registry};

/// What is wrong with declarations.
#[derive(Debug, Default)]
pub(crate) struct Checked {
    /// What cannot be read.
    pub(crate) unreadable: Vec<Issue>,
    /// What can be read but makes no sense.
    pub(crate) invalid: Vec<Issue>,
    /// Extensions that are wanted and do not run, with which no collector starts.
    pub(crate) unmet: Vec<Issue>,
    /// What should be said once there is a log.
    pub(crate) warnings: Vec<Issue>,
}

/// Reads and validates every component's section.
pub(crate) fn check(config: &Config, registry: Registry) -> Checked {
    let mut checked = Checked::default();
    for (kind, configured) in all(config) {
        let Some(factory) = registry.find(kind, &configured.id.kind) else {
            checked.unreadable.push(configured.unknown_type(&registry.names(kind)));
            continue;
        };
        let mut section = configured.settings();
        let mut problems = configured.problems();
        read(factory, &mut section, &mut problems);
        let findings = section.finish();
        checked.unreadable.extend(findings.issues);
        checked.warnings.extend(findings.warnings);
        checked.invalid.extend(problems.finish());
        checked.unmet.extend(config.unmet(configured, &findings.wanted));
    }
    checked
}

pub(super) fn read(factory: &Factory, section: &mut Section<'_>, problems: &mut Problems<'_>) {
    match factory.make {
        Make::Receiver(read) => read(section).validate(problems),
        Make::Processor(read) => read(section).validate(problems),
        Make::Exporter(read) => read(section).validate(problems),
        Make::Connector(read) => read(section).validate(problems),
        Make::Extension(read) => read(section).validate(problems),
        Make::Provider(_) => {}
    }
}

pub(super) fn all(config: &Config) -> impl Iterator<Item = (Kind, &Configured)> {
    [
        (Kind::Receiver, &config.receivers),
        (Kind::Processor, &config.processors),
        (Kind::Exporter, &config.exporters),
        (Kind::Connector, &config.connectors),
        (Kind::Extension, &config.extensions),
    ]
    .into_iter()
    .flat_map(|(kind, list)| list.iter().map(move |configured| (kind, configured)))
}
