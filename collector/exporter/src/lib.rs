//! CONTRACT STUB (owner: exporter helper).
#![allow(missing_docs, clippy::todo, clippy::all, clippy::pedantic, unused, missing_debug_implementations)]
use slimcol_config::{Duration, Optional, Problems, Section, Settings};
use slimcol_service::{BoxError, Component, Context, Info, Payload, Refused};
/// An exporter that only sends; [`Queued`] gives it timeout, retry, queue.
pub trait Push: Sized + Send + Sync + 'static {
    type Config: Settings;
    const INFO: Info;
    /// Which of the helper's stages the exporter has and with what defaults: reads `timeout`, `retry_on_failure`, `sending_queue` from the exporter's section.
    fn delivery(section: &mut Section<'_>) -> Delivery;
    fn new(config: Self::Config, cx: &Context) -> Result<Self, BoxError>;
    fn start(&self) -> impl Future<Output = Result<(), BoxError>> + Send { async { Ok(()) } }
    /// One attempt.
    fn push(&self, payload: Payload) -> impl Future<Output = Result<(), Refused>> + Send;
    fn stop(&self) -> impl Future<Output = ()> + Send { async {} }
}
/// timeout + retry_on_failure + sending_queue, as read. Constructors say the defaults.
#[derive(Clone, Debug)] pub struct Delivery { }
impl Delivery {
    /// All three stages (timeout default given; retry on; queue on): otlp_grpc, otlp_http.
    pub fn read(section: &mut Section<'_>, timeout: Duration) -> Self { todo!() }
    /// Only `sending_queue`, off by default (debug); no timeout or retry keys.
    pub fn queue_only(section: &mut Section<'_>) -> Self { todo!() }
}
/// `pub const FACTORY: Factory = Factory::exporter::<Queued<OtlpGrpc>>();`
#[derive(Debug)] pub struct Queued<P>(P);
