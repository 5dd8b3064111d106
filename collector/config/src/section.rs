//! Reading a mapping field by field.

use std::fmt;

use crate::{
    Entry, Field, Issue, Leaf, Node, Optional, Place, Problems, Shape, Shown, issue::did_you_mean,
    leaf::null, nearest, record::Mode,
};

/// A component's configuration, read field by field: every read takes the default along, errors pile up in the section
/// with their positions, and what was not asked for at the end is an unknown key.
pub trait Settings: Sized + Send + 'static {
    /// Reads the settings from their section.
    fn read(from: &mut Section<'_>) -> Self;

    /// Says what the values, each fine on its own, may not be together.
    fn validate(&self, _problems: &mut Problems<'_>) {}
}

/// For components without configuration.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NoSettings;

impl Settings for NoSettings {
    fn read(_: &mut Section<'_>) -> Self {
        Self
    }
}

/// A mapping of the configuration (or nothing, which reads as all defaults).
#[derive(Debug)]
pub struct Section<'a> {
    node: Option<&'a Node>,
    /// The dotted path that messages name, relative to what is read.
    path: String,
    /// What stands before every message (`'exporters' error reading configuration for "otlp": `).
    label: String,
    asked: Vec<&'static str>,
    /// Keys whose values may be secrets, so that their lines are not shown.
    secrets: Vec<&'static str>,
    unknown: Unknown,
    mode: Mode,
    /// What Go's `omitempty` leaves out is not recorded.
    terse: bool,
    /// It can be off.
    optional: bool,
    fields: Vec<Field>,
    issues: Vec<Issue>,
    warnings: Vec<Issue>,
    wanted: Vec<Wanted>,
}

/// What becomes of keys that nobody asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unknown {
    Refused,
    Warned,
    Taken,
}

/// What reading a section found.
#[derive(Debug, Default)]
pub struct Findings {
    /// Errors: the configuration cannot be used.
    pub issues: Vec<Issue>,
    /// Things to log at start.
    pub warnings: Vec<Issue>,
    /// Extensions that have to run.
    pub wanted: Vec<Wanted>,
}

/// An extension that a component needs, which can be missed only once all is read.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Its id, as written.
    pub(crate) extension: String,
    /// Where the component names it.
    pub(crate) path: String,
    pub(crate) place: Option<Place>,
    /// What is said if it is not there.
    pub(crate) message: String,
}

impl<'a> Section<'a> {
    /// The section of `node` (absent or null: all defaults). `label` stands before every message.
    pub fn new(node: Option<&'a Node>, label: impl Into<String>) -> Self {
        Self::at(node, String::new(), label.into())
    }

    pub(crate) fn at(node: Option<&'a Node>, path: String, label: String) -> Self {
        let mut section = Self {
            node: node.filter(|n| !n.is_null()),
            path,
            label,
            asked: Vec::new(),
            secrets: Vec::new(),
            unknown: Unknown::Refused,
            mode: Mode::Off,
            terse: false,
            optional: false,
            fields: Vec::new(),
            issues: Vec::new(),
            warnings: Vec::new(),
            wanted: Vec::new(),
        };
        if let Some(node) = section.node.filter(|n| !n.is_map()) {
            let message = format!("expected a map or struct, got {:?}", node.go_kind());
            section.report(Issue::new(section.named("", &message)).at(node.place().clone()));
            section.node = None;
        }
        section
    }

    /// Ends the reading: keys that were not asked for become errors.
    pub fn finish(mut self) -> Findings {
        self.refuse_unknown();
        for issue in &mut self.issues {
            issue.message.insert_str(0, &self.label);
        }
        Findings { issues: self.issues, warnings: self.warnings, wanted: self.wanted }
    }

    /// A leaf. Null or absent keeps the default.
    pub fn get<T: Leaf>(&mut self, key: &'static str, default: T) -> T {
        let value = self.leaf(key).unwrap_or(default);
        self.note_leaf(key, &value);
        value
    }

    /// A leaf that has no default.
    pub fn find<T: Leaf>(&mut self, key: &'static str) -> Option<T> {
        let value = self.leaf(key);
        self.note_leaf(key, &value);
        value
    }

    fn leaf<T: Leaf>(&mut self, key: &'static str) -> Option<T> {
        let entry = self.entry(key)?;
        if T::SECRET {
            self.secrets.push(key);
        }
        if entry.value.is_null() {
            // A written null is nothing; one that came through an expression is its text or the zero value.
            return entry.value.original.as_ref().and_then(|_| null(&entry.value));
        }
        let path = self.join(key);
        T::read(&entry.value, entry.value_place(), &path, &mut self.issues)
    }

