//! Reads telemetry from Kafka, as the OpenTelemetry Collector's `kafka` receiver does.
//!
//! ```yaml
//! receivers:
//!   kafka:
//!     brokers: [kafka:9092]
//!     logs: {topics: [logs], encoding: otlp_json}
//! ```
//!
//! Each signal is a member of the consumer group of its own, as in Go. What a pipeline has taken is committed, nothing else; what
//! it refuses for now is offered again.

mod config;
mod counts;
mod encoding;
mod intake;

use slimcol_kafka::{Consumer, Topics};
use slimcol_service::{
    BoxError, Component, Context, Factory, Info, Outputs, Receiver, Running, Signals, Stability, Stop,
    meter::Received,
};

use crate::{
    config::Config,
    counts::{Counts, FAMILIES},
    encoding::Encoding,
    intake::Intake,
};

/// What a collector is built with.
pub static FACTORY: Factory = Factory::receiver::<Kafka>();

/// Reads from one cluster.
#[derive(Debug)]
struct Kafka {
    config: Config,
    cx: Context,
    /// By signal; `None` for those that nobody wants.
    encodings: [Option<Encoding>; 3],
}

impl Component for Kafka {
    type Config = Config;
    const INFO: Info = Info {
        signals: Signals::ALL,
        stability: Stability::Beta,
        ..Info::new("kafka", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"))
    };

    fn new(config: Config, cx: &Context) -> Result<Self, BoxError> {
        let mut encodings = [None; 3];
        for signal in cx.signals().iter() {
            encodings[signal as usize] = Some(Encoding::of(signal, &config.of(signal).encoding)?);
        }
        Ok(Self { config, cx: cx.clone(), encodings })
    }
}

impl Receiver for Kafka {
    async fn start(self, to: Outputs, stop: Stop) -> Result<Running, BoxError> {
        let Self { config, cx, encodings } = self;
        let received = Received::new(&cx, "kafka");
        let (mut members, counts) = (Vec::new(), Counts::new(&cx, config.delays));
        for signal in to.signals().iter() {
            let (Some(next), Some(encoding)) = (to.get(signal), encodings[signal as usize]) else { continue };
            let of = config.of(signal);
            let topics = Topics::new(&of.topics, &of.exclude_topics)?;
            let intake = Intake {
                signal,
                encoding,
                config: config.clone(),
                to: next.clone(),
                received: received.clone(),
                counts: counts.clone(),
                log: cx.log_for(signal),
                version: cx.build().version,
            };
            let (client, consumer) = (config.client.clone(), config.consumer.clone());
            let whose = (&cx, cx.log_for(signal), cx.status().of(signal));
            members.push(Consumer::new(client, consumer, topics, intake, &FAMILIES, whose)?);
        }
        Ok(Running::new(async move {
            let running: Vec<_> =
                members.into_iter().map(|member| cx.spawn(member.run(stop.clone()))).collect();
            for member in running {
                // A panic in it was reported already.
                let _ = member.await;
            }
            Ok(())
        }))
    }
}

#[cfg(test)]
mod tests;
