//! Proxies: which one a request goes through, and tunnels through it.

use std::{env, fmt, net::IpAddr};

use http::{HeaderValue, Uri};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::{
    base64,
    dial::{self, DialError},
    handshake,
    stream::Stream,
    tls::Connector,
};

/// The longest answer to `CONNECT` that is read, bytes.
const MAX_ANSWER: usize = 8 << 10;

/// One proxy.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Proxy {
    https: bool,
    host: String,
    port: u16,
    /// What `Proxy-Authorization` says.
    authorization: Option<HeaderValue>,
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Proxy({}:{})", self.host, self.port)
    }
}

impl Proxy {
    /// A proxy from its URL; without a scheme it is plain HTTP. Errors do not show the URL, which may hold a password.
    pub(crate) fn parse(url: &str) -> Result<Self, String> {
        let whole = if url.contains("://") { url.to_owned() } else { format!("http://{url}") };
        let uri: Uri = whole.parse().map_err(|error| format!("invalid proxy address: {error}"))?;
        let https = match uri.scheme_str() {
            Some("http") => false,
            Some("https") => true,
            other => return Err(format!("unsupported proxy scheme {:?}", other.unwrap_or_default())),
        };
        let host = uri.host().unwrap_or_default().trim_matches(['[', ']']).to_owned();
        let port = uri.port_u16().unwrap_or(if https { 443 } else { 80 });
        Ok(Self { https, host, port, authorization: basic_authorization(&uri) })
    }

    /// Whether the proxy itself speaks TLS.
    pub(crate) fn is_https(&self) -> bool {
        self.https
    }

    /// What `Proxy-Authorization` says to this proxy.
    pub(crate) fn authorization(&self) -> Option<&HeaderValue> {
        self.authorization.as_ref()
    }

    /// A connection to the proxy itself; `tls` is for proxies that speak TLS.
    pub(crate) async fn connect(&self, tls: Option<&Connector>) -> Result<Stream, DialError> {
        let failed = |error| DialError(format!("proxyconnect tcp: {error}"));
        let stream = Stream::Tcp(dial::tcp(&self.host, self.port).await.map_err(failed)?);
        match (self.https, tls) {
            (false, _) => Ok(stream),
            (true, Some(tls)) => handshake::connect(stream, &self.host, tls).await.map_err(failed),
            (true, None) => Err(DialError("proxyconnect tcp: no TLS is configured for the proxy".to_owned())),
        }
    }

    /// A connection through the proxy to `host`.
    pub(crate) async fn tunnel(
        &self,
        host: &str,
        port: u16,
        tls: Option<&Connector>,
    ) -> Result<Stream, DialError> {
        let broken =
            |error: std::io::Error| DialError(format!("proxyconnect tcp: {}", handshake::broken(&error)));
        let mut stream = self.connect(tls).await?;
        let host = if host.contains(':') { format!("[{host}]") } else { host.to_owned() };
        let mut request = format!("CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}:{port}\r\n").into_bytes();
        if let Some(authorization) = &self.authorization {
            request.extend_from_slice(b"Proxy-Authorization: ");
            request.extend_from_slice(authorization.as_bytes());
            request.extend_from_slice(b"\r\n");
        }
        request.extend_from_slice(b"\r\n");
        stream.write_all(&request).await.map_err(broken)?;
        stream.flush().await.map_err(broken)?;
        // Byte by byte: what follows the answer belongs to the protocol inside the tunnel.
        let mut answer = Vec::new();
        while !answer.ends_with(b"\r\n\r\n") {
            if answer.len() == MAX_ANSWER {
                return Err(DialError("proxyconnect tcp: answer to CONNECT is too long".to_owned()));
            }
            answer.push(stream.read_u8().await.map_err(broken)?);
        }
        let line =
            String::from_utf8_lossy(answer.split(|b| *b == b'\r').next().unwrap_or_default()).into_owned();
        match line.split_once(' ') {
            Some((version, status)) if version.starts_with("HTTP/1.") && status.starts_with("200") => {
                Ok(stream)
            }
            // As Go: the status without its number.
            Some((_, status)) => {
                Err(DialError(status.trim_start_matches(|c: char| c.is_ascii_digit() || c == ' ').to_owned()))
            }
            None => Err(DialError(format!("malformed HTTP response {line:?}"))),
        }
    }
}

