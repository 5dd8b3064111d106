//! How an engine finds out whether a container is well: by running the collector's own `healthcheck`, since an image made from
//! nothing has no other program.

use super::{document::Healthcheck, shipped::Shipped};

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
    let Some(check) = used.iter().find(|used| used.section == "extensions" && used.kind == "health_check")
    else {
        return Health::Untold;
    };
    match check.settings.get("tls") {
        Some(tls) if !tls.is_null() => Health::Tls,
        _ => Health::Plain,
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
            ("extensions: {health_check: }\nservice: {extensions: [pprof]}", Health::Untold),
            ("extensions: {pprof: }", Health::Untold),
            ("", Health::Untold),
        ] {
            assert_eq!(told(&Shipped::read(Some(config))), health, "{config}");
        }
        assert_eq!(told(&Shipped::read(None)), Health::Untold);
    }
}
