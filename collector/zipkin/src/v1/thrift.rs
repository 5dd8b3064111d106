//! Version 1 in Thrift: a list of `Span`s in the binary protocol.

use std::{
    borrow::Cow,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

use slimcol_pdata::{Traces, view::ValueRef};
use slimcol_thrift::{Error as Bad, Kind, Protocol, Reader};

use super::otlp::{Endpoint, Groups, Span, Value};
use crate::{Error, json::keep_last};

/// Reads a list of spans.
///
/// # Errors
/// It is no such list; nothing of it is taken then.
pub fn from_thrift(body: &[u8]) -> Result<Traces, Error> {
    let mut groups = Groups::default();
    let mut reader = Reader::new(Protocol::Binary, body);
    reader.structures(Kind::List, |reader| {
        let (endpoint, span) = span(reader)?;
        groups.add(endpoint, &span);
        Ok(())
    })?;
    groups.finish()
}

fn span<'a>(reader: &mut Reader<'a>) -> Result<(Endpoint<'a>, Span<'a>), Bad> {
    let mut span = Span::default();
    let (mut high, mut low) = (0_i64, 0_i64);
    let (mut start, mut duration) = (None, 0);
    let mut tags = Tags::default();
    reader.structure(|reader, field| {
        match field.id {
            1 => low = reader.int(field.kind)?,
            3 => span.name = reader.text(field.kind)?,
            4 => span.id = reader.int(field.kind)?.to_be_bytes(),
            5 => span.parent_id = reader.int(field.kind)?.to_be_bytes(),
            6 => reader.structures(field.kind, |reader| {
                let (mut time, mut value, mut host) = (0, Cow::Borrowed(""), None);
                reader.structure(|reader, field| {
                    match field.id {
                        1 => time = reader.int(field.kind)?,
                        2 => value = reader.text(field.kind)?,
                        3 => host = Some(endpoint(reader)?),
                        _ => reader.skip(field.kind)?,
                    }
                    Ok(())
                })?;
                span.told.hear(time, value, host);
                Ok(())
            })?,
            8 => reader.structures(field.kind, |reader| tags.read(reader, &mut span))?,
            10 => start = Some(reader.int(field.kind)?),
            11 => duration = reader.int(field.kind)?,
            12 => high = reader.int(field.kind)?,
            _ => reader.skip(field.kind)?,
        }
        Ok(())
    })?;
    span.trace_id[..8].copy_from_slice(&high.to_be_bytes());
    span.trace_id[8..].copy_from_slice(&low.to_be_bytes());
    span.time = start.map(|start| (start, duration));
    keep_last(&mut span.attributes);
    let endpoint = span.told.maker(tags.service());
    Ok((endpoint, span))
}

fn endpoint<'a>(reader: &mut Reader<'a>) -> Result<Endpoint<'a>, Bad> {
    let mut endpoint = Endpoint::default();
    reader.structure(|reader, field| {
        match field.id {
            1 => {
                let ip = reader.int(field.kind)?;
                if ip != 0 {
                    endpoint.ipv4 = Ipv4Addr::from(low32(ip.cast_unsigned())).to_string().into();
                }
            }
            2 => endpoint.port = reader.int(field.kind)?.try_into().unwrap_or_default(),
            3 => endpoint.service = reader.text(field.kind)?,
            4 => {
                if let Ok(octets) = <[u8; 16]>::try_from(reader.bytes(field.kind)?) {
                    endpoint.ipv6 = IpAddr::from(Ipv6Addr::from(octets)).to_canonical().to_string().into();
                }
            }
            _ => reader.skip(field.kind)?,
        }
        Ok(())
    })?;
    Ok(endpoint)
}

/// The low half, in which Thrift has the address.
const fn low32(value: u64) -> u32 {
    (value & 0xffff_ffff) as u32
}

/// What binary annotations tell besides attributes.
#[derive(Default)]
struct Tags<'a> {
    host: Cow<'a, str>,
    component: Cow<'a, str>,
}

impl<'a> Tags<'a> {
    fn read(&mut self, reader: &mut Reader<'a>, span: &mut Span<'a>) -> Result<(), Bad> {
        let (mut key, mut bytes, mut kind) = (Cow::Borrowed(""), &[][..], 0);
        reader.structure(|reader, field| {
            match field.id {
                1 => key = reader.text(field.kind)?,
                2 => bytes = reader.bytes(field.kind)?,
                3 => kind = reader.int(field.kind)?,
                4 => self.host = endpoint(reader)?.service,
                _ => reader.skip(field.kind)?,
            }
            Ok(())
        })?;
        if key == "lc" {
            key = Cow::Borrowed("component");
            self.component = String::from_utf8_lossy(bytes);
        }
        let value = value(kind, bytes);
        if !span.status.takes(&key, &value) {
            span.attributes.push((key, value));
        }
        Ok(())
    }

    fn service(self) -> Cow<'a, str> {
        if self.host.is_empty() { self.component } else { self.host }
    }
}

/// The value of a binary annotation of the type with this number.
fn value(kind: i64, bytes: &[u8]) -> Value<'_> {
    let number = match kind {
        0 => return Value::Bool(bytes == [1]),
        1 => return Value::Text(ValueRef::Bytes(bytes).to_text().into_owned().into()),
        2 => bytes.first_chunk().map(|number| Value::Int(u16::from_be_bytes(*number).into())),
        3 => bytes.first_chunk().map(|number| Value::Int(u32::from_be_bytes(*number).into())),
        4 => bytes.first_chunk().map(|number| Value::Int(i64::from_be_bytes(*number))),
        5 => bytes.first_chunk().map(|number| Value::Double(f64::from_be_bytes(*number))),
        6 => return Value::Text(String::from_utf8_lossy(bytes)),
        other => {
            return Value::Text(format!("<unknown zipkin v1 binary annotation type ({other})>").into());
        }
    };
    number.unwrap_or(Value::Text(Cow::Borrowed("<not enough bytes representing the number>")))
}