    /// One of a few words. Unknown words are errors with the nearest valid one. `words` pairs the YAML word with the value;
    /// an empty one is valid, but not proposed.
    pub fn choice<T: Clone>(&mut self, key: &'static str, default: T, words: &[(&'static str, T)]) -> T {
        let word = self.find::<String>(key);
        if let Some(field) = self.fields.last_mut().filter(|f| f.key == key) {
            field.words = words.iter().map(|(w, _)| *w).collect();
        }
        let Some(word) = word else { return default };
        if let Some((_, value)) = words.iter().find(|(w, _)| *w == word) {
            return value.clone();
        }
        let valid = words.iter().map(|(w, _)| *w).filter(|w| !w.is_empty()).collect::<Vec<_>>();
        let message = format!("unknown value {word:?} (valid values: [{}])", valid.join(" "));
        let meant = nearest(&word, valid);
        self.fail(key, &message, meant);
        default
    }

    /// A sub-section that is always there (absent or null: all defaults).
    pub fn section<T: Settings>(&mut self, key: &'static str) -> T {
        self.section_with(key, T::read)
    }

    /// The same with a reader that is not `T::read` (other defaults).
    pub fn section_with<T: Settings>(
        &mut self,
        key: &'static str,
        read: impl FnOnce(&mut Section<'_>) -> T,
    ) -> T {
        let node = self.value(key);
        let mut inner = self.inner(node, self.join(key));
        let value = read(&mut inner);
        self.leave(key, inner, true);
        value
    }

    /// A section that is read if its key is there at all, if only with null (Go's pointers to structures).
    pub fn when_written<T: Settings>(&mut self, key: &'static str) -> Option<T> {
        if self.has(key) || self.mode == Mode::Shapes {
            Some(self.section(key))
        } else {
            self.note_null(key);
            None
        }
    }

    /// A section that can be off (Go's configoptional): absent = `on_by_default` ? defaults : off; null or {} = on with
    /// defaults; `enabled: false` inside = off (content decoded, not validated).
    pub fn optional<T: Settings>(&mut self, key: &'static str, on_by_default: bool) -> Optional<T> {
        self.optional_with(key, on_by_default, T::read)
    }

    /// The same with a reader that is not `T::read` (other defaults).
    pub fn optional_with<T: Settings>(
        &mut self,
        key: &'static str,
        on_by_default: bool,
        read: impl FnOnce(&mut Section<'_>) -> T,
    ) -> Optional<T> {
        let Some((mut inner, on)) = self.enter(key, on_by_default) else { return Optional::Off };
        let value = read(&mut inner);
        self.leave(key, inner, on);
        if on { Optional::On(value) } else { Optional::Off }
    }

    /// A section that can be off, and whether it is on, if it is to be read at all.
    fn enter(&mut self, key: &'static str, on_by_default: bool) -> Option<(Self, bool)> {
        let node = self.value(key);
        let on = node.is_some() || on_by_default;
        if !on && self.mode != Mode::Shapes {
            self.note_null(key);
            return None;
        }
        let mut inner = self.inner(node, self.join(key));
        let on = inner.enabled() && on;
        // In Go it is there, if only as an empty mapping.
        inner.optional = true;
        Some((inner, on))
    }

    /// A section that is off unless written (Go's `configoptional.None`): unlike [`Section::optional`], null is off too.
    pub fn nullable<T: Settings>(&mut self, key: &'static str) -> Optional<T> {
        match self.value(key) {
            Some(node) if node.is_null() && self.mode != Mode::Shapes => {
                self.note_null(key);
                Optional::Off
            }
            _ => self.optional(key, false),
        }
    }

    /// Keys of `T` stand in this very section (Go's squash).
    pub fn squash<T: Settings>(&mut self) -> T {
        T::read(self)
    }

    /// A list of sub-sections.
    pub fn list<T: Settings>(&mut self, key: &'static str) -> Vec<T> {
        let Some(node) = self.value(key).filter(|n| !n.is_null()) else {
            self.note_none(key, Shape::Sections, |inner| drop(T::read(inner)));
            return Vec::new();
        };
        let Some(items) = node.items() else {
            let message = format!("source data must be an array or slice, got {}", node.go_kind());
            self.error(key, message);
            return Vec::new();
        };
        let path = self.join(key);
        let mut shown = Vec::new();
        let mut read = |(i, item)| {
            let mut inner = self.inner(Some(item), format!("{path}[{i}]"));
            let value = T::read(&mut inner);
            shown.push(Shown::Map(inner.take_fields()));
            self.absorb(inner);
            value
        };
        let values = items.iter().enumerate().map(&mut read).collect();
        self.note(key, Shape::Sections, Shown::List(shown));
        values
    }

    /// A list of strings or of sub-sections, which are not mixed. `empty` is what is said of an item that is null.
    ///
    /// # Errors
    /// Sub-sections, or nothing.
    pub fn texts_or_list<T: Settings>(
        &mut self,
        key: &'static str,
        empty: &str,
    ) -> Result<Vec<String>, Vec<T>> {
        if self.mode == Mode::Shapes {
            self.node(key);
            return Err(Vec::new());
        }
        let Some(node) = self.node.and_then(|node| node.get(key)).filter(|node| !node.is_null()) else {
            return Err(self.list(key));
        };
        let items = node.items().unwrap_or_default();
        let texts = items.iter().filter(|item| item.as_str().is_some()).count();
        let wrong = if node.items().is_none() {
            format!("invalid {key} type, expected: array, got: {}", node.go_kind())
        } else if items.iter().any(Node::is_null) {
            empty.to_owned()
        } else if 0 < texts && texts < items.len() {
            "configuring multiple configuration styles is not supported, please use only Basic configuration or \
             only Advanced configuration"
                .to_owned()
        } else if texts == 0 {
            return Err(self.list(key));
        } else {
            return Ok(self.get(key, Vec::new()));
        };
        self.asked.push(key);
        let place = Some(node.place().clone());
        self.report(Issue::new(self.named("", &wrong)).at(place));
        Err(Vec::new())
    }

    /// A mapping of free keys to sub-sections, in the order written.
    pub fn map<T: Settings>(&mut self, key: &'static str) -> Vec<(String, T)> {
        let Some(node) = self.value(key).filter(|n| !n.is_null()) else {
            self.note_none(key, Shape::Named, |inner| drop(T::read(inner)));
            return Vec::new();
        };
        if !node.is_map() {
            let message = format!("expected a map or struct, got {:?}", node.go_kind());
            self.error(key, message);
            return Vec::new();
        }
        let path = self.join(key);
        let mut shown = Vec::new();
        let mut read = |e: &crate::Entry| {
            let mut inner = self.inner(Some(&e.value), format!("{path}[{}]", e.key));
            let value = T::read(&mut inner);
            shown.push(Field::new(&*e.key, Shape::Section, Shown::Map(inner.take_fields())));
            self.absorb(inner);
            (e.key.clone(), value)
        };
        let values = node.entries().iter().map(&mut read).collect();
        self.note(key, Shape::Named, Shown::Map(shown));
        values
    }

    /// The raw node, for components whose keys are free (takes the key as known).
    pub fn node(&mut self, key: &'static str) -> Option<&'a Node> {
        let node = self.value(key);
        if self.mode != Mode::Off {
            self.note(key, Shape::Any, node.map_or(Shown::Null, Shown::from));
        }
        node
    }

    /// Names and texts, as they are written; texts may be written as numbers and truth values.
    pub fn texts(&mut self, key: &'static str) -> Vec<(String, String)> {
        let Some(node) = self.node(key).filter(|node| !node.is_null()) else { return Vec::new() };
        if !node.is_map() {
            let kind = node.go_type();
            self.error(
                key,
                format_args!("expected type 'map[string]string', got unconvertible type '{kind}'"),
            );
        }
        let mut all = Vec::new();
        for Entry { key: name, value, .. } in node.entries() {
            let text = if value.is_null() { Some(String::new()) } else { value.scalar_text() };
            all.extend(text.map(|text| (name.clone(), text)));
            if value.is_map() || value.items().is_some() {
                let (path, kind) = (self.join(key), value.go_type());
                let message =
                    format!("'{path}[{name}]' expected type 'string', got unconvertible type '{kind}'");
                self.report(Issue::new(message).at(value.place().clone()));
            }
        }
        all
    }

    /// The section's own node.
    pub fn here(&self) -> Option<&'a Node> {
        self.node
    }

    /// Where it stands, as messages name it (`operators[0]`), relative to what is read.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Takes all keys as known, for sections whose keys are free ([`Section::here`] has them).
    pub fn allow_any_key(&mut self) {
        self.unknown = Unknown::Taken;
    }

    /// Warns of keys that were not asked for, where Go says nothing of them.
    pub fn warn_of_unknown_keys(&mut self) {
        self.unknown = Unknown::Warned;
    }

    /// Whether the key is written at all.
    pub fn has(&self, key: &str) -> bool {
        self.node.is_some_and(|n| n.entry(key).is_some())
    }

    /// An error at `key`.
    pub fn error(&mut self, key: &str, message: impl fmt::Display) {
        self.fail(key, &message.to_string(), None);
    }

    /// Whether nothing is known to be wrong with it yet.
    pub fn is_sound(&self) -> bool {
        self.issues.is_empty()
    }

    /// An error at `key`, whose value `word` is none of the `valid` ones; the nearest of them is proposed.
    pub fn unknown<'v>(
        &mut self,
        key: &str,
        word: &str,
        valid: impl IntoIterator<Item = &'v str>,
        message: impl fmt::Display,
    ) {
        self.fail(key, &message.to_string(), nearest(word, valid));
    }

    /// An issue that knows its message and place already.
    pub(crate) fn report(&mut self, issue: Issue) {
        self.issues.push(issue);
    }

    /// A warning that is logged at start (deprecated keys).
    pub fn warn(&mut self, key: &str, message: impl fmt::Display) {
        let place = self.node.and_then(|n| n.entry(key)).map(|e| e.place.clone());
        self.warnings.push(Issue::new(message.to_string()).at(place));
    }

    /// The extension whose id is the value of `key` has to run if the component does; `message` is what starting without it
    /// fails with.
    pub fn wants_extension(&mut self, key: &str, extension: impl fmt::Display, message: impl fmt::Display) {
        let place = self.node.and_then(|node| node.entry(key)).map(|entry| entry.value_place().clone());
        let (extension, message) = (extension.to_string(), message.to_string());
        self.wanted.push(Wanted { extension, path: self.join(key), place, message });
    }

    /// The raw node, to be noted by who asks.
    fn value(&mut self, key: &'static str) -> Option<&'a Node> {
        self.entry(key).map(|e| &e.value)
    }

    /// A section of `node` below this one.
    fn inner<'n>(&self, node: Option<&'n Node>, path: String) -> Section<'n> {
        Section { mode: self.mode, terse: self.terse, ..Section::at(node, path, String::new()) }
    }

    fn entry(&mut self, key: &'static str) -> Option<&'a crate::Entry> {
        self.asked.push(key);
        self.node?.entry(key)
    }

    fn fail(&mut self, key: &str, message: &str, meant: Option<&str>) {
        let place = self.node.map(|node| {
            let place = node.entry(key).map_or_else(|| node.place(), |e| e.value_place());
            if self.secrets.contains(&key) { place.hidden() } else { place.clone() }
        });
        self.report(Issue::new(self.named(key, message)).at(place).meant(meant));
    }

    fn enabled(&mut self) -> bool {
        let node = self.value("enabled");
        if self.mode == Mode::Shapes {
            self.note("enabled", Shape::Bool, Shown::Bool(true));
        }
        let Some(node) = node else { return true };
        node.as_bool().unwrap_or_else(|| {
            self.error("", format!("unexpected type {} for 'enabled'", node.go_type()));
            true
        })
    }

    fn absorb(&mut self, inner: Section<'_>) {
        let findings = inner.finish();
        self.issues.extend(findings.issues);
        self.warnings.extend(findings.warnings);
        self.wanted.extend(findings.wanted);
    }

    fn join(&self, key: &str) -> String {
        match (self.path.as_str(), key) {
            ("", key) => key.into(),
            (path, "") => path.into(),
            (path, key) => format!("{path}.{key}"),
        }
    }

    /// The message with the name of the field before it.
    fn named(&self, key: &str, message: &str) -> String {
        match self.join(key).as_str() {
            "" => message.into(),
            path => format!("'{path}' {message}"),
        }
    }

    fn refuse_unknown(&mut self) {
        let Some(node) = self.node.filter(|_| self.unknown != Unknown::Taken) else { return };
        let mut unknown: Vec<_> =
            node.entries().iter().filter(|e| !self.asked.contains(&e.key.as_str())).collect();
        slimcol_order::sort_by(&mut unknown, |a, b| a.key.cmp(&b.key));
        let keys = unknown.iter().map(|e| e.key.as_str()).collect::<Vec<_>>().join(", ");
        let meant = |e: &crate::Entry| {
            // A key that is not written yet is the likelier one.
            let free = self.asked.iter().copied().filter(|key| node.entry(key).is_none());
            let name = nearest(&e.key, free).or_else(|| nearest(&e.key, self.asked.iter().copied()));
            (e.place.clone(), name.map(did_you_mean))
        };
        if self.unknown == Unknown::Warned {
            for entry in unknown {
                let (place, help) = meant(entry);
                let help = help.map_or(String::new(), |help| format!(", {help}"));
                let message = self.named("", &format!("has no key {:?}: it has no effect{help}", entry.key));
                self.warnings.push(Issue::new(message).at(place));
            }
            return;
        }
        let mut places = unknown.iter().map(|e| meant(e));
        let Some((place, help)) = places.next() else { return };
        let mut issue = Issue::new(self.named("", &format!("has invalid keys: {keys}"))).at(place);
        issue.help = help;
        issue.also = places.collect();
        self.report(issue);
    }
}

mod noting;
#[cfg(test)]
mod tests;
