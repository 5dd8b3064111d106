//! Sends nothing
