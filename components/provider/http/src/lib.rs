//! Configuration from `http:` locations
