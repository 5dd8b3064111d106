//! The `env` provider: `${env:NAME}` in values, `--config env:NAME` for a whole configuration.
//!
//! ```yaml
//! exporters:
//!   otlp_grpc:
//!     endpoint: ${env:BACKEND:-localhost:4317}
//! ```
//!
//! What stands behind `:-` is for unset variables; one that is set but empty is empty. Both are told in the log.

use std::env;

use slimcol_config::{Note, Retrieved};
use slimcol_service::{BoxError, Factory, Info, Provider, Stability};

/// Makes this provider available to a collector.
pub static FACTORY: Factory = Factory::provider::<Env>();

/// Environment variables as configuration.
#[derive(Debug)]
pub struct Env;

impl Provider for Env {
    const INFO: Info = Info {
        stability: Stability::Stable,
        ..Info::new("env", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"))
    };

    async fn retrieve(location: &str) -> Result<Retrieved, BoxError> {
        let (name, default) = match location.split_once(":-") {
            Some((name, default)) => (name, Some(default)),
            None => (location, None),
        };
        if !is_name(name) {
            let pattern = "^[a-zA-Z_][a-zA-Z0-9_]*$";
            let message =
                format!("environment variable {name:?} has invalid name: must match regex {pattern}");
            return Err(message.into());
        }
        let note = |warning, message| Some(Note { warning, message, name: name.into() });
        let (text, warning) = match (env::var_os(name), default) {
            (Some(value), _) if value.is_empty() => {
                (String::new(), note(false, "Configuration references empty environment variable"))
            }
            // YAML is UTF-8; what isn't is replaced, for there is nothing better to do with it.
            (Some(value), _) => (value.to_string_lossy().into_owned(), None),
            (None, Some(default)) => (default.into(), None),
            (None, None) => {
                (String::new(), note(true, "Configuration references unset environment variable"))
            }
        };
        Ok(Retrieved { text, name: format!("env:{name}"), warning })
    }
}

fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn retrieve(location: &str) -> Result<(String, Option<Note>), String> {
        Env::retrieve(location).await.map(|r| (r.text, r.warning)).map_err(|e| e.to_string())
    }

    #[tokio::test(flavor = "current_thread")]
    async fn set_variables_win_over_defaults() {
        // Cargo sets this one for every test.
        let expected = Ok((env!("CARGO_PKG_NAME").to_owned(), None));
        assert_eq!(retrieve("CARGO_PKG_NAME").await, expected);
        assert_eq!(retrieve("CARGO_PKG_NAME:-other").await, expected);
    }

    #[tokio::test(flavor = "current_thread")]
    async fn set_but_empty_is_empty_and_told() {
        // Cargo sets this one to nothing, as the manifest names no homepage.
        let note = Note {
            warning: false,
            message: "Configuration references empty environment variable",
            name: "CARGO_PKG_HOMEPAGE".into(),
        };
        let expected = Ok((String::new(), Some(note)));
        assert_eq!(retrieve("CARGO_PKG_HOMEPAGE:-other").await, expected);
    }

    #[tokio::test(flavor = "current_thread")]
    async fn unset_is_the_default_or_empty_and_told() {
        let name = "SLIMCOL_TEST_NEVER_SET";
        let expected = Ok(("http://x:1".to_owned(), None));
        assert_eq!(retrieve(&format!("{name}:-http://x:1")).await, expected);
        assert_eq!(retrieve(&format!("{name}:-")).await, Ok((String::new(), None)));
        let message = "Configuration references unset environment variable";
        let note = Note { warning: true, message, name: name.into() };
        assert_eq!(retrieve(name).await, Ok((String::new(), Some(note))));
    }

    #[tokio::test(flavor = "current_thread")]
    async fn names_are_checked() {
        for name in ["A-B", "1BAD", "", "Ä", "A B"] {
            let expected = format!(
                "environment variable {name:?} has invalid name: must match regex ^[a-zA-Z_][a-zA-Z0-9_]*$"
            );
            assert_eq!(retrieve(name).await, Err(expected));
        }
    }
}
