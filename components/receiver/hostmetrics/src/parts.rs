//! The scrapers that there are. Each is a feature of the crate, so that a collector has those that it is to run.

use std::{
    fmt::{self, Debug},
    marker::PhantomData,
    sync::Arc,
};

use slimcol_config::{Section, Settings};
use slimcol_scraper::{MetricInfo, Recorder, Scraper, Switches};
use slimcol_service::BoxError;

use crate::host::Host;

/// The settings of a scraper.
pub(crate) trait Part: Send + Sync {
    /// The scraper.
    ///
    /// # Errors
    /// It cannot measure on this host.
    fn start(self: Box<Self>, host: &Arc<Host>) -> Result<Box<dyn Scraper>, BoxError>;
}

// As a supertrait it would be compiled for each scraper, though nobody prints them.
impl Debug for dyn Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Part")
    }
}

/// A scraper that has no keys but the switches of its metrics.
pub(crate) trait Plain: Scraper {
    /// What it is called, in the configuration and in its scope.
    const NAME: &'static str;
    /// What it measures.
    const TABLE: &'static [MetricInfo];

    /// The scraper, which measures that host.
    fn new(host: Arc<Host>, recorder: Recorder) -> Self;
}

/// The settings of a [`Plain`] scraper.
#[derive(Debug)]
pub(crate) struct Switched<T> {
    switches: Switches,
    scraper: PhantomData<fn() -> T>,
}

impl<T: Plain> Settings for Switched<T> {
    fn read(from: &mut Section<'_>) -> Self {
        Self { switches: Switches::read(from, T::TABLE), scraper: PhantomData }
    }
}

impl<T: Plain> Part for Switched<T> {
    fn start(self: Box<Self>, host: &Arc<Host>) -> Result<Box<dyn Scraper>, BoxError> {
        let recorder = host.recorder(T::NAME, self.switches);
        Ok(Box::new(T::new(host.clone(), recorder)))
    }
}

/// Reads the section `scrapers`: what has a key there is measured.
pub(crate) fn read(from: &mut Section<'_>) -> Vec<Box<dyn Part>> {
    let mut parts = Vec::new();
    let mut known = Vec::new();
    macro_rules! scrapers {
        ($($name:literal $module:ident)*) => {$(
            #[cfg(feature = $name)]
            {
                known.push($name);
                one::<crate::$module::Config>(from, $name, &mut parts);
            }
        )*};
    }
    scrapers! {
        "cpu" cpu
        "disk" disk
        "filesystem" filesystem
        "load" load
        "memory" memory
        "network" network
        "nfs" nfs
        "paging" paging
        "process" process
        "processes" processes
        "system" system
    }
    from.allow_any_key();
    let unknown = |entry: &&slimcol_config::Entry| !known.contains(&entry.key());
    let written = from.here().map(slimcol_config::Node::entries).unwrap_or_default();
    for entry in written.iter().filter(unknown) {
        from.error(entry.key(), format_args!("invalid scraper key: {}", entry.key()));
    }
    parts
}

fn one<T: Settings + Part>(from: &mut Section<'_>, name: &'static str, to: &mut Vec<Box<dyn Part>>) {
    if let Some(part) = from.when_written::<T>(name) {
        to.push(Box::new(part));
    }
}
