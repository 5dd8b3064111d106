//! The `tcp_log` receiver: takes lines of connections, and takes them through operators.
//!
//! ```yaml
//! receivers:
//!   tcp_log:
//!     listen_address: localhost:54525
//! ```

mod config;

use slimcol_logreceiver::Intake;
use slimcol_logsocket::TcpInput;
use slimcol_service::{
    BoxError, Component, Context, Factory, Info, Outputs, Receiver, Running, Signals, Stability, Stop,
};

use self::config::Config;

/// What a collector is built with.
pub static FACTORY: Factory = Factory::receiver::<TcpLog>();

/// What the input is called among the operators.
const INPUT: &str = "tcp_input";

/// Takes logs from connections.
#[derive(Debug)]
struct TcpLog {
    config: Config,
    cx: Context,
}

impl Component for TcpLog {
    type Config = Config;
    const INFO: Info = Info {
        aliases: &["tcplog"],
        signals: Signals::LOGS,
        stability: Stability::Alpha,
        ..Info::new("tcp_log", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"))
    };

    fn new(config: Config, cx: &Context) -> Result<Self, BoxError> {
        Intake::check(&config.common, INPUT, cx.log())?;
        Ok(Self { config, cx: cx.clone() })
    }
}

impl Receiver for TcpLog {
    async fn start(self, to: Outputs, stop: Stop) -> Result<Running, BoxError> {
        let Self { config, cx } = self;
        let intake = Intake::new(&config.common, INPUT, &to, &cx, stop.clone())?;
        let input = TcpInput::bind(config.tcp, false, &cx).await?;
        Ok(Running::new(input.run(intake, stop)))
    }
}

#[cfg(test)]
mod tests;
