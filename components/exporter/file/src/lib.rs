//! Writes OTLP JSON lines or protobuf to files
