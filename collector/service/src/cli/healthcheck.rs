//! The `healthcheck` command, which the Go collector does not have: asks a collector's `health_check` extension, for images
//! that have no other program to ask with.

mod ask;
mod beside;

use slimcol_config::Config;

use super::{asked, flags::Sources, with_config};
use crate::{Build, lifecycle, registry::Registry};

const NOTHING: &str = "the configuration starts no health_check extension, so there is nothing to ask";

/// Asks the collector that `endpoint` names; or the one with the configuration of `sources`; or the one that runs here.
///
/// # Errors
/// Why the collector is not well, or cannot be asked, in a line.
pub(super) fn check(
    build: &Build,
    registry: Registry,
    sources: Sources,
    endpoint: Option<String>,
) -> Result<&'static str, String> {
    let named = !sources.configs.is_empty() || !sources.sets.is_empty();
    let address = if endpoint.is_some() {
        endpoint
    } else {
        let sources = if named { sources } else { beside::sources(build.name).unwrap_or(sources) };
        with_config(build, &sources).map_err(|_| "no collector runs here: give --config or --endpoint")?;
        address(&lifecycle::validate(asked(build, registry, &sources, &[]))?)?
    };
    match address {
        Some(address) => ask::ask(&address),
        None if named => Err(NOTHING.to_owned()),
        // Whoever runs a collector without the extension did not ask to be told that it is ill.
        None => Ok(NOTHING),
    }
}

/// Where the first `health_check` extension that is started listens, with the path that it answers at.
fn address(config: &Config) -> Result<Option<String>, String> {
    for started in &config.service.extensions {
        if started.id.kind == "health_check"
            && let Some(extension) = config.extensions.iter().find(|extension| extension.id == started.id)
        {
            let mut settings = extension.settings();
            if settings.node("tls").is_some_and(|tls| !tls.is_null()) {
                return Err("health_check has tls, and healthcheck asks over plain HTTP only".to_owned());
            }
            let mut address = settings.get("endpoint", "localhost:13133".to_owned());
            address.push_str(&settings.get("path", "/".to_owned()));
            return Ok(Some(address));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests;
