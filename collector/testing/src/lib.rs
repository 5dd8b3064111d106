//! What component tests share: generators, sinks, a collector in a test