/// `Basic …` from the user in a URL, if it names one.
pub(crate) fn basic_authorization(uri: &Uri) -> Option<HeaderValue> {
    let (user, _) = uri.authority()?.as_str().rsplit_once('@')?;
    let user = if user.contains(':') { user.to_owned() } else { format!("{user}:") };
    let mut value =
        HeaderValue::try_from(format!("Basic {}", base64::encoded(&percent_decoded(&user)))).ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// Bytes from a part of a URL.
pub(crate) fn percent_decoded(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        rest = after;
        let code = after.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        match code.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) if first == b'%' => {
                out.push(byte);
                rest = &after[2..];
            }
            _ => out.push(first),
        }
    }
    out
}

/// The proxies of the environment, by Go's rules (`HTTP_PROXY`, `HTTPS_PROXY`, `NO_PROXY`, upper case first), or the one
/// configured.
#[derive(Clone, Debug, Default)]
pub(crate) struct ProxyRules {
    /// What is wrong with a proxy of the environment is the trouble of requests that would go through it, as in Go.
    http: Option<Result<Proxy, String>>,
    https: Option<Result<Proxy, String>>,
    except: Vec<Exception>,
    /// A configured proxy serves the local host too.
    local_too: bool,
}

impl ProxyRules {
    /// What the environment says.
    pub(crate) fn from_env() -> Self {
        let read = |upper: &str, lower: &str| {
            let set = |name| env::var(name).ok().filter(|value: &String| !value.is_empty());
            set(upper).or_else(|| set(lower))
        };
        Self::of(
            read("HTTP_PROXY", "http_proxy").as_deref(),
            read("HTTPS_PROXY", "https_proxy").as_deref(),
            read("NO_PROXY", "no_proxy").as_deref().unwrap_or_default(),
        )
    }

    /// One proxy for everything.
    pub(crate) fn only(url: &str) -> Result<Self, String> {
        let proxy = Some(Ok(Proxy::parse(url)?));
        Ok(Self { http: proxy.clone(), https: proxy, except: Vec::new(), local_too: true })
    }

    /// No proxy for anything.
    pub(crate) fn none() -> Self {
        Self::of(None, None, "")
    }

    fn of(http: Option<&str>, https: Option<&str>, except: &str) -> Self {
        Self {
            http: http.map(Proxy::parse),
            https: https.map(Proxy::parse),
            except: except.split(',').filter_map(Exception::parse).collect(),
            local_too: false,
        }
    }

    /// The proxy for a host (a name, or an address without brackets); `None` if it is reached directly.
    pub(crate) fn proxy(&self, https: bool, host: &str, port: u16) -> Result<Option<Proxy>, String> {
        let Some(proxy) = (if https { &self.https } else { &self.http }) else { return Ok(None) };
        let host = host.trim_end_matches('.').to_ascii_lowercase();
        let ip: Option<IpAddr> = host.parse().ok();
        let local = host.is_empty() || host == "localhost" || ip.is_some_and(|ip| ip.is_loopback());
        let direct = local || self.except.iter().any(|e| e.covers(&host, ip, port));
        if direct && !self.local_too { Ok(None) } else { proxy.clone().map(Some) }
    }
}

/// One entry of `NO_PROXY`.
#[derive(Clone, Debug)]
enum Exception {
    All,
    /// An address and how many of its bits count.
    Net(IpAddr, u32),
    Ip(IpAddr, Option<u16>),
    Name {
        name: String,
        /// `.example.com` is about what lies below only.
        below_only: bool,
        port: Option<u16>,
    },
}

