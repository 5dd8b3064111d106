//! How a component crate offers itself to a generated `main`: one `static`, no registration at run time.

use std::sync::Arc;

use slimcol_config::{Problems, Section};
use slimcol_pdata::Signal;

use crate::{
    BoxError, BoxFuture, Component, Connector, Context, Dependencies, Exporter, Extension, Info, Kind, Next,
    Offers, Outputs, Payload, Processor, Provider, Receiver, Refused, Routes, Running, Stop, next::Consume,
};

/// A component that can be made from a configuration section. Each component crate exports one as `pub static FACTORY`.
///
/// A static is compiled with its crate, and all of the component with it, once for every collector that has it. A constant would
/// be compiled where it is named, which is the generated `main`, for each collector again.
#[derive(Clone, Copy, Debug)]
pub struct Factory {
    /// The facts.
    pub info: Info,
    /// What kind of component it makes.
    pub kind: Kind,
    pub(crate) make: Make,
}

/// Reads a section to something that makes the component: reading reports to the section, validating to the problems.
pub(crate) type Read<T> = fn(&mut Section<'_>) -> Box<dyn Configured<T>>;

#[derive(Clone, Copy, Debug)]
pub(crate) enum Make {
    Receiver(Read<Box<dyn AnyReceiver>>),
    Processor(Read<Box<dyn AnyProcessor>>),
    Exporter(Read<Arc<dyn AnyExporter>>),
    Connector(Read<Arc<dyn AnyConnector>>),
    Extension(Read<Box<dyn AnyExtension>>),
    Provider(for<'a> fn(&'a str) -> BoxFuture<'a, Result<slimcol_config::Retrieved, BoxError>>),
}

/// A component's configuration, read but not yet used.
pub(crate) trait Configured<T>: Send {
    fn validate(&self, problems: &mut Problems<'_>);
    fn make(self: Box<Self>, cx: &Context) -> Result<T, BoxError>;
}

struct Typed<C: Component>(C::Config);

macro_rules! configured {
    ($kind:ident, $made:ty, $wrap:ident) => {
        impl<C: $kind> Configured<$made> for Typed<C> {
            fn validate(&self, problems: &mut Problems<'_>) {
                slimcol_config::Settings::validate(&self.0, problems);
            }
            fn make(self: Box<Self>, cx: &Context) -> Result<$made, BoxError> {
                Ok($wrap::new(C::new(self.0, cx)?))
            }
        }
    };
}
configured!(Receiver, Box<dyn AnyReceiver>, Box);
configured!(Processor, Box<dyn AnyProcessor>, Box);
configured!(Exporter, Arc<dyn AnyExporter>, Arc);
configured!(Connector, Arc<dyn AnyConnector>, Arc);
configured!(Extension, Box<dyn AnyExtension>, Box);

fn read<C: Component>(section: &mut Section<'_>) -> Typed<C> {
    Typed(<C::Config as slimcol_config::Settings>::read(section))
}

impl Factory {
    /// A receiver's factory.
    pub const fn receiver<C: Receiver>() -> Self {
        Self { info: C::INFO, kind: Kind::Receiver, make: Make::Receiver(|s| Box::new(read::<C>(s))) }
    }
    /// A processor's factory.
    pub const fn processor<C: Processor>() -> Self {
        Self { info: C::INFO, kind: Kind::Processor, make: Make::Processor(|s| Box::new(read::<C>(s))) }
    }
    /// An exporter's factory.
    pub const fn exporter<C: Exporter>() -> Self {
        Self { info: C::INFO, kind: Kind::Exporter, make: Make::Exporter(|s| Box::new(read::<C>(s))) }
    }
    /// A connector's factory.
    pub const fn connector<C: Connector>() -> Self {
        Self { info: C::INFO, kind: Kind::Connector, make: Make::Connector(|s| Box::new(read::<C>(s))) }
    }
    /// An extension's factory.
    pub const fn extension<C: Extension>() -> Self {
        Self { info: C::INFO, kind: Kind::Extension, make: Make::Extension(|s| Box::new(read::<C>(s))) }
    }
    /// A configuration provider's factory.
    pub const fn provider<P: Provider>() -> Self {
        Self { info: P::INFO, kind: Kind::Provider, make: Make::Provider(|l| Box::pin(P::retrieve(l))) }
    }
}

// ---- object-safe twins of the component traits ----

pub(crate) trait AnyReceiver: Send {
    fn start(self: Box<Self>, to: Outputs, stop: Stop) -> BoxFuture<'static, Result<Running, BoxError>>;
}
impl<C: Receiver> AnyReceiver for C {
    fn start(self: Box<Self>, to: Outputs, stop: Stop) -> BoxFuture<'static, Result<Running, BoxError>> {
        Box::pin(Receiver::start(*self, to, stop))
    }
}

pub(crate) trait AnyExtension: Send {
    fn offers(&self) -> Offers;
    fn dependencies(&self) -> Dependencies;
    fn start(self: Box<Self>, stop: Stop) -> BoxFuture<'static, Result<Running, BoxError>>;
}
impl<C: Extension> AnyExtension for C {
    fn offers(&self) -> Offers {
        Extension::offers(self)
    }
    fn dependencies(&self) -> Dependencies {
        Extension::dependencies(self)
    }
    fn start(self: Box<Self>, stop: Stop) -> BoxFuture<'static, Result<Running, BoxError>> {
        Box::pin(Extension::start(*self, stop))
    }
}

