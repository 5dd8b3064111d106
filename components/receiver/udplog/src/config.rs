//! The receiver's settings (Go's `UDPLogConfig`).

use slimcol_config::{Problems, Section, Settings};
use slimcol_logreceiver::Common;
use slimcol_logsocket::UdpConfig;

/// The keys of the receiver.
#[derive(Debug)]
pub(crate) struct Config {
    pub(crate) common: Common,
    pub(crate) udp: UdpConfig,
}

impl Settings for Config {
    fn read(from: &mut Section<'_>) -> Self {
        Self { common: from.squash(), udp: from.squash() }
    }

    fn validate(&self, problems: &mut Problems<'_>) {
        problems.within("retry_on_failure", &self.common.retry_on_failure);
        self.udp.validate(problems);
    }
}
