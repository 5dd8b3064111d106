//! The `syslog` receiver: takes messages of RFC 3164 and RFC 5424 over TCP or UDP, and takes them through operators.
//!
//! ```yaml
//! receivers:
//!   syslog:
//!     protocol: rfc5424
//!     tcp: {listen_address: 'localhost:54527'}
//! ```

mod config;

use slimcol_logreceiver::Intake;
use slimcol_logsocket::{TcpInput, UdpInput};
use slimcol_service::{
    BoxError, Component, Context, Factory, Info, Outputs, Receiver, Running, Signals, Stability, Stop,
};

use self::config::Config;

/// What a collector is built with.
pub static FACTORY: Factory = Factory::receiver::<Syslog>();

/// What the input is called among the operators.
const INPUT: &str = "syslog_input";

/// Takes syslog messages.
#[derive(Debug)]
struct Syslog {
    config: Config,
    cx: Context,
}

impl Component for Syslog {
    type Config = Config;
    const INFO: Info = Info {
        signals: Signals::LOGS,
        stability: Stability::Beta,
        ..Info::new("syslog", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"))
    };

    fn new(config: Config, cx: &Context) -> Result<Self, BoxError> {
        Intake::check(&config.common, INPUT, cx.log())?;
        Ok(Self { config, cx: cx.clone() })
    }
}

impl Receiver for Syslog {
    async fn start(self, to: Outputs, stop: Stop) -> Result<Running, BoxError> {
        let Self { config, cx } = self;
        let intake = Intake::new(&config.common, INPUT, &to, &cx, stop.clone())?;
        let (tcp, udp) = (config.tcp, config.udp);
        Ok(match (tcp, udp) {
            (Some(tcp), _) => {
                let input = TcpInput::bind(tcp, config.syslog.enable_octet_counting, &cx).await?;
                Running::new(input.run(intake, stop))
            }
            (None, Some(udp)) => {
                let input = UdpInput::bind(&udp, &cx).await?;
                Running::new(input.run(intake, stop))
            }
            (None, None) => return Err("need tcp config or udp config".into()),
        })
    }
}

#[cfg(test)]
mod tests;
