//! What component authors implement: a name, a configuration, and one trait for the component's kind.

use slimcol_config::Settings;
use slimcol_pdata::Signal;

use crate::{
    BoxError, BoxFuture, Context, Dependencies, Next, Offers, Outputs, Payload, Refused, Routes, Signals,
    Stop,
};

/// What kind of component something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Brings data in.
    Receiver,
    /// Changes, drops or regroups data on its way.
    Processor,
    /// Sends data out.
    Exporter,
    /// Exporter of one pipeline and receiver of others.
    Connector,
    /// Serves the process rather than a pipeline.
    Extension,
    /// Fetches configuration.
    Provider,
}

impl Kind {
    /// The kinds that have a section in a configuration.
    pub const CONFIGURED: [Self; 5] =
        [Self::Receiver, Self::Processor, Self::Exporter, Self::Connector, Self::Extension];

    /// The kind in lower case, as logs and metadata write it (`receiver`).
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Receiver => "receiver",
            Self::Processor => "processor",
            Self::Exporter => "exporter",
            Self::Connector => "connector",
            Self::Extension => "extension",
            Self::Provider => "provider",
        }
    }

    /// The configuration section that holds components of this kind (`receivers`).
    pub const fn section(self) -> &'static str {
        match self {
            Self::Receiver => "receivers",
            Self::Processor => "processors",
            Self::Exporter => "exporters",
            Self::Connector => "connectors",
            Self::Extension => "extensions",
            Self::Provider => "providers",
        }
    }
}

/// How far a component has come, in the OpenTelemetry collector's terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the levels are defined by the OpenTelemetry collector")]
pub enum Stability {
    Unmaintained,
    Deprecated,
    Development,
    Alpha,
    Beta,
    Stable,
}

/// What is known of a component without making one. The same facts stand in the crate's `[package.metadata.component]`.
#[derive(Clone, Copy, Debug)]
pub struct Info {
    /// The key in users' configuration (`otlp_grpc`); for a provider the scheme.
    pub name: &'static str,
    /// Older keys that still load, with a warning (`otlp`).
    pub aliases: &'static [&'static str],
    /// The signals that it handles; empty for extensions and providers. For a connector, what it takes in.
    pub signals: Signals,
    /// For a connector, each pair of a signal taken in and a signal given out.
    pub routes: &'static [(Signal, Signal)],
    /// Whether it changes the data that it is given, as Go says of it (`MutatesData`).
    pub mutates: bool,
    /// How far it has come.
    pub stability: Stability,
    /// The crate (`env!("CARGO_PKG_NAME")`).
    pub package: &'static str,
    /// The crate's version (`env!("CARGO_PKG_VERSION")`).
    pub version: &'static str,
}

impl Info {
    /// The start of an [`Info`]; the remaining fields have a `with`-less struct update: `Info { signals, ..Info::new(…) }`.
    pub const fn new(name: &'static str, package: &'static str, version: &'static str) -> Self {
        Self {
            name,
            aliases: &[],
            signals: Signals::NONE,
            routes: &[],
            mutates: false,
            stability: Stability::Development,
            package,
            version,
        }
    }
}

/// What every component is: facts, a configuration, and a way to make one.
pub trait Component: Sized + Send + Sync + 'static {
    /// The component's section of the configuration.
    type Config: Settings;
    /// The facts.
    const INFO: Info;
    /// Makes the component. No I/O and no task: `validate` makes every component and drops it.
    fn new(config: Self::Config, cx: &Context) -> Result<Self, BoxError>;
}

/// What goes on after a `start` has returned; it ends once its [`Stop`] says so, or with the error that ended it.
pub struct Running(pub(crate) BoxFuture<'static, Result<(), BoxError>>);

impl Running {
    /// The rest of the work. An error ends the whole collector.
    pub fn new(work: impl Future<Output = Result<(), BoxError>> + Send + 'static) -> Self {
        Self(Box::pin(work))
    }

    /// Returns once the work has ended: for who runs a component outside a collector.
    pub async fn ended(self) -> Result<(), BoxError> {
        self.0.await
    }

    /// Nothing left to do.
    pub fn idle() -> Self {
        Self::new(async { Ok(()) })
    }
}

impl std::fmt::Debug for Running {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Running")
    }
}

