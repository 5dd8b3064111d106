//! A payload as bytes that outlive the process: the telemetry as it is, and before it what is known of who sent it.
//!
//! ```text
//! envelope = version:1 length:4 client telemetry      length of the client
//! client   = address header*                          no address is an empty text
//! header   = name count:4 value*
//! ```
//!
//! Texts have their lengths before them; numbers have four bytes, little-endian.

use bytes::Bytes;
use slimcol_pdata::{Data, Signal};
use slimcol_service::{BoxError, Client, ClientInfo, Payload};

const VERSION: u8 = 1;

/// The most that is kept of a sender's headers, in bytes; what does not fit is left out.
const MOST: usize = 64 << 10;

/// What an envelope holds.
pub(crate) enum Opened {
    Payload(Payload),
    /// Something that a later version may have sealed.
    Unknown(BoxError),
    /// Nothing that was ever sealed.
    Invalid(BoxError),
}

/// The pieces of the envelope, which share the payload's memory.
pub(crate) fn seal(payload: &Payload) -> Vec<Bytes> {
    let mut head = vec![VERSION, 0, 0, 0, 0];
    if let Some(info) = payload.client.info() {
        text(&mut head, &info.addr.map(|addr| addr.to_string()).unwrap_or_default());
        for (name, values) in &info.metadata {
            let before = head.len();
            text(&mut head, name);
            number(&mut head, values.len());
            for value in values {
                text(&mut head, value);
            }
            if head.len() > MOST {
                head.truncate(before);
            }
        }
    }
    let client = u32::try_from(head.len() - 5).unwrap_or_default();
    head[1..5].copy_from_slice(&client.to_le_bytes());
    let mut pieces = vec![Bytes::from(head)];
    pieces.extend(payload.data.pieces());
    pieces
}

/// Opens what [`seal`] made.
pub(crate) fn open(signal: Signal, sealed: &Bytes) -> Opened {
    if sealed.first() != Some(&VERSION) {
        return Opened::Unknown("its format is not known".into());
    }
    let mut rest = &sealed[1..];
    let Some(client) = take(&mut rest) else { return Opened::Invalid("it is cut off".into()) };
    let Some(client) = read_client(client) else { return Opened::Invalid("its sender is damaged".into()) };
    let telemetry = sealed.slice(sealed.len() - rest.len()..);
    match Data::from_bytes(signal, telemetry) {
        Ok(data) => Opened::Payload(Payload { data, client }),
        Err(invalid) => Opened::Invalid(invalid.to_string().into()),
    }
}

fn read_client(mut from: &[u8]) -> Option<Client> {
    if from.is_empty() {
        return Some(Client::default());
    }
    let addr = take_text(&mut from)?.parse().ok();
    let mut metadata = Vec::new();
    while !from.is_empty() {
        let name = take_text(&mut from)?;
        let values: Option<_> = (0..take_number(&mut from)?).map(|_| take_text(&mut from)).collect();
        metadata.push((name, values?));
    }
    Some(Client::new(ClientInfo { addr, metadata, ..ClientInfo::default() }))
}

/// Lengths are those of headers, which were received over a network.
fn number(to: &mut Vec<u8>, number: usize) {
    to.extend(u32::try_from(number).unwrap_or(u32::MAX).to_le_bytes());
}

fn text(to: &mut Vec<u8>, text: &str) {
    number(to, text.len());
    to.extend_from_slice(text.as_bytes());
}

fn take_number(from: &mut &[u8]) -> Option<usize> {
    let (number, rest) = from.split_first_chunk()?;
    *from = rest;
    usize::try_from(u32::from_le_bytes(*number)).ok()
}

/// What stands behind its length.
fn take<'a>(from: &mut &'a [u8]) -> Option<&'a [u8]> {
    let len = take_number(from)?;
    let (taken, rest) = from.split_at_checked(len)?;
    *from = rest;
    Some(taken)
}

fn take_text(from: &mut &[u8]) -> Option<String> {
    String::from_utf8(take(from)?.to_vec()).ok()
}

#[cfg(test)]
mod tests {
    use slimcol_testing::{numbered, numbers};

    use super::*;

    fn joined(payload: &Payload) -> Bytes {
        seal(payload).concat().into()
    }

    fn from(metadata: Vec<(String, Vec<String>)>) -> Payload {
        let client =
            Client::new(ClientInfo { addr: "1.2.3.4:5".parse().ok(), metadata, ..ClientInfo::default() });
        Payload { data: numbered(0..3), client }
    }

    #[test]
    fn what_is_sealed_comes_out() {
        let headers =
            vec![("a".to_owned(), vec!["1".to_owned(), String::new()]), ("b".to_owned(), Vec::new())];
        let Opened::Payload(payload) = open(Signal::Logs, &joined(&from(headers.clone()))) else {
            panic!("not open")
        };
        assert_eq!(numbers(&payload.data), [0, 1, 2]);
        let info = payload.client.info().unwrap();
        assert_eq!((info.addr, &info.metadata), ("1.2.3.4:5".parse().ok(), &headers));
        let Opened::Payload(payload) = open(Signal::Logs, &joined(&numbered(7..8).into())) else {
            panic!("not open")
        };
        assert!(payload.client.info().is_none());
        assert_eq!(numbers(&payload.data), [7]);
    }

    #[test]
    fn headers_are_bounded() {
        let headers =
            vec![("large".to_owned(), vec!["x".repeat(MOST)]), ("small".to_owned(), vec!["y".to_owned()])];
        let sealed = joined(&from(headers));
        assert!(sealed.len() < 1000);
        let Opened::Payload(payload) = open(Signal::Logs, &sealed) else { panic!("not open") };
        assert_eq!(payload.client.metadata("small"), ["y"]);
        assert!(payload.client.metadata("large").is_empty());
    }

    #[test]
    fn what_is_no_envelope_is_told_from_a_later_one() {
        let sealed = joined(&from(vec![("a".to_owned(), vec!["1".to_owned()])]));
        assert!(matches!(open(Signal::Logs, &[&[2], &sealed[1..]].concat().into()), Opened::Unknown(_)));
        assert!(matches!(open(Signal::Logs, &Bytes::new()), Opened::Unknown(_)));
        let whole = sealed.len();
        for cut in 1..whole {
            if let Opened::Payload(payload) = open(Signal::Logs, &sealed.slice(..cut)) {
                // Cut between entries of the request, or before the first one.
                assert!(payload.data.is_empty(), "{cut}");
            }
        }
    }
}
