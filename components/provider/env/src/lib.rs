//! Configuration from `env:` locations
