//! Writes what passes to the log