/// Brings data in. One instance serves all the pipelines that name it, whatever their signals.
pub trait Receiver: Component {
    /// Opens what it listens on (an error here is a failed start) and returns the work that follows. Stopping means:
    /// take nothing new, finish and answer what was begun, return.
    fn start(self, to: Outputs, stop: Stop) -> impl Future<Output = Result<Running, BoxError>> + Send;
}

/// Changes, drops or regroups data. Each pipeline has an instance of its own.
pub trait Processor: Component {
    /// Called once before any data.
    fn start(&self, _next: &Next) -> impl Future<Output = Result<(), BoxError>> + Send {
        async { Ok(()) }
    }
    /// Handles one payload, handing on what is left of it. Called from many tasks at once.
    fn process(&self, payload: Payload, next: &Next) -> impl Future<Output = Result<(), Refused>> + Send;
    /// Hands on what is still held. Called once, after the last payload.
    fn stop(&self, _next: &Next) -> impl Future<Output = ()> + Send {
        async {}
    }
}

/// Sends data out. One instance serves all the pipelines that name it, whatever their signals
/// ([`Context::signals`] says which).
pub trait Exporter: Component {
    /// Called once before any data. Connections may be opened here, but a far end that is not there is no error.
    fn start(&self) -> impl Future<Output = Result<(), BoxError>> + Send {
        async { Ok(()) }
    }
    /// Sends one payload. Called from many tasks at once.
    fn export(&self, payload: Payload) -> impl Future<Output = Result<(), Refused>> + Send;
    /// Sends what is still held and closes. Called once, after the last payload.
    fn stop(&self) -> impl Future<Output = ()> + Send {
        async {}
    }
    /// Whether its successor may start before it has stopped, when the configuration changes: it has nothing open that only one
    /// can have, such as a file or a port. If not, data waits until it has stopped.
    fn overlaps(&self) -> bool {
        false
    }
    /// How many items it holds that are lost if the process ends now: those that nobody else will send again.
    fn held(&self) -> usize {
        0
    }
}

/// Takes data from pipelines that name it as an exporter and gives data to those that name it as a receiver.
pub trait Connector: Component {
    /// Called once before any data.
    fn start(&self, _to: &Routes) -> impl Future<Output = Result<(), BoxError>> + Send {
        async { Ok(()) }
    }
    /// Handles one payload. Called from many tasks at once.
    fn route(&self, payload: Payload, to: &Routes) -> impl Future<Output = Result<(), Refused>> + Send;
    /// Hands on what is still held. Called once, after the last payload.
    fn stop(&self, _to: &Routes) -> impl Future<Output = ()> + Send {
        async {}
    }
}

/// Serves the process: health, diagnostics, authentication, storage.
pub trait Extension: Component {
    /// What it does for other components. Asked once, before anything starts; used once the extension has started, until
    /// everything that uses it has stopped.
    fn offers(&self) -> Offers {
        Offers::default()
    }
    /// The extensions that start before it and stop after it, because it uses what they do. Asked once, before anything starts.
    fn dependencies(&self) -> Dependencies {
        Dependencies::default()
    }
    /// Opens what it needs (an error here is a failed start) and returns the work that follows.
    fn start(self, stop: Stop) -> impl Future<Output = Result<Running, BoxError>> + Send;
}

/// Fetches configuration for one scheme of `${scheme:…}` and `--config scheme:…`.
pub trait Provider: Send + Sync + 'static {
    /// The facts; `name` is the scheme.
    const INFO: Info;
    /// Fetches what `location` names; `location` is what stands behind `scheme:`. The error is the whole text that
    /// users see, in the Go collector's words.
    fn retrieve(location: &str) -> impl Future<Output = Result<slimcol_config::Retrieved, BoxError>> + Send;
}
