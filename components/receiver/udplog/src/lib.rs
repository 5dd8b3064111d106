//! The `udp_log` receiver: takes packets, and takes them through operators.
//!
//! ```yaml
//! receivers:
//!   udp_log:
//!     listen_address: localhost:54526
//! ```

mod config;

use slimcol_logreceiver::Intake;
use slimcol_logsocket::UdpInput;
use slimcol_service::{
    BoxError, Component, Context, Factory, Info, Outputs, Receiver, Running, Signals, Stability, Stop,
};

use self::config::Config;

/// What a collector is built with.
pub static FACTORY: Factory = Factory::receiver::<UdpLog>();

/// What the input is called among the operators.
const INPUT: &str = "udp_input";

/// Takes logs from packets.
#[derive(Debug)]
struct UdpLog {
    config: Config,
    cx: Context,
}

impl Component for UdpLog {
    type Config = Config;
    const INFO: Info = Info {
        aliases: &["udplog"],
        signals: Signals::LOGS,
        stability: Stability::Alpha,
        ..Info::new("udp_log", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"))
    };

    fn new(config: Config, cx: &Context) -> Result<Self, BoxError> {
        Intake::check(&config.common, INPUT, cx.log())?;
        Ok(Self { config, cx: cx.clone() })
    }
}

impl Receiver for UdpLog {
    async fn start(self, to: Outputs, stop: Stop) -> Result<Running, BoxError> {
        let Self { config, cx } = self;
        let intake = Intake::new(&config.common, INPUT, &to, &cx, stop.clone())?;
        let input = UdpInput::bind(&config.udp, &cx).await?;
        Ok(Running::new(input.run(intake, stop)))
    }
}

#[cfg(test)]
mod tests;
