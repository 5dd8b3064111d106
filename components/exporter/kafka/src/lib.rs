//! Sends telemetry to Kafka, as the OpenTelemetry Collector's `kafka` exporter does.
//!
//! ```yaml
//! exporters:
//!   kafka:
//!     brokers: [kafka:9092]
//!     logs: {topic: logs, encoding: otlp_json}
//! ```
//!
//! In OTLP's protobuf a record's value is the bytes that came in, which are not copied on their way out.

mod config;
mod counts;
mod encoding;
mod hash;
mod records;

use std::sync::OnceLock;

use slimcol_config::{Duration, Section};
use slimcol_exporter::{Delivery, Push, Queued};
use slimcol_kafka::Producer;
use slimcol_service::{BoxError, Context, Factory, Info, Payload, Refused, Signals, Stability};

use crate::{config::Config, counts::FAMILIES, encoding::Encoding};

/// The exporter, for a collector's list of components.
pub static FACTORY: Factory = Factory::exporter::<Queued<Kafka>>();

/// Sends records to one cluster.
#[derive(Debug)]
pub struct Kafka {
    config: Config,
    cx: Context,
    /// By signal; `None` for those that nobody sends.
    encodings: [Option<Encoding>; 3],
    /// Made at start: certificates are read then, not when a configuration is only checked.
    producer: OnceLock<Producer>,
}

impl Push for Kafka {
    type Config = Config;

    const INFO: Info = Info {
        signals: Signals::ALL,
        stability: Stability::Beta,
        ..Info::new("kafka", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"))
    };

    fn delivery(section: &mut Section<'_>) -> Delivery {
        Delivery::read(section, Duration::secs(5))
    }

    fn new(config: Config, cx: &Context) -> Result<Self, BoxError> {
        let mut encodings = [None; 3];
        for signal in cx.signals().iter() {
            let name = &config.of(signal).encoding;
            let encoding = Encoding::of(signal, name);
            encodings[signal as usize] =
                Some(encoding.ok_or_else(|| format!("unrecognized {signal} encoding {name:?}"))?);
        }
        Ok(Self { config, cx: cx.clone(), encodings, producer: OnceLock::new() })
    }

    async fn start(&self) -> Result<(), BoxError> {
        let Config { client, producer, timeout, .. } = &self.config;
        let partitioning = self.config.partitioning();
        let producer =
            Producer::new(client.clone(), producer.clone(), partitioning, *timeout, (&FAMILIES, &self.cx))?;
        self.producer.set(producer).map_err(|_| "kafka exporter started twice".into())
    }

    async fn push(&self, payload: Payload) -> Result<(), Refused> {
        let signal = payload.data.signal();
        let (Some(producer), Some(encoding)) = (self.producer.get(), self.encodings[signal as usize]) else {
            return Err(Refused::permanent("kafkaexporter: not started"));
        };
        let records =
            records::records(&self.config, encoding, producer, payload).map_err(|(topic, error)| {
                Refused::permanent(format!("Permanent error: error exporting to topic {topic:?}: {error}"))
            })?;
        match producer.send(&records).await {
            Ok(()) => Ok(()),
            Err(unsent) => {
                let fields = [("records", records.len().into()), ("error", unsent.to_string().into())];
                self.cx.log_for(signal).error("kafka records export failed", &fields);
                Err(if unsent.error.is_retryable() {
                    Refused::retryable(unsent)
                } else {
                    Refused::permanent(format!("Permanent error: {unsent}"))
                })
            }
        }
    }
}

#[cfg(test)]
mod tests;
