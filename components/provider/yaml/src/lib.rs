//! Configuration from `yaml:` locations
