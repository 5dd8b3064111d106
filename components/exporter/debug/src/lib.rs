//! The `debug` exporter: shows what passes, in the words of the Go collector's.
//!
//! ```yaml
//! exporters:
//!   debug:
//!     verbosity: detailed
//! ```
//!
//! `basic` is one line of counts for each payload, `normal` adds a line for each item, `detailed` all fields. It is for
//! looking, not for load: the text is made and written in the task that brings the data.

mod config;
mod detailed;
mod normal;
mod output;
mod print;

use slimcol_config::Section;
use slimcol_exporter::{Delivery, Push, Queued};
use slimcol_pdata::{Data, Metrics, view::ResourceMetricsRef};
use slimcol_service::{BoxError, Context, Factory, Info, Payload, Refused, Signals, Stability};

pub use self::config::{Config, Verbosity};
use self::output::Outputs;

/// The component, as a generated `main` lists it.
pub static FACTORY: Factory = Factory::exporter::<Queued<Debug>>();

/// The exporter.
#[derive(Debug)]
pub struct Debug {
    verbosity: Verbosity,
    outputs: Outputs,
}

impl Push for Debug {
    type Config = Config;
    const INFO: Info = Info {
        signals: Signals::ALL,
        stability: Stability::Alpha,
        ..Info::new("debug", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"))
    };

    fn delivery(section: &mut Section<'_>) -> Delivery {
        Delivery::queue_only(section)
    }

    fn new(config: Config, cx: &Context) -> Result<Self, BoxError> {
        Ok(Self { verbosity: config.verbosity, outputs: Outputs::new(&config, cx) })
    }

    async fn start(&self) -> Result<(), BoxError> {
        Ok(self.outputs.open()?)
    }

    async fn push(&self, payload: Payload) -> Result<(), Refused> {
        let Payload { data, .. } = payload;
        let signal = data.signal();
        let (title, counts) = counts(&data);
        self.outputs.write(signal, title, &counts);
        let text = match self.verbosity {
            Verbosity::Basic => return Ok(()),
            Verbosity::Normal => normal::text(&data),
            Verbosity::Detailed => detailed::text(&data),
        };
        self.outputs.write(signal, &text, &[]);
        Ok(())
    }
}

/// The line of counts.
fn counts(data: &Data) -> (&'static str, Vec<(&'static str, usize)>) {
    let resources = data.resources().count();
    let items = data.items();
    match data {
        Data::Traces(_) => ("Traces", vec![("resource spans", resources), ("spans", items)]),
        Data::Metrics(metrics) => (
            "Metrics",
            vec![("resource metrics", resources), ("metrics", metric_count(metrics)), ("data points", items)],
        ),
        Data::Logs(_) => ("Logs", vec![("resource logs", resources), ("log records", items)]),
    }
}

fn metric_count(metrics: &Metrics) -> usize {
    let scopes = metrics.resource_metrics().flat_map(ResourceMetricsRef::scope_metrics);
    scopes.map(|scope| scope.metrics().count()).sum()
}

#[cfg(test)]
mod tests;
