//! CONTRACT STUB: signatures only; the owner of this crate replaces the bodies, splits files, and keeps the signatures.
#![allow(missing_docs, clippy::todo, clippy::all, clippy::pedantic, unused)]
use std::{collections::BTreeMap, fmt};

/// What a provider returns: text to be parsed as YAML, or (env) text that stays a plain string if it isn't YAML.
#[derive(Clone, Debug)]
pub struct Retrieved { pub text: String, /// shown in errors: a file path, an URL, `env:NAME`
    pub name: String, pub warning: Option<String> }

/// A component's configuration, read field by field: every read takes the default along, errors pile up in the section
/// with their positions, and what was not asked for at the end is an unknown key.
pub trait Settings: Sized + Send + 'static {
    fn read(from: &mut Section<'_>) -> Self;
    fn validate(&self, _problems: &mut Problems<'_>) {}
}
/// For components without configuration.
#[derive(Clone, Copy, Debug, Default)] pub struct NoSettings;
impl Settings for NoSettings { fn read(_: &mut Section<'_>) -> Self { Self } }

/// A mapping of the configuration (or nothing, which reads as all defaults).
#[derive(Debug)] pub struct Section<'a>(std::marker::PhantomData<&'a mut ()>);
impl<'a> Section<'a> {
    /// A leaf. Null or absent keeps the default.
    pub fn get<T: Leaf>(&mut self, key: &'static str, default: T) -> T { todo!() }
    /// A leaf that has no default.
    pub fn find<T: Leaf>(&mut self, key: &'static str) -> Option<T> { todo!() }
    /// One of a few words. Unknown words are errors with the nearest valid one. `words` pairs the YAML word with the value.
    pub fn choice<T: Clone>(&mut self, key: &'static str, default: T, words: &[(&'static str, T)]) -> T { todo!() }
    /// A sub-section that is always there (absent or null: all defaults).
    pub fn section<T: Settings>(&mut self, key: &'static str) -> T { todo!() }
    /// The same with a reader that is not `T::read` (other defaults).
    pub fn section_with<T: Settings>(&mut self, key: &'static str, read: impl FnOnce(&mut Section<'_>) -> T) -> T { todo!() }
    /// A section that can be off (Go's configoptional): absent = `on_by_default` ? defaults : off; null or {} = on with
    /// defaults; `enabled: false` inside = off (content decoded, not validated).
    pub fn optional<T: Settings>(&mut self, key: &'static str, on_by_default: bool) -> Optional<T> { todo!() }
    pub fn optional_with<T: Settings>(&mut self, key: &'static str, on_by_default: bool, read: impl FnOnce(&mut Section<'_>) -> T) -> Optional<T> { todo!() }
    /// Keys of `T` stand in this very section (Go's squash).
    pub fn squash<T: Settings>(&mut self) -> T { T::read(self) }
    /// A list of sub-sections.
    pub fn list<T: Settings>(&mut self, key: &'static str) -> Vec<T> { todo!() }
    /// A mapping of free keys to sub-sections, in the order written.
    pub fn map<T: Settings>(&mut self, key: &'static str) -> Vec<(String, T)> { todo!() }
    /// The raw node, for components whose keys are free (takes the key as known).
    pub fn node(&mut self, key: &'static str) -> Option<&'a Node> { todo!() }
    /// The section's own node.
    pub fn here(&self) -> Option<&'a Node> { todo!() }
    /// Whether the key is written at all.
    pub fn has(&self, key: &str) -> bool { todo!() }
    /// An error at `key`.
    pub fn error(&mut self, key: &str, message: impl fmt::Display) { todo!() }
    /// A warning that is logged at start (deprecated keys).
    pub fn warn(&mut self, key: &str, message: impl fmt::Display) { todo!() }
}
/// A leaf value: bool, integers, f64, String, Duration, Secret, Headers, Vec<T: Leaf>, BTreeMap<String, T: Leaf>, Option<T>.
pub trait Leaf: Sized { fn leaf(node: &Node) -> Result<Self, String>; }
macro_rules! leaves { ($($t:ty)*) => { $( impl Leaf for $t { fn leaf(_: &Node) -> Result<Self, String> { todo!() } } )* } }
leaves! { bool u8 u16 u32 u64 usize i32 i64 f64 String Duration Secret Headers }
impl<T: Leaf> Leaf for Vec<T> { fn leaf(_: &Node) -> Result<Self, String> { todo!() } }
impl<T: Leaf> Leaf for Option<T> { fn leaf(_: &Node) -> Result<Self, String> { todo!() } }
impl<T: Leaf> Leaf for BTreeMap<String, T> { fn leaf(_: &Node) -> Result<Self, String> { todo!() } }

/// Problems of one component's validation; paths are relative to the component (`sending_queue.queue_size`).
#[derive(Debug)] pub struct Problems<'a>(std::marker::PhantomData<&'a mut ()>);
impl Problems<'_> {
    /// `message` is Go's text without the `exporters::otlp: ` prefix. `path` locates the line; `` for the component itself.
    pub fn add(&mut self, path: &str, message: impl fmt::Display) { todo!() }
    /// Validates a part whose messages Go prefixes (`clientconfig` gives `exporters::otlp_grpc::clientconfig: …`).
    pub fn within(&mut self, prefix: &str, part: &impl Settings) { todo!() }
}

/// A value of the resolved configuration with the place it was written at.
#[derive(Clone, Debug)] pub struct Node(());

/// Go's configoptional after reading.
#[derive(Clone, Debug, PartialEq)] pub enum Optional<T> { Off, On(T) }
impl<T> Optional<T> { pub fn as_ref(&self) -> Option<&T> { match self { Self::On(t) => Some(t), Self::Off => None } } pub fn into_option(self) -> Option<T> { match self { Self::On(t) => Some(t), Self::Off => None } } pub fn is_on(&self) -> bool { matches!(self, Self::On(_)) } }

/// Go's time.Duration in YAML: `1h2m3.5s`, `200ms`, or a bare number of nanoseconds. May be negative (validated by who reads).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)] pub struct Duration(pub i64);
impl Duration {
    pub const fn nanos(n: i64) -> Self { Self(n) } pub const fn millis(n: i64) -> Self { Self(n * 1_000_000) } pub const fn secs(n: i64) -> Self { Self(n * 1_000_000_000) }
    pub fn is_negative(self) -> bool { self.0 < 0 } pub fn is_zero(self) -> bool { self.0 == 0 }
    /// Negative is zero.
    pub fn std(self) -> std::time::Duration { std::time::Duration::from_nanos(self.0.max(0) as u64) }
}
/// Prints as Go does (`1m30s`).
impl fmt::Display for Duration { fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result { todo!() } }

/// A string that never shows: Debug and Display print `[REDACTED]`.
#[derive(Clone, Default, PartialEq, Eq)] pub struct Secret(String);
impl Secret { pub fn new(s: impl Into<String>) -> Self { Self(s.into()) } pub fn reveal(&self) -> &str { &self.0 } }
impl fmt::Debug for Secret { fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str("[REDACTED]") } }
impl fmt::Display for Secret { fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str("[REDACTED]") } }

/// Request headers: a map or a list of `{name, value}`, order kept, values secret.
#[derive(Clone, Debug, Default, PartialEq)] pub struct Headers(pub Vec<(String, Secret)>);

/// For tests: reads `T` from YAML text; the error is every message, joined by newlines.
pub fn from_yaml<T: Settings>(text: &str) -> Result<T, String> { todo!() }
