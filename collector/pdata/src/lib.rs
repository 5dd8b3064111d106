//! OpenTelemetry's data: traces, metrics and logs as they pass through a collector.
//!
//! Telemetry is kept as the bytes of the request that brought it ([`Otlp`], or [`Data`] for any signal). They are checked
//! once, at the door, by a pass that also counts; behind it everybody may rely on them. So a relay never decodes: batching
//! lays requests one behind the other, splitting cuts them, exporters send them.
//!
//! Who wants to know what is in them looks into the bytes through the views of [`view`]:
//!
//! ```
//! use slimcol_pdata::{Traces, view::ValueRef};
//!
//! let json = br#"{"resourceSpans":[{"scopeSpans":[{"spans":[{"name":"GET /","attributes":[
//!     {"key":"http.route","value":{"stringValue":"/"}}]}]}]}]}"#;
//! let traces = Traces::from_json(json).unwrap();
//! for resource in traces.resource_spans() {
//!     assert_eq!(resource.resource().attributes().len(), 0);
//!     for scope in resource.scope_spans() {
//!         assert_eq!(scope.scope().name(), "");
//!         for span in scope.spans() {
//!             assert_eq!(span.name(), "GET /");
//!             assert!(matches!(span.attributes().get("http.route"), Some(ValueRef::Str("/"))));
//!             assert!(span.attributes().iter().all(|(key, value)| key.len() > value.to_text().len()));
//!         }
//!     }
//! }
//! ```
//!
//! and who wants to change it opens it with [`edit`], as far as the change goes:
//!
//! ```
//! # let json = br#"{"resourceSpans":[{"scopeSpans":[{"spans":[{"name":"GET /"}]}]}]}"#;
//! let mut traces = slimcol_pdata::Traces::from_json(json).unwrap();
//! traces.edit(|tree| {
//!     for mut entry in tree.entries_mut() {
//!         entry.resource_mut().attributes_mut().insert("service.name", "shop");
//!         for mut scope in entry.scopes_mut() {
//!             scope.retain_spans(|span| {
//!                 span.attributes_mut().remove("password");
//!                 !span.view().name().starts_with("GET /health")
//!             });
//!         }
//!     }
//! });
//! assert_eq!(traces.items(), 1);
//! ```

#[cfg(test)]
mod arbitrary;
mod check;
mod data;
pub mod edit;
mod fields;
pub mod get;
mod invalid;
pub mod json;
mod level;
mod merge;
mod otlp;
pub mod put;
mod resources;
mod rope;
mod schema;
mod signal;
mod split;
mod traces;
pub mod view;
pub mod wire;

pub use self::{
    data::Data,
    invalid::Invalid,
    otlp::{Logs, LogsKind, Metrics, MetricsKind, Of, Otlp, Traces, TracesKind},
    schema::{enums, numbers},
    signal::Signal,
};
