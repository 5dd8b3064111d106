//! What a gRPC endpoint says: where to connect, whether by TLS, and as which authority.

use std::path::PathBuf;

/// An endpoint, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Target {
    /// Where to connect.
    pub(crate) place: Place,
    /// What requests name as `:authority` if nothing else is configured.
    pub(crate) authority: String,
    /// Whether the endpoint itself asks for TLS (`https://`).
    pub(crate) https: bool,
}

/// Where to connect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// All addresses of a host.
    Host {
        /// A name or an address without brackets; empty for the local host.
        host: String,
        port: u16,
    },
    /// A Unix socket.
    Unix(PathBuf),
}

impl Target {
    /// Takes `endpoint` apart. Errors are the Go collector's texts from `configgrpc.ClientConfig.Validate`.
    pub(crate) fn parse(endpoint: &str) -> Result<Self, String> {
        if let Some(path) = endpoint.strip_prefix("unix://") {
            if path.is_empty() {
                return Err("unix socket path cannot be empty".to_owned());
            }
            let place = Place::Unix(path.into());
            return Ok(Self { place, authority: "localhost".to_owned(), https: false });
        }
        let https = endpoint.starts_with("https://");
        let address = strip_scheme(endpoint);
        if address.is_empty() {
            return Err("requires a non-empty \"endpoint\"".to_owned());
        }
        let (host, port) = split_host_port(address)?;
        let number = port.parse().map_err(|_| format!("invalid port \"{port}\""))?;
        let place = Place::Host { host: host.to_owned(), port: number };
        Ok(Self { place, authority: address.to_owned(), https })
    }

    /// The host that a certificate is checked against if nothing else is configured.
    pub(crate) fn host(&self) -> &str {
        match &self.place {
            Place::Host { host, .. } if !host.is_empty() => host,
            _ => "localhost",
        }
    }
}

/// The address in an endpoint: `http://` and `https://` go, and of gRPC's own schemes (`dns://server/host:1`) the name
/// server too.
fn strip_scheme(endpoint: &str) -> &str {
    if let Some(rest) = endpoint.strip_prefix("http://").or_else(|| endpoint.strip_prefix("https://")) {
        return rest;
    }
    match endpoint.split_once("://") {
        Some((_, rest)) => rest.split_once('/').map_or("", |(_, address)| address),
        None => endpoint,
    }
}

/// Go's `net.SplitHostPort`, errors included. The host comes without brackets.
pub(crate) fn split_host_port(address: &str) -> Result<(&str, &str), String> {
    let fail = |what: &str| Err(format!("address {address}: {what}"));
    let Some(colon) = address.rfind(':') else { return fail("missing port in address") };
    if let Some(rest) = address.strip_prefix('[') {
        let Some(end) = rest.find(']') else { return fail("missing ']' in address") };
        let (host, after) = (&rest[..end], &rest[end + 1..]);
        return match after.strip_prefix(':') {
            Some(port) if !port.contains(':') => Ok((host, port)),
            Some(_) => fail("too many colons in address"),
            None => fail("missing port in address"),
        };
    }
    let host = &address[..colon];
    if host.contains(':') {
        return fail("too many colons in address");
    }
    Ok((host, &address[colon + 1..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endpoints_that_load() {
        let host = |host: &str, port, authority: &str, https| Target {
            place: Place::Host { host: host.into(), port },
            authority: authority.into(),
            https,
        };
        for (endpoint, target) in [
            ("localhost:4317", host("localhost", 4317, "localhost:4317", false)),
            ("http://a:1", host("a", 1, "a:1", false)),
            ("https://a:1", host("a", 1, "a:1", true)),
            ("dns:///a:1", host("a", 1, "a:1", false)),
            ("dns://8.8.8.8/a:1", host("a", 1, "a:1", false)),
            ("passthrough:///a:1", host("a", 1, "a:1", false)),
            ("[::1]:1", host("::1", 1, "[::1]:1", false)),
            (":4317", host("", 4317, ":4317", false)),
        ] {
            assert_eq!(Target::parse(endpoint), Ok(target), "{endpoint}");
        }
        assert_eq!(Target::parse("unix:///run/x.sock").unwrap().place, Place::Unix("/run/x.sock".into()));
    }

    #[test]
    fn endpoints_that_do_not() {
        for (endpoint, message) in [
            ("", "requires a non-empty \"endpoint\""),
            ("https://", "requires a non-empty \"endpoint\""),
            ("localhost", "address localhost: missing port in address"),
            ("localhost:abc", "invalid port \"abc\""),
            ("localhost:99999", "invalid port \"99999\""),
            ("localhost:", "invalid port \"\""),
            ("a:b:1", "address a:b:1: too many colons in address"),
            ("[::1]", "address [::1]: missing port in address"),
            ("[::1:4317", "address [::1:4317: missing ']' in address"),
            ("unix://", "unix socket path cannot be empty"),
        ] {
            assert_eq!(Target::parse(endpoint), Err(message.to_owned()), "{endpoint}");
        }
    }
}
