//! Who sent the request that a record came in: what the `otelcol` paths of all statements lead to.

use slimcol_pdata::{edit::OwnValue, view::ValueRef};
use slimcol_service::Client;

use super::{Context, Field, fields::Table};
use crate::{
    fault::Fault,
    program::{Index, Step},
    value::Value,
};

/// What is known of a sender.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SenderField {
    /// The address that the request came from.
    Addr,
    /// The request's headers.
    Metadata,
    /// What the receiver's authenticator learned.
    Auth,
    /// The request's headers, if it came by gRPC.
    Grpc,
}

pub(super) const FIELDS: Table = &[
    ("client.addr", Field::Sender(SenderField::Addr)),
    ("client.metadata", Field::Sender(SenderField::Metadata)),
    ("client.auth.attributes", Field::Sender(SenderField::Auth)),
    ("grpc.metadata", Field::Sender(SenderField::Grpc)),
];

fn texts(values: &[String]) -> OwnValue {
    OwnValue::list(values.iter().map(|value| ValueRef::Str(value)))
}

/// A field as a whole.
#[inline(never)]
pub(super) fn get(client: &Client, field: SenderField) -> Value<'static> {
    let info = client.info();
    match field {
        // Only of gRPC's senders does the Go collector know the port.
        SenderField::Addr => client.addr().map_or(Value::NIL, |addr| {
            Value::Text(if client.grpc() { addr.to_string() } else { addr.ip().to_string() })
        }),
        SenderField::Auth => {
            let pairs = info.map_or(&[][..], |info| &info.auth);
            OwnValue::map(pairs.iter().map(|(key, value)| (key.as_str(), ValueRef::Str(value)))).into()
        }
        SenderField::Metadata | SenderField::Grpc => {
            let mut map = OwnValue::empty_map();
            if let (Some(info), Some(mut pairs)) = (info, map.edit().into_map_mut())
                && (field == SenderField::Metadata || info.grpc)
            {
                for (key, values) in &info.metadata {
                    pairs.insert(key, texts(values).view());
                }
            }
            map.into()
        }
    }
}

/// What the keys lead to, in the Go collector's words if it is nowhere.
#[inline(never)]
pub(crate) fn find(field: SenderField, keys: &[Index], of: &dyn Context) -> Result<Value<'static>, Fault> {
    let Some((first, rest)) = keys.split_first() else {
        return Ok(of.get(Field::Sender(field)).into_owned());
    };
    let Step::Key(key) = first.step(of)? else {
        let more = if field == SenderField::Metadata { "cannot get map value: " } else { "" };
        let text = format!("{more}unable to resolve a string index in map: invalid key type");
        return Err(Fault::new(text));
    };
    let Some(client) = of.sender() else { return Ok(Value::NIL) };
    if field == SenderField::Auth {
        let value = client.attribute(&key);
        if !rest.is_empty() {
            let kind = if value.is_some() { "Str" } else { "Empty" };
            return Err(Fault::new(format!("attribute {key:?} value is not indexable: {kind}")));
        }
        return Ok(value.map_or(Value::NIL, |value| Value::Text(value.to_owned())));
    }
    let known = field == SenderField::Metadata || client.grpc();
    let values = if known { client.metadata(&key) } else { &[] };
    match rest {
        _ if values.is_empty() => Ok(Value::NIL),
        [] => Ok(texts(values).into()),
        [at] => {
            let Step::At(at) = at.step(of)? else {
                return Err(Fault::new("unable to resolve an integer index in slice: invalid key type"));
            };
            let value = usize::try_from(at).ok().and_then(|at| values.get(at));
            value
                .map(|value| Value::Text(value.clone()))
                .ok_or_else(|| Fault::new(format!("index {at} out of bounds")))
        }
        _ => Err(Fault::new("cannot index into string slice more than once")),
    }
}

/// Nothing of a sender can be changed.
pub(super) fn read_only<T>(field: SenderField) -> Result<T, Fault> {
    let name = FIELDS.iter().find(|(_, own)| *own == Field::Sender(field)).map_or("", |(name, _)| name);
    Err(Fault::new(format!("\"otelcol.{name}\" is read-only and cannot be modified")))
}