impl Exception {
    fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_ascii_lowercase();
        if text.is_empty() {
            return None;
        }
        if text == "*" {
            return Some(Self::All);
        }
        if let Some((ip, bits)) = text.split_once('/')
            && let (Ok(ip), Ok(bits)) = (ip.parse::<IpAddr>(), bits.parse())
        {
            return Some(Self::Net(ip, bits));
        }
        if let Ok(ip) = text.trim_matches(['[', ']']).parse() {
            return Some(Self::Ip(ip, None));
        }
        let (host, port) = match text.rsplit_once(':') {
            Some((host, port)) if port.parse::<u16>().is_ok() => (host, port.parse().ok()),
            _ => (text.as_str(), None),
        };
        if let Ok(ip) = host.trim_matches(['[', ']']).parse() {
            return Some(Self::Ip(ip, port));
        }
        let host = host.strip_prefix('*').filter(|rest| rest.starts_with('.')).unwrap_or(host);
        let name = host.strip_prefix('.');
        Some(Self::Name { name: name.unwrap_or(host).to_owned(), below_only: name.is_some(), port })
    }

    fn covers(&self, host: &str, host_ip: Option<IpAddr>, host_port: u16) -> bool {
        match self {
            Self::All => true,
            Self::Net(net, bits) => host_ip.is_some_and(|ip| same_bits(ip, *net, *bits)),
            Self::Ip(ip, port) => host_ip == Some(*ip) && port.is_none_or(|port| port == host_port),
            Self::Name { name, below_only, port } => {
                let below = host.strip_suffix(name.as_str()).is_some_and(|rest| rest.ends_with('.'));
                (below || (!below_only && host == name)) && port.is_none_or(|port| port == host_port)
            }
        }
    }
}

fn same_bits(a: IpAddr, b: IpAddr, bits: u32) -> bool {
    match (a, b) {
        (IpAddr::V4(a), IpAddr::V4(b)) => (a.to_bits() ^ b.to_bits()).leading_zeros() >= bits.min(32),
        (IpAddr::V6(a), IpAddr::V6(b)) => (a.to_bits() ^ b.to_bits()).leading_zeros() >= bits.min(128),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exceptions_by_gos_rules() {
        let of = |except| ProxyRules::of(Some("p:3128"), Some("http://q"), except);
        let direct = |except, host, port| of(except).proxy(false, host, port).unwrap().is_none();
        for (except, host, port, proxied) in [
            ("", "a.example", 80, true),
            ("", "localhost", 80, false),
            ("", "127.0.0.9", 80, false),
            ("", "::1", 80, false),
            ("*", "a.example", 80, false),
            ("example", "example", 80, false),
            ("example", "a.example", 80, false),
            ("example", "anexample", 80, true),
            (".example", "example", 80, true),
            ("*.example", "a.example", 80, false),
            ("x, A.Example:81", "a.example", 81, false),
            ("a.example:81", "a.example", 80, true),
            ("10.0.0.0/8", "10.1.2.3", 80, false),
            ("10.0.0.0/8", "11.1.2.3", 80, true),
            ("2001:db8::/32", "2001:db8::1", 80, false),
            ("10.0.0.1:81", "10.0.0.1", 81, false),
            ("10.0.0.1:81", "10.0.0.1", 80, true),
        ] {
            assert_eq!(!direct(except, host, port), proxied, "{except} {host}:{port}");
        }
        assert_eq!(of("").proxy(false, "a", 1), Ok(Some(Proxy::parse("http://p:3128").unwrap())));
        assert_eq!(of("").proxy(true, "a", 1), Ok(Some(Proxy::parse("http://q:80").unwrap())));
        assert!(ProxyRules::only("p:1").unwrap().proxy(true, "localhost", 1).unwrap().is_some());
    }

    #[test]
    fn passwords_do_not_show() {
        let proxy = Proxy::parse("http://user:se%40cret@p:1").unwrap();
        assert_eq!(proxy.authorization.as_ref().unwrap(), "Basic dXNlcjpzZUBjcmV0");
        assert_eq!(format!("{proxy:?}"), "Proxy(p:1)");
        let error = Proxy::parse("socks5://user:secret@p:1").unwrap_err();
        assert_eq!(error, "unsupported proxy scheme \"socks5\"");
    }
}
