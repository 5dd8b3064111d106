//! Passes data from pipelines to pipelines
