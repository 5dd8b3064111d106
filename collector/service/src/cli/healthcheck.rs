//! The `healthcheck` command, which the Go collector does not have: asks a collector's `health_check` or `healthcheckv2` extension, for images
//! that have no other program to ask with.

mod ask;
mod beside;

use slimcol_config::{Config, Section, Settings};

use super::{asked, flags::Sources, with_config};
use crate::{Build, lifecycle, registry::Registry};

const NOTHING: &str = "the configuration starts no health_check or healthcheckv2 extension that answers over HTTP, so there is nothing to ask";

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

/// Where the first extension that is started for it listens, with the path that it answers at.
fn address(config: &Config) -> Result<Option<String>, String> {
    for started in &config.service.extensions {
        let kind = started.id.kind.as_str();
        let Some(extension) = config.extensions.iter().find(|extension| extension.id == started.id) else {
            continue;
        };
        let mut settings = extension.settings();
        let site = match kind {
            "health_check" => Site::read(&mut settings),
            "healthcheckv2" if !settings.get("use_v2", false) => Site::read(&mut settings),
            "healthcheckv2" if settings.has("http") => settings.section::<Http>("http").0,
            _ => continue,
        };
        if site.tls {
            return Err(format!("{kind} has tls, and healthcheck asks over plain HTTP only"));
        }
        if let Some(path) = site.path {
            return Ok(Some(site.endpoint + &path));
        }
    }
    Ok(None)
}

/// Where `health_check` answers, and `healthcheckv2` without `use_v2`.
struct Site {
    endpoint: String,
    /// None if nothing answers at any.
    path: Option<String>,
    tls: bool,
}

impl Settings for Site {
    fn read(from: &mut Section<'_>) -> Self {
        Self::with_path(Some(from.get("path", "/".to_owned())), from)
    }
}

impl Site {
    fn with_path(path: Option<String>, from: &mut Section<'_>) -> Self {
        Self {
            endpoint: from.get("endpoint", "localhost:13133".to_owned()),
            path,
            tls: from.node("tls").is_some_and(|tls| !tls.is_null()),
        }
    }
}

/// The `http` of `healthcheckv2`.
struct Http(Site);

impl Settings for Http {
    fn read(from: &mut Section<'_>) -> Self {
        let status = from.section::<Status>("status");
        Self(Site::with_path(status.0, from))
    }
}

/// Its `status`: the path.
struct Status(Option<String>);

impl Settings for Status {
    fn read(from: &mut Section<'_>) -> Self {
        let path = from.get("path", "/status".to_owned());
        Self(from.get("enabled", true).then_some(path))
    }
}

#[cfg(test)]
mod tests;
