//! CONTRACT STUB: the owner replaces the bodies (Go's console and JSON formats, levels, sampling) and keeps the signatures.
#![allow(missing_docs, clippy::all, clippy::pedantic, unused)]
use std::{borrow::Cow, fmt};
/// The collector's log. Cloning is cheap; a clone `with` fields adds them to each of its lines.
#[derive(Clone, Debug)] pub struct Log(());
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)] pub enum Level { Debug, Info, Warn, Error }
/// A value of a log line.
#[derive(Clone, Debug, PartialEq)] pub enum Field<'a> { Str(Cow<'a, str>), Int(i64), Float(f64), Bool(bool), List(Vec<String>) }
impl<'a> From<&'a str> for Field<'a> { fn from(s: &'a str) -> Self { Self::Str(s.into()) } }
impl<'a> From<&'a String> for Field<'a> { fn from(s: &'a String) -> Self { Self::Str(s.as_str().into()) } }
impl From<String> for Field<'_> { fn from(s: String) -> Self { Self::Str(s.into()) } }
impl From<i64> for Field<'_> { fn from(n: i64) -> Self { Self::Int(n) } }
impl From<usize> for Field<'_> { fn from(n: usize) -> Self { Self::Int(n as i64) } }
impl From<f64> for Field<'_> { fn from(n: f64) -> Self { Self::Float(n) } }
impl From<bool> for Field<'_> { fn from(b: bool) -> Self { Self::Bool(b) } }
impl Log {
    /// A log that goes nowhere.
    pub fn none() -> Self { todo!() }
    /// A log that keeps its lines (as `level\tmessage\t{fields}`) for a test to read.
    pub fn capture() -> (Self, std::sync::Arc<std::sync::Mutex<Vec<String>>>) { todo!() }
    pub fn debug(&self, message: &str, fields: &[(&str, Field<'_>)]) { todo!() }
    pub fn info(&self, message: &str, fields: &[(&str, Field<'_>)]) { todo!() }
    pub fn warn(&self, message: &str, fields: &[(&str, Field<'_>)]) { todo!() }
    pub fn error(&self, message: &str, fields: &[(&str, Field<'_>)]) { todo!() }
    pub fn enabled(&self, level: Level) -> bool { todo!() }
    #[must_use] pub fn with(&self, fields: &[(&str, Field<'_>)]) -> Self { todo!() }
}
