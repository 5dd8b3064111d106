//! HTTP and gRPC servers and clients, TLS and compression settings
