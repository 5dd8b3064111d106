//! URLs, as Go's `net/url` reads them and writes them again.

mod escape;

use std::net::Ipv6Addr;

use self::escape::{Within, escaped, valid};
use crate::query::unescaped;

/// What a text is taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum As {
    /// What stands in a request: from its root or with a scheme, without a fragment (`url.ParseRequestURI`).
    Request,
    /// Any reference (`url.Parse`).
    Reference,
}

/// The parts of a URL; those that are missing are empty.
#[derive(Debug, Default)]
pub struct Url<'a> {
    /// In small letters.
    pub scheme: String,
    /// Who asks, without escapes.
    pub user: Option<User>,
    /// Without escapes, brackets and the port.
    pub host: String,
    /// Only digits.
    pub port: String,
    /// Without escapes.
    pub path: String,
    /// As it was written.
    pub query: &'a str,
    /// Without escapes.
    pub fragment: String,
    /// What stands behind the scheme of a URL without a slash there.
    opaque: &'a str,
    /// Host and port together, without escapes.
    authority: String,
    raw_path: &'a str,
    raw_fragment: &'a str,
    /// Whether there is a question mark with nothing behind it.
    asks_nothing: bool,
    /// Whether no two slashes stand behind the scheme.
    local: bool,
}

/// Who asks.
#[derive(Debug, Default)]
pub struct User {
    /// The name.
    pub name: String,
    /// The password, if there is a colon for it.
    pub password: Option<String>,
}

/// Reads a URL.
pub fn read(text: &str, kind: As) -> Result<Url<'_>, String> {
    let (whole, fragment) = match kind {
        As::Request => (text, ""),
        As::Reference => text.split_once('#').unwrap_or((text, "")),
    };
    let mut url = parts(whole, kind).map_err(|why| format!("parse {whole:?}: {why}"))?;
    url.raw_fragment = fragment;
    url.fragment = unescaped(fragment, false).map_err(|why| format!("parse {text:?}: {why}"))?;
    Ok(url)
}

fn parts(text: &str, kind: As) -> Result<Url<'_>, String> {
    if text.bytes().any(|b| b < b' ' || b == 0x7f) {
        return Err("net/url: invalid control character in URL".into());
    }
    let request = kind == As::Request;
    if text.is_empty() && request {
        return Err("empty url".into());
    }
    let mut url = Url::default();
    if text == "*" {
        (url.path, url.raw_path) = (text.into(), text);
        return Ok(url);
    }
    let (scheme, rest) = scheme(text)?;
    url.scheme = scheme.to_ascii_lowercase();
    let (mut rest, query) = rest.split_once('?').unwrap_or((rest, ""));
    url.query = query;
    url.asks_nothing = query.is_empty() && text.ends_with('?');
    if !rest.starts_with('/') {
        if !scheme.is_empty() {
            url.opaque = rest;
            return Ok(url);
        }
        if request {
            return Err("invalid URI for request".into());
        }
        if rest.split('/').next().is_some_and(|segment| segment.contains(':')) {
            return Err("first path segment in URL cannot contain colon".into());
        }
    }
    let relative = !scheme.is_empty() || !request && !rest.starts_with("///");
    if let Some(authority) = rest.strip_prefix("//").filter(|_| relative) {
        let end = authority.find('/').unwrap_or(authority.len());
        rest = &authority[end..];
        let (info, host) = match authority[..end].rsplit_once('@') {
            Some((info, host)) => (Some(info), host),
            None => (None, &authority[..end]),
        };
        (url.authority, url.host, url.port) = host_and_port(&url.scheme, host)?;
        url.user = info.map(user).transpose()?;
    } else {
        url.local = !scheme.is_empty();
    }
    url.raw_path = rest;
    url.path = unescaped(rest, false)?;
    Ok(url)
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

fn user(info: &str) -> Result<User, String> {
    let valid = |b: u8| b.is_ascii_alphanumeric() || b"-._:~!$&'()*+,;=%@".contains(&b);
    if !info.bytes().all(valid) {
        return Err("net/url: invalid userinfo".into());
    }
    let (name, password) = match info.split_once(':') {
        Some((name, password)) => (name, Some(unescaped(password, false)?)),
        None => (info, None),
    };
    Ok(User { name: unescaped(name, false)?, password })
}

