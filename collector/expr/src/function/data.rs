//! Functions of values of any type, of maps, and of encodings.

use base64::{Engine, engine::general_purpose::STANDARD};
use slimcol_expreval::{List, Map, Meter, Value, map_key, position, text_of};

use crate::json;

type Outcome<'a> = Result<Value<'a>, String>;

pub(super) fn len<'a>(args: &[Value<'a>], meter: &mut Meter) -> Outcome<'a> {
    let length = match &args[0] {
        Value::Text(text) => {
            meter.read(text.len())?;
            text.chars().count()
        }
        Value::Bytes(bytes) => bytes.len(),
        Value::List(list) => list.len(),
        Value::Map(map) => map.len(),
        other => return Err(format!("invalid argument for len (type {})", other.type_name())),
    };
    Ok(Value::Int(i64::try_from(length).unwrap_or(i64::MAX)))
}

#[expect(clippy::unnecessary_wraps, reason = "all functions have one shape")]
pub(super) fn type_of<'a>(args: &[Value<'a>], _: &mut Meter) -> Outcome<'a> {
    Ok(Value::from(match &args[0] {
        Value::Nil => "nil",
        Value::Float(_) => "float",
        Value::Bytes(_) | Value::List(_) => "array",
        Value::Map(_) => "map",
        other => other.type_name(),
    }))
}

pub(super) fn get<'a>(args: &[Value<'a>], _: &mut Meter) -> Outcome<'a> {
    Ok(match &args[0] {
        Value::Map(map) => args[1].as_str().and_then(|key| map.get(key)).unwrap_or(Value::Nil),
        Value::List(list) => position(&args[1], list.len())?.map_or(Value::Nil, |index| list.get(index)),
        Value::Text(text) => byte(text.as_bytes(), &args[1])?,
        Value::Bytes(bytes) => byte(bytes, &args[1])?,
        _ => Value::Nil,
    })
}

fn byte<'a>(bytes: &[u8], index: &Value<'_>) -> Outcome<'a> {
    let found = position(index, bytes.len())?.map(|index| bytes[index]);
    Ok(found.map_or(Value::Nil, |byte| Value::Int(byte.into())))
}

fn map<'v, 'a>(what: &str, value: &'v Value<'a>, meter: &mut Meter) -> Result<&'v Map<'a>, String> {
    match value {
        Value::Map(map) => {
            meter.items(map.len())?;
            Ok(map)
        }
        other => Err(what.replace("{}", other.kind_name())),
    }
}

pub(super) fn keys<'a>(args: &[Value<'a>], meter: &mut Meter) -> Outcome<'a> {
    let map = map("cannot get keys from {}", &args[0], meter)?;
    List::new(map.entries().into_iter().map(|(key, _)| Value::Text(key)).collect()).map(Value::List)
}

pub(super) fn values<'a>(args: &[Value<'a>], meter: &mut Meter) -> Outcome<'a> {
    let map = map("cannot get values from {}", &args[0], meter)?;
    List::new(map.entries().into_iter().map(|(_, value)| value).collect()).map(Value::List)
}

pub(super) fn to_pairs<'a>(args: &[Value<'a>], meter: &mut Meter) -> Outcome<'a> {
    let map = map("cannot transform {} to pairs", &args[0], meter)?;
    let pair = |(key, value)| List::new(vec![Value::Text(key), value]).map(Value::List);
    let pairs = map.entries().into_iter().map(pair).collect::<Result<_, _>>()?;
    List::new(pairs).map(Value::List)
}

pub(super) fn from_pairs<'a>(args: &[Value<'a>], meter: &mut Meter) -> Outcome<'a> {
    let Value::List(list) = &args[0] else {
        return Err(format!("cannot transform {} from pairs", args[0].kind_name()));
    };
    meter.items(list.len())?;
    // The last one of a key counts, and the first one is what a map keeps.
    let mut entries = Vec::new();
    for index in (0..list.len()).rev() {
        let Value::List(pair) = list.get(index) else { return Err("invalid pair".into()) };
        if pair.len() != 2 {
            return Err("invalid pair length".into());
        }
        entries.push((map_key("fromPairs", pair.get(0))?, pair.get(1)));
    }
    Map::new(entries).map(Value::Map)
}

pub(super) fn to_json<'a>(args: &[Value<'a>], meter: &mut Meter) -> Outcome<'a> {
    json::write(&args[0], meter).map(Value::made)
}

pub(super) fn from_json<'a>(args: &[Value<'a>], meter: &mut Meter) -> Outcome<'a> {
    json::read(text_of(&args[0])?, meter)
}

pub(super) fn to_base64<'a>(args: &[Value<'a>], meter: &mut Meter) -> Outcome<'a> {
    let text = text_of(&args[0])?;
    meter.bytes(text.len() / 3 * 4 + 4)?;
    Ok(Value::made(STANDARD.encode(text)))
}

pub(super) fn from_base64<'a>(args: &[Value<'a>], meter: &mut Meter) -> Outcome<'a> {
    let text = text_of(&args[0])?;
    meter.bytes(text.len())?;
    // Go skips line ends.
    let bytes = STANDARD.decode(text.replace(['\r', '\n'], ""));
    let bytes = bytes.map_err(|error| format!("illegal base64 data: {error}"))?;
    Ok(Value::made(String::from_utf8_lossy(&bytes).into_owned()))
}
