//! Entries of what came over a socket.

use std::{
    net::SocketAddr,
    time::{SystemTime, UNIX_EPOCH},
};

use slimcol_fileconsumer::Tokens;
use slimcol_logreceiver::Intake;
use slimcol_service::Log;
use slimcol_stanza::{Entry, Text, Value};

/// Attributes of all that came from one place.
pub(crate) type About = Vec<(Text, Value)>;

/// Tells both ends of a connection: `transport` is `IP.TCP` or `IP.UDP`.
pub(crate) fn about(transport: &'static str, peer: SocketAddr, local: SocketAddr) -> About {
    let mut about = vec![(Text::from_static("net.transport"), Value::from(transport))];
    for (end, names) in [
        (peer, ["net.peer.ip", "net.peer.port", "net.peer.name"]),
        (local, ["net.host.ip", "net.host.port", "net.host.name"]),
    ] {
        let ip = end.ip().to_canonical();
        let values = [ip.to_string(), end.port().to_string(), slimcol_net::name_of(ip)];
        let pairs = names.into_iter().zip(values);
        about.extend(pairs.map(|(name, value)| (Text::from_static(name), Value::Text(value.into()))));
    }
    about
}

/// Adds an entry for each token. `bytes` says that they are no text.
pub(crate) fn add(
    to: &mut Vec<Entry>,
    tokens: &Tokens,
    bytes: bool,
    about: &About,
    intake: &Intake,
    log: &Log,
) {
    let observed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let observed = i64::try_from(observed.as_nanos()).unwrap_or(i64::MAX);
    // Looked through once for all tokens.
    let text = if bytes { None } else { Text::try_from(tokens.text().clone()).ok() };
    for (start, end) in tokens.places() {
        let part = text.as_ref().and_then(|text| text.get(start..end).map(|part| text.slice_ref(part)));
        let body = match part {
            Some(text) => Value::Text(text),
            None if bytes => Value::Bytes(tokens.text().slice(start..end)),
            None => Value::Text(String::from_utf8_lossy(&tokens.text()[start..end]).into_owned().into()),
        };
        match intake.entry(body, observed) {
            Ok(mut entry) => {
                for (name, value) in about {
                    entry.attributes.insert(name.clone(), value.clone());
                }
                to.push(entry);
            }
            Err(error) => log.error("Failed to create entry", &[("error", error.into())]),
        }
    }
}
