//! Sends OTLP over HTTP
