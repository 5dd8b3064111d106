//! Batches in Thrift.

use std::borrow::Cow;

use slimcol_pdata::{Traces, put};
use slimcol_thrift::{Error as Bad, Field, Kind, Protocol, Reader};

use crate::{
    Error,
    span::{Log, Process, Reference, Span, Tag, Value},
    to_otlp,
};

/// Reads a `Batch`.
///
/// # Errors
/// It is none; nothing of it is taken then.
pub fn from_thrift(protocol: Protocol, body: &[u8]) -> Result<Traces, Error> {
    batch(&mut Reader::new(protocol, body))
}

/// Reads what clients send to an agent: a call of `emitBatch`.
///
/// # Errors
/// It is no such call; nothing of it is taken then.
pub fn from_agent(protocol: Protocol, packet: &[u8]) -> Result<Traces, Error> {
    let mut reader = Reader::new(protocol, packet);
    let call = reader.message()?;
    if call.name != "emitBatch" {
        return Err(Error::new(format!("Unknown function {}", call.name)));
    }
    let mut read = Ok(Traces::default());
    reader
        .structure(|reader, field| {
            match (field.id, field.kind) {
                (1, Kind::Struct) => read = batch(reader),
                _ => reader.skip(field.kind)?,
            }
            // An error leaves the reader anywhere, so that nothing behind it can be read.
            if read.is_err() { Err(Bad::Short) } else { Ok(()) }
        })
        .or_else(|bad| if read.is_err() { Ok(()) } else { Err(bad) })?;
    read
}

fn batch(reader: &mut Reader<'_>) -> Result<Traces, Error> {
    let mut by = None;
    let mut spans = None;
    reader.structure(|reader, field| {
        match field.id {
            1 => by = Some(structure(reader, field, process)?),
            2 => {
                let mut encoded = Vec::new();
                reader.structures(field.kind, |reader| {
                    let span = span(reader)?;
                    if !span.is_blank() {
                        to_otlp::span(span, false, &mut encoded);
                    }
                    Ok(())
                })?;
                spans = Some(encoded);
            }
            _ => reader.skip(field.kind)?,
        }
        Ok(())
    })?;
    let by = by.ok_or_else(|| Error::new("Required field Process is not set"))?;
    let spans = spans.ok_or_else(|| Error::new("Required field Spans is not set"))?;
    let mut request = Vec::with_capacity(spans.len() + 256);
    put::message(&mut request, 1, |to| {
        to_otlp::resource(by, to);
        put::bytes(to, 2, &spans);
    });
    Ok(Traces::from_bytes(request.into())?)
}

/// Reads a field that is a struct.
fn structure<'a, T>(
    reader: &mut Reader<'a>,
    field: Field,
    read: impl FnOnce(&mut Reader<'a>) -> Result<T, Bad>,
) -> Result<T, Bad> {
    if field.kind == Kind::Struct { read(reader) } else { Err(Bad::Other(field.kind)) }
}

fn process<'a>(reader: &mut Reader<'a>) -> Result<Process<'a>, Bad> {
    let mut process = Process::default();
    reader.structure(|reader, field| {
        match field.id {
            1 => process.service = reader.text(field.kind)?,
            2 => process.tags = tags(reader, field)?,
            _ => reader.skip(field.kind)?,
        }
        Ok(())
    })?;
    Ok(process)
}

fn span<'a>(reader: &mut Reader<'a>) -> Result<Span<'a>, Bad> {
    let mut span = Span::default();
    let (mut start, mut duration) = (0_i64, 0_i64);
    reader.structure(|reader, field| {
        let id = |reader: &mut Reader<'_>| reader.int(field.kind).map(i64::to_be_bytes);
        match field.id {
            1 => span.trace_id[8..].copy_from_slice(&id(reader)?),
            2 => span.trace_id[..8].copy_from_slice(&id(reader)?),
            3 => span.id = id(reader)?,
            4 => span.parent_id = id(reader)?,
            5 => span.name = reader.text(field.kind)?,
            6 => reader.structures(field.kind, |reader| {
                span.references.push(reference(reader)?);
                Ok(())
            })?,
            7 => span.flags = reader.int(field.kind)?.cast_unsigned(),
            8 => start = reader.int(field.kind)?,
            9 => duration = reader.int(field.kind)?,
            10 => span.tags = tags(reader, field)?,
            11 => reader.structures(field.kind, |reader| {
                span.logs.push(log(reader)?);
                Ok(())
            })?,
            _ => reader.skip(field.kind)?,
        }
        Ok(())
    })?;
    span.start = nanos(start);
    span.end = nanos(start.wrapping_add(duration));
    Ok(span)
}

/// Microseconds in nanoseconds; what is too many is cut, as in Go.
const fn nanos(micros: i64) -> u64 {
    micros.cast_unsigned().wrapping_mul(1000)
}

fn reference(reader: &mut Reader<'_>) -> Result<Reference, Bad> {
    let mut reference = Reference::default();
    reader.structure(|reader, field| {
        match field.id {
            1 => reference.follows = reader.int(field.kind)? != 0,
            2 => reference.trace_id[8..].copy_from_slice(&reader.int(field.kind)?.to_be_bytes()),
            3 => reference.trace_id[..8].copy_from_slice(&reader.int(field.kind)?.to_be_bytes()),
            4 => reference.id = reader.int(field.kind)?.to_be_bytes(),
            _ => reader.skip(field.kind)?,
        }
        Ok(())
    })?;
    Ok(reference)
}

fn log<'a>(reader: &mut Reader<'a>) -> Result<Log<'a>, Bad> {
    let mut log = Log::default();
    reader.structure(|reader, field| {
        match field.id {
            1 => log.time = nanos(reader.int(field.kind)?),
            2 => log.fields = tags(reader, field)?,
            _ => reader.skip(field.kind)?,
        }
        Ok(())
    })?;
    Ok(log)
}

fn tags<'a>(reader: &mut Reader<'a>, field: Field) -> Result<Vec<Tag<'a>>, Bad> {
    let mut tags = Vec::new();
    reader.structures(field.kind, |reader| {
        tags.push(tag(reader)?);
        Ok(())
    })?;
    Ok(tags)
}

fn tag<'a>(reader: &mut Reader<'a>) -> Result<Tag<'a>, Bad> {
    let (mut name, mut kind) = (Cow::Borrowed(""), 0);
    let (mut text, mut double, mut bool, mut int, mut bytes) = (Cow::Borrowed(""), 0.0, false, 0, &[][..]);
    reader.structure(|reader, field| {
        match field.id {
            1 => name = reader.text(field.kind)?,
            2 => kind = reader.int(field.kind)?,
            3 => text = reader.text(field.kind)?,
            4 => double = reader.double(field.kind)?,
            5 => bool = reader.bool(field.kind)?,
            6 => int = reader.int(field.kind)?,
            7 => bytes = reader.bytes(field.kind)?,
            _ => reader.skip(field.kind)?,
        }
        Ok(())
    })?;
    let value = match kind {
        0 => Value::Text(text),
        1 => Value::Double(double),
        2 => Value::Bool(bool),
        3 => Value::Int(int),
        4 => Value::Bytes(bytes),
        _ => Value::Text(Cow::Borrowed("<Unknown Jaeger TagType \"<UNSET>\">")),
    };
    Ok((name, value))
}