/// Host and port together, and each without the other.
fn host_and_port(scheme: &str, text: &str) -> Result<(String, String, String), String> {
    let open = text.rfind('[');
    if open.is_some_and(|at| at > 0) {
        return Err("invalid IP-literal".into());
    }
    let colon = match (open, scheme) {
        (Some(_), _) => Some(text.rfind(']').ok_or("missing ']' in host")? + 1),
        // Databases have lists of hosts with ports; the web has none.
        (None, "http" | "https") => text.find(':'),
        (None, _) => text.rfind(':'),
    };
    let (host, rest) = text.split_at(colon.unwrap_or(text.len()));
    let port = rest.strip_prefix(':').unwrap_or(rest);
    let digits = rest.is_empty() || rest.starts_with(':') && port.bytes().all(|b| b.is_ascii_digit());
    if !digits {
        return Err(format!("invalid port {rest:?} after host"));
    }
    let host = plain_host(host)?;
    let inner = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    if let Some(inner) = inner
        && inner.split('%').next().unwrap_or_default().parse::<Ipv6Addr>().is_err()
    {
        return Err(format!("invalid host: ParseAddr({inner:?}): unable to parse IP"));
    }
    let bare = inner.unwrap_or(&host).to_owned();
    Ok((format!("{host}{rest}"), bare, port.into()))
}

/// The host without escapes, of which only those are allowed that could not be written otherwise.
fn plain_host(text: &str) -> Result<String, String> {
    if let Some(at) = text.bytes().position(|b| b.is_ascii() && b != b'%' && Within::Host.escapes(b)) {
        let shown = text[at..].chars().next().map(String::from).unwrap_or_default();
        return Err(format!("invalid character {shown:?} in host name"));
    }
    let zone = text.find("%25").unwrap_or(text.len());
    for (at, _) in text[..zone].match_indices('%') {
        let shown = text[at..].get(..3);
        if let Some(shown) = shown.filter(|escape| escape.as_bytes()[1] < b'8') {
            return Err(format!("invalid URL escape {shown:?}"));
        }
    }
    unescaped(text, false)
}

impl Url<'_> {
    /// The path as it was if it could be written so, else escaped anew.
    pub fn escaped_path(&self) -> String {
        if self.raw_path == "*" || valid(self.raw_path, Within::Path) {
            return self.raw_path.to_owned();
        }
        escaped(&self.path, Within::Path)
    }
}

impl User {
    /// Name and password with what escapes they need.
    pub fn escaped(&self) -> String {
        let name = escaped(&self.name, Within::User);
        match &self.password {
            Some(password) => format!("{name}:{}", escaped(password, Within::User)),
            None => name,
        }
    }
}

impl std::fmt::Display for Url<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if !self.scheme.is_empty() {
            write!(f, "{}:", self.scheme)?;
        }
        if self.opaque.is_empty() {
            let named = !self.authority.is_empty() || self.user.is_some();
            if named || !self.scheme.is_empty() && !self.local && !self.path.is_empty() {
                f.write_str("//")?;
            }
            if let Some(user) = &self.user {
                write!(f, "{}@", user.escaped())?;
            }
            f.write_str(&escaped(&self.authority, Within::Host))?;
            let path = self.escaped_path();
            if !path.is_empty() && !path.starts_with('/') && !self.authority.is_empty() {
                f.write_str("/")?;
            }
            f.write_str(&path)?;
        } else {
            f.write_str(self.opaque)?;
        }
        if self.asks_nothing || !self.query.is_empty() {
            write!(f, "?{}", self.query)?;
        }
        if self.fragment.is_empty() {
            return Ok(());
        }
        if valid(self.raw_fragment, Within::Fragment) {
            write!(f, "#{}", self.raw_fragment)
        } else {
            write!(f, "#{}", escaped(&self.fragment, Within::Fragment))
        }
    }
}

#[cfg(test)]
mod tests;
