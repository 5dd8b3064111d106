//! Configuration from `file:` locations
