//! Receives nothing
