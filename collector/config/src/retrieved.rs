//! What a provider gives.

/// What a provider returns: text to be parsed as YAML, or (env) text that stays a plain string if it isn't YAML.
#[derive(Clone)]
pub struct Retrieved {
    /// The text.
    pub text: String,
    /// Shown in errors: a file path, a URL, `env:NAME`.
    pub name: String,
    /// Something to log once there is a log.
    pub warning: Option<Note>,
}

/// Without the text, which may be a secret.
impl std::fmt::Debug for Retrieved {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Retrieved({})", self.name)
    }
}

/// A line for the log, from before there is one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Note {
    /// Whether it is a warning; else it is information.
    pub warning: bool,
    /// The message.
    pub message: &'static str,
    /// The field `name`: the variable that the message is about.
    pub name: String,
}
