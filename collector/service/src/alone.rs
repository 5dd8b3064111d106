//! One component outside a collector: for its own tests and for benchmarks.

use std::{fmt, sync::Arc};

use slimcol_config::{Issue, Problems, Section};

use crate::{
    BoxError, Context, Factory, Next, Outputs, Routes, Running, Stop,
    factory::{AnyExtension, AnyReceiver, Make, Part, Read},
};

/// A processor, exporter or connector that stands alone.
#[derive(Clone)]
pub struct AlonePart(Arc<dyn Part>);

impl AlonePart {
    /// Starts it, before any data.
    pub async fn start(&self) -> Result<(), BoxError> {
        self.0.start().await
    }

    /// The way into it.
    pub fn next(&self) -> Next {
        Next(self.0.clone())
    }

    /// Stops it, after the last payload.
    pub async fn stop(&self) {
        self.0.stop().await;
    }
}

impl fmt::Debug for AlonePart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AlonePart")
    }
}

/// A receiver or an extension that stands alone.
pub struct AloneSource(Source);

enum Source {
    Receiver(Box<dyn AnyReceiver>),
    Extension(Box<dyn AnyExtension>),
}

impl AloneSource {
    /// Starts it; an extension has no use for `to`.
    pub async fn start(self, to: Outputs, stop: Stop) -> Result<Running, BoxError> {
        match self.0 {
            Source::Receiver(receiver) => receiver.start(to, stop).await,
            Source::Extension(extension) => extension.start(stop).await,
        }
    }
}

impl fmt::Debug for AloneSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AloneSource")
    }
}

impl Factory {
    /// Makes a processor, exporter or connector from its section of a configuration. A processor's data goes on to all
    /// pipelines of `to`; an exporter has no use for it.
    ///
    /// # Errors
    /// What is wrong with the section, as users would see it, or what making the component failed with.
    ///
    /// # Panics
    /// If the factory makes something else.
    pub fn part_alone(&self, yaml: &str, cx: &Context, to: Routes) -> Result<AlonePart, BoxError> {
        let part: Arc<dyn Part> = match self.make {
            Make::Processor(read) => made(read, yaml, cx)?.before(onward(to)),
            Make::Exporter(read) => made(read, yaml, cx)?,
            Make::Connector(read) => made(read, yaml, cx)?.before(to),
            Make::Receiver(_) | Make::Extension(_) | Make::Provider(_) => {
                panic!("{} is no part of a pipeline", self.info.name)
            }
        };
        Ok(AlonePart(part))
    }

    /// Makes a receiver or an extension from its section of a configuration.
    ///
    /// # Errors
    /// As [`Factory::part_alone`].
    ///
    /// # Panics
    /// If the factory makes something else.
    pub fn source_alone(&self, yaml: &str, cx: &Context) -> Result<AloneSource, BoxError> {
        Ok(AloneSource(match self.make {
            Make::Receiver(read) => Source::Receiver(made(read, yaml, cx)?),
            Make::Extension(read) => Source::Extension(made(read, yaml, cx)?),
            Make::Processor(_) | Make::Exporter(_) | Make::Connector(_) | Make::Provider(_) => {
                panic!("{} is neither receiver nor extension", self.info.name)
            }
        }))
    }

    /// Fetches what `location` names, if the factory is a provider's.
    ///
    /// # Errors
    /// The provider's.
    ///
    /// # Panics
    /// If the factory makes something else.
    pub async fn retrieve_alone(&self, location: &str) -> Result<slimcol_config::Retrieved, BoxError> {
        let Make::Provider(retrieve) = self.make else { panic!("{} is no provider", self.info.name) };
        retrieve(location).await
    }
}

/// Reads, validates and makes; what is wrong is the messages alone, a line each, as no user's file is at hand.
fn made<T>(read: Read<T>, yaml: &str, cx: &Context) -> Result<T, BoxError> {
    let joined =
        |issues: &[Issue]| issues.iter().map(|issue| issue.message.as_str()).collect::<Vec<_>>().join("\n");
    let node = slimcol_config::parse("alone.yaml", yaml).map_err(|e| joined(e.issues()))?;
    let mut section = Section::new(Some(&node), "");
    let configured = read(&mut section);
    let mut issues = section.finish().issues;
    if issues.is_empty() {
        let mut problems = Problems::new(Some(&node), None, "");
        configured.validate(&mut problems);
        issues = problems.finish();
    }
    if issues.is_empty() { configured.make(cx) } else { Err(joined(&issues).into()) }
}

/// A processor has one way onward, whatever the signal.
fn onward(to: Routes) -> Next {
    Next::from_fn(move |payload| {
        let next = to.all(payload.data.signal()).cloned();
        async move {
            match next {
                Some(next) => next.consume(payload).await,
                None => Ok(()),
            }
        }
    })
}
