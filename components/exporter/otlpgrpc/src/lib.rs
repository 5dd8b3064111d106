//! Sends OTLP over gRPC
