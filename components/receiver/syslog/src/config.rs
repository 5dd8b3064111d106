//! The receiver's settings (Go's `SysLogConfig`).

use std::mem;

use slimcol_config::{Problems, Section, Settings};
use slimcol_logreceiver::Common;
use slimcol_logsocket::{TcpConfig, UdpConfig};
use slimcol_stanza::{OperatorConfig, SyslogConfig};

use crate::INPUT;

/// The keys of the receiver.
#[derive(Debug)]
pub(crate) struct Config {
    /// With the parser before the operators that are configured.
    pub(crate) common: Common,
    pub(crate) syslog: SyslogConfig,
    pub(crate) tcp: Option<TcpConfig>,
    pub(crate) udp: Option<UdpConfig>,
}

impl Settings for Config {
    fn read(from: &mut Section<'_>) -> Self {
        let mut common: Common = from.squash();
        let syslog: SyslogConfig = from.squash();
        let on_error: Option<String> = from.find("on_error");
        let id = if common.id.is_empty() { INPUT } else { &common.id };
        let parser = OperatorConfig::syslog(
            format!("{id}_internal_parser"),
            syslog.clone(),
            on_error.as_deref().filter(|word| !word.is_empty()),
            mem::take(&mut common.output),
        );
        common.operators.insert(0, parser);
        Self { common, syslog, tcp: from.when_written("tcp"), udp: from.when_written("udp") }
    }

    fn validate(&self, problems: &mut Problems<'_>) {
        problems.within("retry_on_failure", &self.common.retry_on_failure);
        let framed =
            self.syslog.enable_octet_counting || self.syslog.non_transparent_framing_trailer.is_some();
        match (&self.tcp, &self.udp) {
            (Some(tcp), _) => problems.within("tcp", tcp),
            (None, Some(_)) if framed => {
                problems.add("", "octet_counting and non_transparent_framing is not compatible with UDP");
            }
            (None, Some(udp)) => problems.within("udp", udp),
            (None, None) => problems.add("", "need tcp config or udp config"),
        }
    }
}