/// A part of a pipeline that is started before data and stopped after it.
pub(crate) trait Part: Consume {
    fn start(&self) -> BoxFuture<'_, Result<(), BoxError>>;
    fn stop(&self) -> BoxFuture<'_, ()>;
    /// Whether its successor may start before it has stopped.
    fn overlaps(&self) -> bool {
        true
    }
    /// How many items only the memory has.
    fn held(&self) -> usize {
        0
    }
}

pub(crate) trait AnyProcessor: Send {
    /// The processor with `next` behind it.
    fn before(self: Box<Self>, next: Next) -> Arc<dyn Part>;
}
impl<C: Processor> AnyProcessor for C {
    fn before(self: Box<Self>, next: Next) -> Arc<dyn Part> {
        Arc::new(Step { it: *self, next })
    }
}
struct Step<P> {
    it: P,
    next: Next,
}
impl<P: Processor> Consume for Step<P> {
    fn consume(&self, payload: Payload) -> BoxFuture<'_, Result<(), Refused>> {
        Box::pin(self.it.process(payload, &self.next))
    }
}
impl<P: Processor> Part for Step<P> {
    fn start(&self) -> BoxFuture<'_, Result<(), BoxError>> {
        Box::pin(self.it.start(&self.next))
    }
    fn stop(&self) -> BoxFuture<'_, ()> {
        Box::pin(self.it.stop(&self.next))
    }
}

pub(crate) trait AnyExporter: Part {}
impl<C: Exporter> Consume for C {
    fn consume(&self, payload: Payload) -> BoxFuture<'_, Result<(), Refused>> {
        Box::pin(self.export(payload))
    }
}
impl<C: Exporter> Part for C {
    fn start(&self) -> BoxFuture<'_, Result<(), BoxError>> {
        Box::pin(Exporter::start(self))
    }
    fn stop(&self) -> BoxFuture<'_, ()> {
        Box::pin(Exporter::stop(self))
    }
    fn overlaps(&self) -> bool {
        Exporter::overlaps(self)
    }
    fn held(&self) -> usize {
        Exporter::held(self)
    }
}
impl<C: Exporter> AnyExporter for C {}

pub(crate) trait AnyConnector: Send + Sync {
    /// The connector with `routes` behind it.
    fn before(self: Arc<Self>, routes: Routes) -> Arc<dyn Part>;
}
impl<C: Connector> AnyConnector for C {
    fn before(self: Arc<Self>, routes: Routes) -> Arc<dyn Part> {
        Arc::new(Junction { it: self, routes })
    }
}
struct Junction<C> {
    it: Arc<C>,
    routes: Routes,
}
impl<C: Connector> Consume for Junction<C> {
    fn consume(&self, payload: Payload) -> BoxFuture<'_, Result<(), Refused>> {
        Box::pin(self.it.route(payload, &self.routes))
    }
}
impl<C: Connector> Part for Junction<C> {
    fn start(&self) -> BoxFuture<'_, Result<(), BoxError>> {
        Box::pin(self.it.start(&self.routes))
    }
    fn stop(&self) -> BoxFuture<'_, ()> {
        Box::pin(self.it.stop(&self.routes))
    }
}

impl Info {
    /// Whether `name` is this component's key, new or old.
    pub fn answers_to(&self, name: &str) -> bool {
        self.name == name || self.aliases.contains(&name)
    }

    /// Whether it takes `from` in and gives `to` out, for a connector.
    pub fn connects(&self, from: Signal, to: Signal) -> bool {
        self.routes.contains(&(from, to))
    }
}
