//! Configuration from `https:` locations
