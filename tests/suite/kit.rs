//! What the tests share: one file for each thing from the outside world they use.

pub(crate) mod chromium;
pub(crate) mod clean;
pub(crate) mod collector;
pub(crate) mod command;
pub(crate) mod distros;
pub(crate) mod frames;
pub(crate) mod gopher;
pub(crate) mod grpc;
pub(crate) mod heavy;
pub(crate) mod http;
pub(crate) mod issuer;
pub(crate) mod log;
pub(crate) mod machine;
pub(crate) mod maven;
pub(crate) mod minisign;
pub(crate) mod numbers;
pub(crate) mod packages;
pub(crate) mod podman;
pub(crate) mod programs;
pub(crate) mod python;
pub(crate) mod records;
pub(crate) mod registry;
pub(crate) mod served;
pub(crate) mod tokens;
pub(crate) mod tour;
pub(crate) mod zipkin;
