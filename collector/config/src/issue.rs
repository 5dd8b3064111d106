//! What is wrong with a configuration, and how it is shown.

use std::fmt;

use crate::{Place, render::render};

/// One thing that is wrong: the Go collector's message, the place, and what was likely meant.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Issue {
    /// What is wrong, in the Go collector's words where it has them.
    pub message: String,
    /// Where.
    pub place: Option<Place>,
    /// The way out (``did you mean `queue_size`?``).
    pub help: Option<String>,
    /// Further places that the message is about, each with its own way out.
    pub also: Vec<(Place, Option<String>)>,
}

impl Issue {
    /// An issue without a place.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), place: None, help: None, also: Vec::new() }
    }

    /// The issue at a place.
    #[must_use]
    pub fn at(mut self, place: impl Into<Option<Place>>) -> Self {
        self.place = place.into();
        self
    }

    /// The issue with a way out.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The issue with ``did you mean `…`?`` if there is a `name` to propose.
    #[must_use]
    pub fn meant(mut self, name: Option<&str>) -> Self {
        self.help = name.map(did_you_mean).or(self.help);
        self
    }
}

pub(crate) fn did_you_mean(name: &str) -> String {
    format!("did you mean `{name}`?")
}

/// Why a configuration cannot be used: what was being done, and all that is wrong.
#[derive(Clone, Debug)]
pub struct Error {
    heading: String,
    issues: Vec<Issue>,
}

impl Error {
    /// One issue. `doing` stands before its message (`cannot retrieve the configuration: `).
    pub fn one(doing: &str, mut issue: Issue) -> Self {
        issue.message.insert_str(0, doing);
        Self { heading: String::new(), issues: vec![issue] }
    }

    /// What decoding found: Go's `decoding failed due to the following error(s):`, then each issue.
    pub fn decoding(issues: Vec<Issue>) -> Self {
        let heading = "failed to get config: cannot unmarshal the configuration: decoding failed due to the following error(s):";
        Self { heading: heading.into(), issues }
    }

    /// What validation found, each issue on its own.
    pub fn invalid(issues: Vec<Issue>) -> Self {
        Self { heading: String::new(), issues }
    }

    /// The error with `prefix` before all else (`invalid configuration: `).
    #[must_use]
    pub fn context(mut self, prefix: &str) -> Self {
        match (self.heading.is_empty(), self.issues.first_mut()) {
            (true, Some(first)) => first.message.insert_str(0, prefix),
            _ => self.heading.insert_str(0, prefix),
        }
        self
    }

    /// All that is wrong.
    pub fn issues(&self) -> &[Issue] {
        &self.issues
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.heading)?;
        for (i, issue) in self.issues.iter().enumerate() {
            if i > 0 || !self.heading.is_empty() {
                f.write_str("\n\n")?;
            }
            f.write_str(&render(issue))?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}
