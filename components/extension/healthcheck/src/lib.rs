//! Answers over HTTP whether the collector is ready
