//! The configuration for a distribution that comes without one: what is in it, put to use on localhost.

use std::collections::BTreeMap;

use minijinja::{Environment, Value};
use slimcol_config::Issue;

use crate::{class::Class, distro::Prepared, error::Error, resolve::Plan};

/// Takes telemetry without being told more, best first. `nop` takes none.
const RECEIVERS: [&str; 2] = ["otlp", "nop"];
/// Gets rid of it without being told where it goes.
const EXPORTERS: [&str; 2] = ["debug", "nop"];
/// In the order that they belong in.
const PROCESSORS: [&str; 2] = ["memory_limiter", "batch"];
const SIGNALS: [&str; 3] = ["traces", "metrics", "logs"];
const TEMPLATE: &str = include_str!("../../../templates/package/config.yaml.jinja");

/// The configuration that the service starts with: the manifest's, or one that is derived from what is built in.
#[derive(Clone, Debug)]
pub(crate) enum Config {
    /// The manifest names it.
    Given(String),
    /// It is made up of what is built in.
    Derived(String),
}

impl Config {
    /// The configuration of a prepared distribution.
    pub(crate) fn of(prepared: &Prepared) -> Result<Self, Error> {
        if let Some(config) = &prepared.config {
            return Ok(Self::Given(config.clone()));
        }
        let place = prepared.manifest.dist.package.dist_place.clone();
        derive(&prepared.plan)?.map(Self::Derived).ok_or_else(|| {
            let issue = Issue::new("packages need a configuration, and the manifest has none").at(place);
            Error::Manifest(vec![issue.help(
                "name one with `dist.config`: only for a receiver `otlp` or `nop` with an exporter `debug` or `nop` \
                 is there one to start with",
            )])
        })
    }

    /// What messages call it.
    pub(crate) const fn name(&self) -> &'static str {
        match self {
            Self::Given(_) => "the configuration that the packages come with",
            Self::Derived(_) => "the configuration that was made up for the packages",
        }
    }

    /// The text.
    pub(crate) fn text(&self) -> &str {
        match self {
            Self::Given(text) | Self::Derived(text) => text,
        }
    }
}

/// A configuration for the collector of `plan`, if there is one that needs nothing that only its user knows.
fn derive(plan: &Plan) -> Result<Option<String>, Error> {
    let find = |class, name: &str| {
        plan.components.iter().find(|it| it.component.class == class && it.component.name == name)
    };
    let Some(receiver) = RECEIVERS.iter().find_map(|name| find(Class::Receiver, name)) else {
        return Ok(None);
    };
    let Some(exporter) = EXPORTERS.iter().find_map(|name| find(Class::Exporter, name)) else {
        return Ok(None);
    };
    let handled = |signal: &&str| {
        [receiver, exporter].iter().all(|planned| planned.component.signals.iter().any(|s| s == signal))
    };
    let signals: Vec<&str> = SIGNALS.into_iter().filter(handled).collect();
    if signals.is_empty() {
        return Ok(None);
    }
    let processors: Vec<&str> =
        PROCESSORS.into_iter().filter(|name| find(Class::Processor, name).is_some()).collect();
    let context = BTreeMap::from([
        ("receiver", Value::from(&*receiver.component.name)),
        ("exporter", Value::from(&*exporter.component.name)),
        ("processors", Value::from(processors)),
        ("health", Value::from(find(Class::Extension, "health_check").is_some())),
        ("signals", Value::from(signals)),
    ]);
    let broken = |e: minijinja::Error| {
        Error::Other(format!("the default configuration's template does not render: {e}"))
    };
    let text = Environment::new().render_str(TEMPLATE, context).map_err(broken)?;
    Ok(Some(text + "\n"))
}
