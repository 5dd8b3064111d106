//! URIs, as Go's `url.ParseRequestURI` reads them: a fragment is none.

use std::fmt::Write;

use super::query::unescaped;

/// The parts; those that are missing are empty.
#[derive(Debug, Default)]
pub(super) struct Reference<'a> {
    pub(super) scheme: String,
    pub(super) user: String,
    pub(super) host: String,
    pub(super) port: String,
    /// With its escapes.
    pub(super) path: String,
    pub(super) query: &'a str,
}

pub(super) fn read(text: &str) -> Result<Reference<'_>, String> {
    if text.bytes().any(|b| b < b' ' || b == 0x7f) {
        return Err("net/url: invalid control character in URL".into());
    }
    if text.is_empty() {
        return Err("empty url".into());
    }
    let mut found = Reference::default();
    if text == "*" {
        found.path = text.into();
        return Ok(found);
    }
    let (scheme, rest) = scheme(text)?;
    found.scheme = scheme.to_ascii_lowercase();
    let (mut rest, query) = rest.split_once('?').unwrap_or((rest, ""));
    found.query = query;
    if !rest.starts_with('/') {
        // Behind a scheme it is opaque.
        return if scheme.is_empty() { Err("invalid URI for request".into()) } else { Ok(found) };
    }
    if let Some(authority) = rest.strip_prefix("//").filter(|_| !scheme.is_empty()) {
        let end = authority.find('/').unwrap_or(authority.len());
        rest = &authority[end..];
        let (user, host) = authority[..end].rsplit_once('@').unwrap_or(("", &authority[..end]));
        found.user = username(user)?;
        (found.host, found.port) = host_and_port(host)?;
    }
    found.path = path(rest)?;
    Ok(found)
}

fn scheme(text: &str) -> Result<(&str, &str), String> {
    for (at, c) in text.char_indices() {
        match c {
            'a'..='z' | 'A'..='Z' => {}
            '0'..='9' | '+' | '-' | '.' if at > 0 => {}
            ':' if at == 0 => return Err("missing protocol scheme".into()),
            ':' => return Ok((&text[..at], &text[at + 1..])),
            _ => break,
        }
    }
    Ok(("", text))
}

fn username(info: &str) -> Result<String, String> {
    let valid = |b: u8| b.is_ascii_alphanumeric() || b"-._:~!$&'()*+,;=%@".contains(&b);
    if !info.bytes().all(valid) {
        return Err("net/url: invalid userinfo".into());
    }
    unescaped(info.split_once(':').map_or(info, |(user, _)| user), false)
}

fn host_and_port(text: &str) -> Result<(String, String), String> {
    let (host, rest) = if let Some(inner) = text.strip_prefix('[') {
        let end = inner.rfind(']').ok_or("missing ']' in host")?;
        (&inner[..end], &inner[end + 1..])
    } else {
        text.split_at(text.rfind(':').unwrap_or(text.len()))
    };
    let port = rest.strip_prefix(':').unwrap_or(rest);
    let valid = rest.is_empty() || rest.starts_with(':') && port.bytes().all(|b| b.is_ascii_digit());
    if !valid {
        return Err(format!("invalid port {rest:?} after host"));
    }
    if let Some(c) = host
        .chars()
        .find(|c| c.is_ascii() && !c.is_ascii_alphanumeric() && !"!$&'()*+,;=:[]<>\"-_.~%".contains(*c))
    {
        return Err(format!("invalid character {:?} in host name", c.to_string()));
    }
    Ok((unescaped(host, false)?, port.into()))
}

/// The path as Go writes it: as it is if it could have been written so, else escaped anew.
fn path(text: &str) -> Result<String, String> {
    let plain = unescaped(text, false)?;
    let unreserved = |b: u8| b.is_ascii_alphanumeric() || b"-_.~$&+,/:;=@".contains(&b);
    if text.bytes().all(|b| unreserved(b) || b"!'()*[]%".contains(&b)) {
        return Ok(text.into());
    }
    let mut escaped = String::with_capacity(plain.len() + 8);
    for byte in plain.bytes() {
        if unreserved(byte) {
            escaped.push(char::from(byte));
        } else {
            write!(escaped, "%{byte:02X}").expect("a string takes all");
        }
    }
    Ok(escaped)
}
