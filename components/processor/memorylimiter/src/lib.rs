//! Refuses data while memory is short
