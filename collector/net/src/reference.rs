//! References from a client's settings to extensions: authenticators and middlewares.

use slimcol_config::{Section, Settings};
use slimcol_service::BoxError;

/// The `auth` section: which extension authenticates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Auth {
    authenticator: String,
}

impl Auth {
    /// Reads the section under its usual key; `None` if it is not there or switched off.
    pub(crate) fn read_from(from: &mut Section<'_>) -> Option<Self> {
        from.nullable("auth").into_option()
    }
}

impl Settings for Auth {
    fn read(from: &mut Section<'_>) -> Self {
        Self { authenticator: from.get("authenticator", String::new()) }
    }
}

/// An entry of `middlewares`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Middleware {
    id: String,
}

impl Settings for Middleware {
    fn read(from: &mut Section<'_>) -> Self {
        Self { id: from.get("id", String::new()) }
    }
}

/// Resolves the references at start. No extension of this framework authenticates or sits in between yet, so each of
/// them is one to an extension that does not exist, and sending without it would be wrong.
///
/// # Errors
/// Go's text, which names the first reference.
pub(crate) fn resolve(auth: Option<&Auth>, middlewares: &[Middleware]) -> Result<(), BoxError> {
    if let Some(auth) = auth {
        return Err(format!(
            "failed to resolve authenticator {:?}: authenticator not found",
            auth.authenticator
        )
        .into());
    }
    if let Some(middleware) = middlewares.first() {
        return Err(format!("failed to resolve middleware {:?}: middleware not found", middleware.id).into());
    }
    Ok(())
}
