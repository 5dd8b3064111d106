//! The collector's configuration: from YAML text to typed settings, with the place of everything.
//!
//! [`parse`] gives a [`Node`] tree; [`load`] gives the merged and expanded tree of several locations; [`Config`] is its
//! structure; a component's [`Settings`] read their [`Section`] field by field. What is wrong is an [`Issue`] that shows
//! the line.

mod config;
mod duration;
mod expand;
mod headers;
mod id;
mod issue;
mod leaf;
mod load;
mod location;
mod merge;
mod nearest;
mod node;
mod optional;
mod place;
mod problems;
mod read;
mod references;
mod render;
mod retrieved;
mod scalar;
mod secret;
mod section;
mod service;
mod telemetry;
mod yaml;

pub use self::{
    config::{Config, Configured},
    duration::Duration,
    headers::Headers,
    id::{ComponentId, PipelineId, PipelineSignal, Reference},
    issue::{Error, Issue},
    leaf::Leaf,
    load::{Fetch, Loaded, load},
    nearest::nearest,
    node::{Entry, Node},
    optional::Optional,
    place::Place,
    problems::Problems,
    read::{from_yaml, parse, read},
    render::render,
    retrieved::{Note, Retrieved},
    secret::Secret,
    section::{Findings, NoSettings, Section, Settings},
    service::{Pipeline, Service},
    telemetry::{LogLevel, Logs, Metrics, MetricsLevel, Resource, Sampling, Telemetry, Traces},
};
