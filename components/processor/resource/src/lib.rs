//! The `resource` processor: changes the attributes of resources.
//!
//! ```yaml
//! processors:
//!   resource:
//!     attributes:
//!       - {key: deployment.environment.name, value: production, action: upsert}
//!       - {key: host.id, action: delete}
//! ```
//!
//! Only resources that an action changes are opened; what they hold is copied as it is encoded.

use slimcol_actions::{ActionConfig, Actions};
use slimcol_config::{Problems, Section, Settings};
use slimcol_pdata::{Data, Of, Otlp, edit::EntryMut, view::Index};
use slimcol_service::{
    BoxError, Client, Component, Context, Factory, Info, Log, Next, Payload, Processor, Refused, Signals,
    Stability,
};

/// The component, as a generated `main` lists it.
pub static FACTORY: Factory = Factory::processor::<Resource>();

/// The processor's keys.
#[derive(Clone, Debug)]
pub struct Config {
    /// What is done to the attributes of each resource, in order.
    pub attributes: Vec<ActionConfig>,
}

impl Settings for Config {
    fn read(from: &mut Section<'_>) -> Self {
        Self { attributes: from.list("attributes") }
    }

    fn validate(&self, problems: &mut Problems<'_>) {
        if self.attributes.is_empty() {
            problems.add("", "missing required field \"attributes\"");
        }
        Actions::validate(&self.attributes, "attributes", problems);
    }
}

/// The processor of one pipeline.
#[derive(Debug)]
pub struct Resource {
    actions: Actions,
    log: Log,
}

impl Component for Resource {
    type Config = Config;
    const INFO: Info = Info {
        signals: Signals::ALL,
        mutates: true,
        stability: Stability::Beta,
        ..Info::new("resource", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"))
    };

    fn new(config: Config, cx: &Context) -> Result<Self, BoxError> {
        Ok(Self { actions: Actions::new(&config.attributes)?, log: cx.log().clone() })
    }
}

impl Processor for Resource {
    async fn process(&self, mut payload: Payload, next: &Next) -> Result<(), Refused> {
        match &mut payload.data {
            Data::Traces(traces) => self.change(traces, &payload.client),
            Data::Metrics(metrics) => self.change(metrics, &payload.client),
            Data::Logs(logs) => self.change(logs, &payload.client),
        }
        next.consume(payload).await
    }
}

impl Resource {
    fn change<S: Of>(&self, data: &mut Otlp<S>, client: &Client) {
        data.edit(|tree| tree.entries_mut().for_each(|entry| self.entry(entry, client)));
    }

    fn entry<S: Of>(&self, mut entry: EntryMut<'_, S>, client: &Client) {
        if self.actions.change(entry.resource().attributes(), client) {
            let (mut resource, mut index) = (entry.resource_mut(), Index::new(0));
            self.actions.apply(&mut resource.attributes_mut(), &mut index, client, &self.log);
        }
    }
}

#[cfg(test)]
mod tests;
