//! Plain JSON objects as the bodies of log records.

use std::{borrow::Cow, collections::HashMap};

use slimcol_pdata::{
    Invalid,
    json::{Fault, Lexer},
    put,
};

/// Objects and lists may be nested so deep: what OTLP takes within its own messages.
pub(super) const DEPTH: usize = 32;

/// A request of one log record whose body is the object `text`; numbers are floating-point ones, as in Go.
pub(super) fn log(text: &[u8], now: u64) -> Result<Vec<u8>, String> {
    let mut lexer = Lexer::new(text);
    if lexer.peek() != Some(b'{') {
        return Err("json: cannot unmarshal what is no object".to_owned());
    }
    let mut body = Vec::with_capacity(text.len() + 16);
    value(&mut lexer, DEPTH, &mut body)?;
    if lexer.peek().is_some() {
        return Err("json: something follows the object".to_owned());
    }
    let mut record = Vec::with_capacity(body.len() + 16);
    put::bytes(&mut record, 5, &body);
    put::fixed64(&mut record, 11, now);
    let mut request = record;
    for number in [2, 2, 1] {
        let mut around = Vec::with_capacity(request.len() + 8);
        put::bytes(&mut around, number, &request);
        request = around;
    }
    Ok(request)
}

/// Appends the next value as the content of an `AnyValue`.
pub(super) fn value(lexer: &mut Lexer<'_>, depth: usize, to: &mut Vec<u8>) -> Result<(), String> {
    match lexer.peek() {
        Some(b'{' | b'[') if depth == 0 => return Err("json: nested too deep".to_owned()),
        Some(b'{') => {
            let mut pairs = Vec::new();
            object(lexer, depth - 1, &mut pairs)?;
            put::bytes(to, 6, &pairs);
        }
        Some(b'[') => {
            let mut values = Vec::new();
            list(lexer, depth - 1, &mut values)?;
            put::bytes(to, 5, &values);
        }
        Some(b'"') => put::bytes(to, 1, valid(&lexer.string().map_err(failed)?).as_bytes()),
        Some(b't' | b'f') => put::varint_field(to, 2, u64::from(lexer.bool().map_err(failed)?)),
        Some(b'n') => drop(lexer.null().map_err(failed)?),
        _ => {
            let number = lexer.number().map_err(failed)?;
            let number: f64 = number.parse().map_err(|_| format!("json: {number} is no number"))?;
            put::fixed64(to, 4, number.to_bits());
        }
    }
    Ok(())
}

/// Appends an object's members as the pairs of a `KeyValueList`. Of members of one name the last counts.
fn object(lexer: &mut Lexer<'_>, depth: usize, to: &mut Vec<u8>) -> Result<(), String> {
    let (mut places, mut found) = (HashMap::new(), Vec::new());
    members(lexer, &mut |lexer, key| {
        let mut member = Vec::new();
        value(lexer, depth, &mut member)?;
        let place = *places.entry(key.to_owned()).or_insert(found.len());
        if place == found.len() {
            found.push((key.to_owned(), member));
        } else {
            found[place].1 = member;
        }
        Ok(())
    })?;
    for (key, member) in found {
        let mut pair = Vec::with_capacity(key.len() + member.len() + 12);
        put::bytes(&mut pair, 1, key.as_bytes());
        put::bytes(&mut pair, 2, &member);
        put::bytes(to, 1, &pair);
    }
    Ok(())
}

/// Calls `read` before the value of each member of an object, with the member's name.
pub(super) fn members<'t>(
    lexer: &mut Lexer<'t>,
    read: &mut dyn FnMut(&mut Lexer<'t>, &str) -> Result<(), String>,
) -> Result<(), String> {
    lexer.expect(b'{', "ReadObject", "expect {").map_err(failed)?;
    if lexer.take(b'}') {
        return Ok(());
    }
    loop {
        let key = lexer.string().map_err(failed)?;
        lexer.expect(b':', "ReadObject", "expect : after object field").map_err(failed)?;
        read(lexer, &valid(&key))?;
        if !lexer.take(b',') {
            return lexer.expect(b'}', "ReadObject", "expect , or }").map_err(failed);
        }
    }
}

/// Appends a list's items as the values of an `ArrayValue`.
fn list(lexer: &mut Lexer<'_>, depth: usize, to: &mut Vec<u8>) -> Result<(), String> {
    lexer.take(b'[');
    if lexer.take(b']') {
        return Ok(());
    }
    loop {
        let mut item = Vec::new();
        value(lexer, depth, &mut item)?;
        put::bytes(to, 1, &item);
        if !lexer.take(b',') {
            return lexer.expect(b']', "ReadArray", "expect , or ]").map_err(failed);
        }
    }
}

pub(super) fn failed(fault: Fault) -> String {
    format!("json: {}", Invalid::from(fault))
}

/// Text, in which what is no UTF-8 is replaced.
pub(super) fn valid(bytes: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(bytes)
}

#[cfg(test)]
mod tests {
    use slimcol_pdata::Logs;

    use super::*;

    fn back(text: &str) -> Result<String, String> {
        let logs = Logs::from_bytes(log(text.as_bytes(), 7)?.into()).unwrap();
        let resource = logs.resource_logs().next().unwrap();
        let scope = resource.scope_logs().next().unwrap();
        let record = scope.log_records().next().unwrap();
        assert_eq!(record.observed_time_unix_nano(), 7);
        let mut json = Vec::new();
        record.body().write_json(&mut json);
        Ok(String::from_utf8(json).unwrap())
    }

    #[test]
    fn objects_become_bodies() {
        for (text, body) in [
            ("{}", "{}"),
            (
                r#" {"a":"x","b":[1,2.5,true,null,{"c":{}}],"z":false} "#,
                r#"{"a":"x","b":[1,2.5,true,null,{"c":{}}],"z":false}"#,
            ),
            (r#"{"a":1,"b":2,"a":"3"}"#, r#"{"a":"3","b":2}"#),
            (r#"{"\u00e4":"\n"}"#, "{\"ä\":\"\\n\"}"),
        ] {
            assert_eq!(back(text).unwrap(), body, "{text}");
        }
    }

    #[test]
    fn what_is_none_is_an_error() {
        let deep = format!("{}{}", r#"{"a":"#.repeat(40), "1".to_owned() + &"}".repeat(40));
        for text in [
            "",
            "[]",
            "1",
            "{",
            r#"{"a"}"#,
            r#"{"a":}"#,
            r#"{"a":1,}"#,
            "{} {}",
            r#"{"a":[1 2]}"#,
            r#"{"a":nul}"#,
            &deep,
        ] {
            back(text).unwrap_err();
        }
        assert_eq!(back("[]").unwrap_err(), "json: cannot unmarshal what is no object");
        let hostile = "[".repeat(1 << 20);
        assert_eq!(back(&format!(r#"{{"a":{hostile}"#)).unwrap_err(), "json: nested too deep");
    }
}
