//! Joins small requests to larger ones
