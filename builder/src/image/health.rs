//! How an engine finds out whether a container is well: by running the collector's own `healthcheck`, since an image made from
//! nothing has no other program.

use slimcol_config::Node;

use super::{
    document::Healthcheck,
    shipped::{Shipped, Used},
};

/// What a configuration says of its health.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Health {
    /// Nothing.
    Untold,
    /// It is told over plain HTTP.
    Plain,
    /// It is told over TLS, which `healthcheck` does not speak.
    Tls,
}

const SECOND: u64 = 1_000_000_000;

/// Whether a collector that runs with `config` can be asked for its health.
pub(super) fn told(config: &Shipped) -> Health {
    let used = config.used();
    let mut sites = used.iter().filter(|used| used.section == "extensions").filter_map(site);
    sites.next().unwrap_or(Health::Untold)
}

/// How an extension tells, if it does over HTTP.
fn site(used: &Used<'_>) -> Option<Health> {
    let is_on = |value: Option<&Node>| value.and_then(Node::as_bool);
    let settings = match used.kind {
        "healthcheckv2" if is_on(used.settings.get("use_v2")) == Some(true) => {
            let http = used.settings.get("http")?;
            let status = http.get("status").and_then(|status| status.get("enabled"));
            if is_on(status) == Some(false) {
                return None;
            }
            http
        }
        "health_check" | "healthcheckv2" => used.settings,
        _ => return None,
    };
    match settings.get("tls") {
        Some(tls) if !tls.is_null() => Some(Health::Tls),
        _ => Some(Health::Plain),
    }
}

/// The check for a collector called `name`. A collector is up in milliseconds and answers in less.
pub(super) fn check(name: &str) -> Healthcheck {
    Healthcheck {
        test: vec!["CMD".to_owned(), format!("/{name}"), "healthcheck".to_owned()],
        interval: 30 * SECOND,
        timeout: 5 * SECOND,
        start_period: 5 * SECOND,
        retries: 3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn health_is_told_by_an_extension_that_runs() {
        for (config, health) in [
            ("extensions: {health_check: }\nservice: {extensions: [health_check]}", Health::Plain),
            (
                "extensions: {health_check/a: {endpoint: 'x:1'}}\nservice: {extensions: [health_check/a]}",
                Health::Plain,
            ),
            (
                "extensions: {health_check: {tls: {cert_file: a}}}\nservice: {extensions: [health_check]}",
                Health::Tls,
            ),
            ("extensions: {health_check: {tls: }}\nservice: {extensions: [health_check]}", Health::Plain),
            ("extensions: {healthcheckv2: }\nservice: {extensions: [healthcheckv2]}", Health::Plain),
            (
                "extensions: {healthcheckv2: {use_v2: true, http: {tls: {cert_file: a}}}}\nservice: {extensions: [healthcheckv2]}",
                Health::Tls,
            ),
            (
                "extensions: {healthcheckv2: {use_v2: true, http: {endpoint: 'x:1'}}}\nservice: {extensions: [healthcheckv2]}",
                Health::Plain,
            ),
            (
                "extensions: {healthcheckv2: {use_v2: true, http: {status: {enabled: false}}}}\nservice: {extensions: [healthcheckv2]}",
                Health::Untold,
            ),
            (
                "extensions: {healthcheckv2: {use_v2: true, grpc: }}\nservice: {extensions: [healthcheckv2]}",
                Health::Untold,
            ),
            ("extensions: {health_check: }\nservice: {extensions: [pprof]}", Health::Untold),
            ("extensions: {pprof: }", Health::Untold),
            ("", Health::Untold),
        ] {
            assert_eq!(told(&Shipped::read(Some(config))), health, "{config}");
        }
        assert_eq!(told(&Shipped::read(None)), Health::Untold);
    }
}
