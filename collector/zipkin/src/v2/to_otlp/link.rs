//! Links, which Zipkin does not have: exporters write them into tags.

use slimcol_pdata::put;

use super::event::count;
use crate::{Error, json::attributes, v2::tags::Tags};

/// How many links a span may bring, as in Go.
const MOST: usize = 128;

/// Appends the links in `otlp.link.0` and so on, each `trace id|span id|state|{…}|dropped`, and takes them out of the tags.
pub(super) fn links(tags: &mut Tags<'_>, to: &mut Vec<u8>) -> Result<(), Error> {
    for index in 0..MOST {
        let Some(link) = tags.take(&format!("otlp.link.{index}")) else { break };
        let mut parts = link.splitn(4, '|');
        let parts =
            (parts.next(), parts.next(), parts.next(), parts.next().and_then(|rest| rest.rsplit_once('|')));
        let (Some(trace), Some(span), Some(state), Some((json, dropped))) = parts else { continue };
        put::message(to, 13, |to| {
            id::<16>(to, 1, trace)?;
            id::<8>(to, 2, span)?;
            put::bytes(to, 3, state.as_bytes());
            attributes(json, 4, to)?;
            put::varint_field(to, 5, count(dropped)?.into());
            Ok::<_, Error>(())
        })?;
    }
    Ok(())
}

fn id<const N: usize>(to: &mut Vec<u8>, number: u32, text: &str) -> Result<(), Error> {
    if text.is_empty() {
        return Ok(());
    }
    if text.len() != 2 * N {
        return Err(Error::new("invalid length for ID"));
    }
    put::bytes(to, number, &hex::<N>(text)?);
    Ok(())
}

/// The bytes that hex digits stand for.
pub(crate) fn hex<const N: usize>(text: &str) -> Result<[u8; N], Error> {
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
        let digits = std::str::from_utf8(pair).unwrap_or_default();
        *byte = u8::from_str_radix(digits, 16)
            .ok()
            .filter(|_| pair.iter().all(u8::is_ascii_hexdigit))
            .ok_or_else(|| Error::new(format!("cannot unmarshal ID from string '{text}': it is no hex")))?;
    }
    Ok(bytes)
}
