//! The ports that an image says it listens on: those of its configuration.

use std::collections::BTreeSet;

use slimcol_config::Node;

/// The OTLP receiver's defaults, for an image whose configuration comes from elsewhere or names no port.
const OTLP: [u16; 2] = [4317, 4318];

/// Every port that `config` names as an endpoint of a receiver or an extension.
pub(super) fn exposed(config: Option<&str>) -> BTreeSet<u16> {
    let root = config.and_then(|text| slimcol_config::parse("config.yaml", text).ok());
    let mut ports = BTreeSet::new();
    for section in ["receivers", "extensions"] {
        if let Some(node) = root.as_ref().and_then(|root| root.get(section)) {
            collect(node, &mut ports);
        }
    }
    if ports.is_empty() { OTLP.into() } else { ports }
}

fn collect(node: &Node, ports: &mut BTreeSet<u16>) {
    for entry in node.entries() {
        if matches!(entry.key(), "endpoint" | "listen_address") {
            ports.extend(entry.value().as_str().and_then(port));
        }
        collect(entry.value(), ports);
    }
    for item in node.items().unwrap_or_default() {
        collect(item, ports);
    }
}

/// The port at the end of an address, also of one with a variable and a default in it.
fn port(address: &str) -> Option<u16> {
    let digits = address.trim_end_matches('}').rsplit_once(':')?.1.trim_start_matches('-');
    digits.parse().ok().filter(|port| *port != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_are_those_of_the_configuration() {
        let config = "receivers:\n  otlp:\n    protocols:\n      grpc: {endpoint: '${env:HOST:-localhost}:4317'}\n      \
                      http: {endpoint: '[::1]:14318'}\nexporters:\n  otlp: {endpoint: 'x:9999'}\nextensions:\n  \
                      health_check: {endpoint: '${env:HEALTH:-localhost:13133}'}\n";
        assert_eq!(exposed(Some(config)), [4317, 13133, 14318].into());
        for config in [None, Some("receivers: {otlp: }"), Some("a: [")] {
            assert_eq!(exposed(config), [4317, 4318].into());
        }
    }
}
