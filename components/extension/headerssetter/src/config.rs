//! The extension's settings (Go's `extension/headerssetterextension`).

use slimcol_config::{Problems, Secret, Section, Settings, Shown};

/// The keys of `headers_setter`.
#[derive(Clone, Debug)]
pub(crate) struct Config {
    pub(crate) headers: Vec<Header>,
    /// The id of an authenticator whose headers are set too, last.
    pub(crate) additional_auth: Option<String>,
}

/// An entry of `headers`.
#[derive(Clone, Debug)]
pub(crate) struct Header {
    pub(crate) key: String,
    pub(crate) action: Action,
    pub(crate) value: Option<Secret>,
    pub(crate) value_file: Option<String>,
    pub(crate) from_context: Option<String>,
    pub(crate) from_attribute: Option<String>,
    pub(crate) default_value: Secret,
}

/// What is done to a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    /// Nothing is written, or nothing is what is written: as `Upsert`, with a warning.
    Unsaid,
    Insert,
    Update,
    Upsert,
    Delete,
}

impl Action {
    const WORDS: [(&str, Self); 5] = [
        ("insert", Self::Insert),
        ("update", Self::Update),
        ("upsert", Self::Upsert),
        ("delete", Self::Delete),
        ("", Self::Unsaid),
    ];

    fn read_from(from: &mut Section<'_>) -> Self {
        let action = from.choice("action", Self::Unsaid, &Self::WORDS);
        if action == Self::Unsaid {
            from.print_as("action", &|| Some(Shown::text("")));
        }
        action
    }
}

impl Settings for Config {
    fn read(from: &mut Section<'_>) -> Self {
        Self { headers: from.list("headers"), additional_auth: from.find("additional_auth") }
    }

    fn validate(&self, problems: &mut Problems<'_>) {
        if self.headers.is_empty() {
            problems.add("headers", "missing headers configuration");
        }
        for header in &self.headers {
            let sources = [
                header.value.is_some(),
                header.value_file.is_some(),
                header.from_context.is_some(),
                header.from_attribute.is_some(),
            ];
            let sources = sources.into_iter().filter(|written| *written).count();
            let delete = header.action == Action::Delete;
            if header.key.is_empty() {
                problems.add("headers", "missing header name");
            } else if !delete && sources == 0 {
                let text = "missing header source, must be 'from_context', 'from_attribute', 'value', or 'value_file'";
                problems.add("headers", text);
            } else if !delete && sources > 1 {
                let text = "invalid header source, must be only one of 'from_context', 'from_attribute', 'value', or \
                            'value_file'";
                problems.add("headers", text);
            }
        }
        // Two that name each other would never come to an end.
        let kind = self.additional_auth.as_deref().and_then(|id| id.split('/').next());
        if kind.is_some_and(|kind| kind.trim() == "headers_setter") {
            problems.add("additional_auth", "must not be another headers_setter");
        }
    }
}

impl Settings for Header {
    fn read(from: &mut Section<'_>) -> Self {
        Self {
            key: from.get("key", String::new()),
            action: Action::read_from(from),
            value: from.find("value"),
            value_file: from.find("value_file"),
            from_context: from.find("from_context"),
            from_attribute: from.find("from_attribute"),
            default_value: from.get("default_value", Secret::default()),
        }
    }
}
