//! Zipkin's spans as OTLP, and OTLP's spans as Zipkin's, by the rules of the Go collector's `pkg/translator/zipkin` with its
//! feature gates as they are by default.
//!
//! ```
//! let json = br#"[{"traceId":"000000000000002a","id":"000000000000002b","name":"get","kind":"CLIENT","timestamp":1000000}]"#;
//! let traces = slimcol_zipkin::v2::from_json(json, false).unwrap();
//! assert_eq!(traces.items(), 1);
//! let back = slimcol_zipkin::v2::to_json(&traces).unwrap();
//! assert!(back.starts_with(br#"[{"timestamp":1000000,"traceId":"000000000000002a","id":"000000000000002b""#));
//! ```
//!
//! Nothing is kept between the two forms: spans are read as references into what was sent, and written once.

mod error;
mod json;
mod names;
mod typed;
pub mod v1;
pub mod v2;

pub use self::error::Error;
