//! A report of where a binary's bytes come from, as data: what tables, pages and comparisons are made of, and its JSON.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::stretch::Part;

/// The version of the JSON's form.
pub(crate) const FORMAT: u32 = 1;

/// Where the bytes of a binary come from. What the crates have and the rest are the whole file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Report {
    /// The version of this form.
    pub(super) format: u32,
    /// The distribution's name.
    pub(crate) name: String,
    /// The distribution's version.
    pub(crate) version: String,
    /// What the binary runs on.
    pub(crate) target: String,
    /// The size of the file.
    pub(crate) bytes: u64,
    /// The size of its instructions.
    pub(crate) code: u64,
    /// The components, the one with the most of its own first.
    pub(crate) components: Vec<Component>,
    /// The crates with bytes in the file, the largest first.
    pub(crate) crates: Vec<Share>,
    /// What no symbol names.
    pub(crate) rest: Vec<Rest>,
}

/// What would go with a component.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Component {
    /// The component (`receiver/otlp`).
    pub(crate) id: String,
    /// The instructions of its own crates.
    pub(crate) code: u64,
    /// The constants of its own crates.
    pub(crate) constants: u64,
    /// Its own crates, those without bytes among them.
    pub(crate) packages: Vec<String>,
}

/// What one crate has in the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Share {
    /// The crate's name.
    pub(crate) name: String,
    /// Its version; what is no package has none.
    pub(crate) version: Option<String>,
    /// Whose it is.
    pub(crate) holder: Holder,
    /// Its instructions.
    pub(crate) code: u64,
    /// Its constants that have a name.
    pub(crate) constants: u64,
    /// How many symbols those are.
    pub(crate) symbols: u64,
    /// The largest of them.
    pub(crate) largest: Vec<Item>,
}

/// A function or constant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Item {
    /// Its name.
    pub(crate) name: String,
    /// Its size.
    pub(crate) bytes: u64,
}

/// Bytes that no symbol names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Rest {
    /// What they are.
    pub(crate) what: String,
    /// How many.
    pub(crate) bytes: u64,
}

/// Whose a crate is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Holder {
    /// It is there for this component alone.
    Component(String),
    /// Several components need it, or the framework does.
    Shared,
    /// Rust's standard library.
    Standard,
    /// The C library and what the C compiler adds.
    System,
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Component(id) => id,
            Self::Shared => "shared",
            Self::Standard => "Rust's standard library",
            Self::System => "C library",
        })
    }
}

impl Share {
    /// All that it has.
    pub(crate) const fn bytes(&self) -> u64 {
        self.code + self.constants
    }

    /// Its name and version.
    pub(crate) fn label(&self) -> String {
        match &self.version {
            Some(version) => format!("{} {version}", self.name),
            None => self.name.clone(),
        }
    }
}

impl Component {
    /// All that it has.
    pub(crate) const fn bytes(&self) -> u64 {
        self.code + self.constants
    }
}

impl Report {
    /// Refuses a report that doesn't add up to a file of `bytes` with `code` bytes of instructions in it.
    pub(super) fn check(&self, bytes: u64, code: u64) -> Result<(), String> {
        let crates: u64 = self.crates.iter().map(Share::bytes).sum();
        let stubs = self.rest.iter().filter(|rest| rest.what == Part::Code.label()).map(|rest| rest.bytes);
        let instructions = self.crates.iter().map(|share| share.code).chain(stubs).sum::<u64>();
        let rest: u64 = self.rest.iter().map(|rest| rest.bytes).sum();
        let components: u64 = self.components.iter().map(Component::bytes).sum();
        let held = self.crates.iter().filter(|share| matches!(share.holder, Holder::Component(_)));
        let held: u64 = held.map(Share::bytes).sum();
        for (what, sum, whole) in [
            ("crates and the rest", crates + rest, bytes),
            ("instructions", instructions, code),
            ("components", components, held),
        ] {
            if sum != whole {
                return Err(format!("the sum of the {what} is {sum} bytes and should be {whole}"));
            }
        }
        Ok(())
    }

    /// The report as JSON.
    pub(crate) fn to_json(&self) -> String {
        let json = serde_json::to_string_pretty(self).expect("texts and numbers are always JSON");
        json + "\n"
    }

    /// Reads what [`Report::to_json`] writes.
    pub(crate) fn from_json(text: &str) -> Result<Self, String> {
        #[derive(Deserialize)]
        struct Form {
            format: Option<u32>,
        }
        let form: Form = serde_json::from_str(text).map_err(|e| format!("it is not JSON: {e}"))?;
        match form.format {
            Some(FORMAT) => {
                serde_json::from_str(text).map_err(|e| format!("it is not a report of sizes: {e}"))
            }
            Some(other) => Err(format!("it is of form {other}, and this slimcol reads form {FORMAT}")),
            None => Err("it is not a report of sizes; `slimcol size --json` writes one".to_owned()),
        }
    }
}
